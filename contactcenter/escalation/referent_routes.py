"""The experts' side: what was asked of one's organisation, one question, its papers, its answer."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.attachments.downloads import as_download
from contactcenter.citizens.words import IDENTIFIERS, SHAREABLE
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.escalation import (
    actions,
    direct,
    drawn,
    handing,
    listing,
    readings,
    words,
)
from contactcenter.escalation.forms import (
    CITIZEN,
    AnswerForm,
    HandingForm,
    InvitationForm,
    NoteForm,
    PrecisionForm,
    RefusalForm,
    SideForm,
)
from contactcenter.escalation.list_queries import Narrowing, inbox
from contactcenter.escalation.models import Referral, Side
from contactcenter.escalation.queries import visible_to
from contactcenter.escalation.question import question_of
from contactcenter.escalation.routing import NOT_FOR_US
from contactcenter.fields import whole_number
from contactcenter.languages import language
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus
from contactcenter.replies.models import HeldReply

blueprint = Blueprint("referrals", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "refusal_words": words.REFUSALS,
        "mandate_words": words.MANDATES,
        "identifier_words": IDENTIFIERS,
        "detail_words": SHAREABLE,
    }


NOTHING_SHOWN: Mapping[int, str] = {}
REPLIES: dict[str, type[FlaskForm]] = {
    "answer": AnswerForm,
    "precision": PrecisionForm,
    "refusal": RefusalForm,
    "note": NoteForm,
    "side": SideForm,
    "invitation": InvitationForm,
    "handing": HandingForm,
}


@blueprint.get("/referrals")
@requires(Permission.ANSWER_REFERRALS)
def list_referrals() -> ResponseReturnValue:
    template = "escalation/_list.html" if _is_fragment() else "escalation/list.html"
    return render_template(
        template, current=request.args.get("open", type=whole_number), **listing.pane(g.person)
    )


@blueprint.get("/referrals/most-pressing")
@requires(Permission.ANSWER_REFERRALS)
def show_most_pressing() -> ResponseReturnValue:
    """The first of the list as it is now: the list renews itself, a link beside it does not."""
    asked = Narrowing.parse(request.args)
    first = db.session.scalar(inbox(g.person, asked).limit(1))
    return listing.back_to(first.id if first else None)


@blueprint.get("/referrals/<int:referral_id>")
@requires(Permission.ANSWER_REFERRALS)
def show_referral(referral_id: int) -> ResponseReturnValue:
    referral = seen(referral_id)
    readings.read(referral, by=g.person)
    return question_page(referral, _reply_form())


@blueprint.get("/referrals/<int:referral_id>/papers/<int:attachment_id>")
@requires(Permission.ANSWER_REFERRALS)
def show_paper(referral_id: int, attachment_id: int) -> ResponseReturnValue:
    return as_download(readings.read_paper(seen(referral_id), attachment_id, by=g.person))


@blueprint.post("/referrals/<int:referral_id>/taking")
@requires(Permission.ANSWER_REFERRALS)
def create_taking(referral_id: int) -> ResponseReturnValue:
    actions.take(actions.lock(referral_id, person=g.person), by=g.person)
    return listing.back_to(referral_id)


@blueprint.post("/referrals/<int:referral_id>/answers")
@requires(Permission.ANSWER_REFERRALS)
def create_answer(referral_id: int) -> ResponseReturnValue:
    form = AnswerForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    if form.to.data == CITIZEN:
        leaving = direct.answer_citizen(
            referral,
            form.text.data,
            by=g.person,
            then=form.then_what,
            standard_procedure=bool(form.standard_procedure.data),
        )
        flash(_leaving_words(referral, leaving))
        return listing.back_to()
    actions.answer(
        referral,
        form.text.data,
        by=g.person,
        standard_procedure=bool(form.standard_procedure.data),
    )
    flash(_("Réponse envoyée à l’agent."))
    return listing.back_to()


@blueprint.post("/referrals/<int:referral_id>/precision-requests")
@requires(Permission.ANSWER_REFERRALS)
def create_precision_request(referral_id: int) -> ResponseReturnValue:
    form = PrecisionForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    actions.ask_back(referral, form.text.data, by=g.person)
    flash(_("Précision demandée : votre temps est arrêté."))
    return listing.back_to(referral_id)


@blueprint.post("/referrals/<int:referral_id>/refusal")
@requires(Permission.ANSWER_REFERRALS)
def create_refusal(referral_id: int) -> ResponseReturnValue:
    form = RefusalForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    actions.refuse(referral, form.refusal, form.text.data, by=g.person)
    if form.refusal in NOT_FOR_US:
        flash(_("C’est noté : la question va à l’équipe suivante, sinon elle revient à l’agent."))
    else:
        flash(_("Question rendue à l’agent, avec votre raison."))
    return listing.back_to()


@blueprint.post("/referrals/<int:referral_id>/articles")
@requires(Permission.ANSWER_REFERRALS)
def create_article(referral_id: int) -> ResponseReturnValue:
    """A draft from one's own answer, shared with the centre."""
    referral = actions.lock(referral_id, person=g.person)
    article = drawn.article_of(referral, language(), by=g.person)
    flash(_("Brouillon prêt : réécrivez la question pour tous, puis publiez-le."))
    return redirect(
        url_for("knowledge.show_words", article_id=article.id, language=article.language), 303
    )


