"""Ready-made replies: choose one for a request, and keep the centre's and one's own."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk import macro_acts, placeholders
from contactcenter.desk.forms import MacroForm
from contactcenter.desk.listing import Asked
from contactcenter.desk.seen import visible
from contactcenter.desk.tags import tags
from contactcenter.desk.ticket_routes import back, carry_out
from contactcenter.desk.topics import topic_names
from contactcenter.desk.words import speak
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.languages import NAMES
from contactcenter.replies import macro_actions
from contactcenter.replies.macro_queries import matching, usable_by
from contactcenter.replies.models import Macro
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

blueprint = Blueprint("macros", __name__)
speak(blueprint)

MOST_SHOWN = 30


@blueprint.get("/tickets/<reference>/macros")
@requires(Permission.WORK_TICKETS)
def choose_macro(reference: str) -> ResponseReturnValue:
    """Every ready-made reply as it would read for this request."""
    ticket, words = visible(reference), request.args.get("words", "").strip()[:100]
    found = db.session.scalars(matching(g.person, words).limit(MOST_SHOWN)).all()
    previews = [(m, placeholders.filled(m, ticket, g.person, g.centre.name)) for m in found]
    return render_template(
        "desk/choose_macro.html",
        ticket=ticket,
        words=words,
        previews=previews,
        refusal=placeholders.refusal,
        topics=topic_names(),
        all_tags=tags(),
    )


@blueprint.post("/tickets/<reference>/macros/<int:macro_id>/acts")
@requires(Permission.WORK_TICKETS)
def create_acts(reference: str, macro_id: int) -> ResponseReturnValue:
    """Do what a ready-made reply does, and send nothing."""
    return carry_out_acts(tickets.lock(reference, person=g.person), _macro(macro_id))


@blueprint.post("/tickets/<reference>/macros/<int:macro_id>/acts/recall")
@requires(Permission.WORK_TICKETS)
def create_acts_recall(reference: str, macro_id: int) -> ResponseReturnValue:
    """Put back what it changed, as the address of the way back says."""
    ticket, macro = tickets.lock(reference, person=g.person), _macro(macro_id)
    sent = request.args.items()
    before = {name[4:]: was for name, was in sent if name.startswith("was_")}
    if macro_acts.undo(macro, ticket, before, by=g.person):
        flash(_("Annulé : la demande est comme avant."))
    else:
        flash(_("La demande a changé entre-temps : rien n’est annulé."), "error")
    return back(reference)


def carry_out_acts(ticket: Ticket, macro: Macro) -> ResponseReturnValue:
    before = macro_acts.changing(macro, ticket)
    if not before:
        flash(_("« %(name)s » ne change rien ici : tout y est déjà.", name=macro.name))
        return back(ticket.reference)
    return carry_out(
        ticket,
        lambda: macro_acts.do(macro, ticket, by=g.person),
        _acts_words(ticket, macro, before),
        is_done=macro.then is not None,
    )


def _acts_words(ticket: Ticket, macro: Macro, before: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, Any] = {f"was_{name}": was for name, was in before.items()}
    found |= {"reference": ticket.reference, "macro_id": macro.id} | Asked.from_address().kept
    undo = url_for("macros.create_acts_recall", **found)
    return {"text": _("« %(name)s » est faite, rien n’est parti.", name=macro.name), "undo": undo}


@blueprint.get("/macros")
@requires(Permission.WORK_TICKETS)
def list_macros() -> ResponseReturnValue:
    macros = db.session.scalars(usable_by(g.person)).all()
    return render_template(
        "desk/macros.html", macros=macros, tongues=NAMES, topics=topic_names(), all_tags=tags()
    )


@blueprint.get("/macros/new")
@requires(Permission.WORK_TICKETS)
def show_new_macro() -> ResponseReturnValue:
    return _form_page(MacroForm(formdata=None).offering(tags()), None)


@blueprint.post("/macros")
@requires(Permission.WORK_TICKETS)
def create_macro() -> ResponseReturnValue:
    return _keep(None)


@blueprint.get("/macros/<int:macro_id>")
@requires(Permission.WORK_TICKETS)
def show_macro(macro_id: int) -> ResponseReturnValue:
    macro = _macro(macro_id)
    return _form_page(MacroForm.of(macro).offering(tags()), macro)


@blueprint.post("/macros/<int:macro_id>")
@requires(Permission.WORK_TICKETS)
def update_macro(macro_id: int) -> ResponseReturnValue:
    return _keep(_macro(macro_id))


@blueprint.post("/macros/<int:macro_id>/retirement")
@requires(Permission.WORK_TICKETS)
def create_retirement(macro_id: int) -> ResponseReturnValue:
    macro = _macro(macro_id)
    macro_actions.retire(macro, by=g.person)
    flash(_("« %(name)s » n’est plus proposée.", name=macro.name))
    return redirect(url_for("macros.list_macros"), 303)


def _macro(macro_id: int) -> Macro:
    macro = db.session.scalar(usable_by(g.person).where(Macro.id == macro_id))
    if macro is None:
        raise NotFound(_("Cette réponse type n’existe pas, ou n’est pas à vous."))
    return macro


def _keep(macro: Macro | None) -> ResponseReturnValue:
    """Write it, or show the form again with what is to correct beside its field."""
    form = MacroForm().offering(tags())
    if not form.validate():
        return _form_page(form, macro), 422
    try:
        with db.session.begin_nested():
            kept = macro_actions.keep(macro, by=g.person, **form.values())
    except Invalid as wrong:
        form[wrong.field or "name"].errors = [str(wrong)]
        return _form_page(form, macro), 422
    except Conflict as same:
        form.name.errors = [str(same)]
        return _form_page(form, macro), 422
    flash(_("« %(name)s » est gardée.", name=kept.name))
    return redirect(url_for("macros.list_macros"), 303)


def _form_page(form: MacroForm, macro: Macro | None) -> Any:
    return render_template(
        "desk/macro.html",
        form=form,
        macro=macro,
        tongues=NAMES,
        meanings=placeholders.MEANINGS,
        topics=topic_names(),
        may_share=macro_actions.may_share(g.person),
    )