@blueprint.post("/referrals/<int:referral_id>/notes")
@requires(Permission.ANSWER_REFERRALS)
def create_note(referral_id: int) -> ResponseReturnValue:
    """For one's own organisation only."""
    form = NoteForm()
    referral = actions.lock(referral_id, person=g.person)
    if not form.validate_on_submit():
        return question_page(referral, form), 422
    actions.note(referral, form.text.data, side=Side.REFERENT, by=g.person)
    return listing.back_to(referral_id)


@blueprint.post("/referrals/availability")
@requires(Permission.ANSWER_REFERRALS)
def update_availability() -> ResponseReturnValue:
    """Say whether one answers live now."""
    is_ready = request.form.get("status") == ChosenStatus.READY
    presence.choose(g.person, ChosenStatus.READY if is_ready else ChosenStatus.OFFLINE)
    return listing.back_to()


def _leaving_words(referral: Referral, leaving: HeldReply) -> Any:
    seconds = round((leaving.leaves_at - leaving.written_at).total_seconds())
    return {
        "text": ngettext(
            "La réponse part à la personne dans %(num)d seconde.",
            "La réponse part à la personne dans %(num)d secondes.",
            seconds,
        ),
        "undo": url_for("referrals.create_recall", referral_id=referral.id, held_id=leaving.id),
        "undo_word": _("Annuler l’envoi"),
        "seconds": seconds,
    }


def seen(referral_id: int) -> Referral:
    referral = db.session.scalar(visible_to(g.person).where(Referral.id == referral_id))
    if referral is None:
        raise NotFound(_("Cette question n’existe pas, ou n’est pas à vous."))
    return referral


def _reply_form() -> FlaskForm:
    return REPLIES.get(request.args.get("reply", ""), AnswerForm)(formdata=None)


def question_page(
    referral: Referral,
    form: FlaskForm,
    *,
    numbers: Mapping[int, str] = NOTHING_SHOWN,
    number_problem: str = "",
) -> str:
    """The question with its list; `numbers` are identifiers that are shown whole this once."""
    if isinstance(form, AnswerForm) and referral.may_tell_citizen:
        form.text.label.text = _("Votre réponse")
    if isinstance(form, HandingForm):
        others = handing.colleagues(referral)
        form.offer([each for each in others if each.person.id != referral.taken_by])
    shown = {
        "asked": Narrowing.parse(request.args),
        "question": question_of(referral),
        "form": form,
        "numbers": numbers,
        "number_problem": number_problem,
        "reply": next(kind for kind, each in REPLIES.items() if isinstance(form, each)),
    }
    if _is_fragment():
        return render_template("escalation/_question.html", **shown)
    return render_template(
        "escalation/question.html", current=referral.id, **listing.pane(g.person) | shown
    )


def _is_fragment() -> bool:
    return request.headers.get("HX-Request") == "true"
