"""Letters at the desk: one that came is entered, one that leaves is printed."""

import secrets

from flask import Blueprint, flash, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.accounts.queries import site_ids
from contactcenter.attachments.actions import Upload
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.intake.letter import actions
from contactcenter.intake.letter.actions import Letter
from contactcenter.intake.letter.forms import LetterForm
from contactcenter.intake.letter.queries import active_topics, letter_of
from contactcenter.languages import language
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Notice, NoticeState
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import visible_to

blueprint = Blueprint("letter", __name__)


@blueprint.get("/letters/new")
@requires(Permission.WORK_TICKETS)
def show_form() -> ResponseReturnValue:
    form = _with_topics(LetterForm(formdata=None))
    form.token.data = secrets.token_urlsafe(16)
    form.language.data = g.centre.languages[0]
    return render_template("intake/letter/new.html", form=form)


@blueprint.post("/letters")
@requires(Permission.WORK_TICKETS)
def create_letter() -> ResponseReturnValue:
    form = _with_topics(LetterForm())
    if form.validate():
        try:
            with db.session.begin_nested():
                ticket = actions.enter(_read(form), by=g.person)
        except Invalid as problem:
            _mark(form, problem)
        else:
            flash(_("Lettre entrée : demande %(reference)s.", reference=ticket.reference))
            return redirect(f"/tickets/{ticket.reference}", 303)
    return render_template("intake/letter/new.html", form=form), 422


@blueprint.get("/tickets/<reference>/letters/<int:notice_id>")
@requires(Permission.WORK_TICKETS)
def show_letter(reference: str, notice_id: int) -> ResponseReturnValue:
    """The sheet to print: the whole letter, in the citizen's language."""
    ticket = _visible(reference)
    notice = _letter(ticket, notice_id)
    writer = db.session.get(Citizen, (ticket.centre_id, notice.citizen_id or 0))
    with force_locale(notice.language):
        return render_template(
            "intake/letter/letter.html", ticket=ticket, notice=notice, citizen=writer
        )


@blueprint.post("/tickets/<reference>/letters/<int:notice_id>/posting")
@requires(Permission.WORK_TICKETS)
def create_posting(reference: str, notice_id: int) -> ResponseReturnValue:
    """An agent says that the letter was printed and posted."""
    ticket = tickets.lock(reference, person=g.person)
    notice = _letter(ticket, notice_id)
    if notice.state is not NoticeState.PENDING:
        raise Conflict(_("Cette lettre a déjà été notée comme postée."))
    notices.sent(notice)
    flash(_("Lettre notée comme postée."))
    return redirect(f"/tickets/{reference}", 303)


def _with_topics(form: LetterForm) -> LetterForm:
    spoken = language()
    topics = db.session.scalars(active_topics(g.person.centre_id))
    listed = sorted((topic.label_in(spoken), str(topic.id)) for topic in topics)
    unknown = SelectChoice("", _("À trouver au tri"))
    form.topic.choices = [unknown, *(SelectChoice(id_, label) for label, id_ in listed)]
    return form


def _read(form: LetterForm) -> Letter:
    scan = form.scan.data
    return Letter(
        token=(form.token.data or secrets.token_urlsafe(16))[:64],
        received_on=form.received_on.data,
        subject=form.subject.data,
        text=form.text.data,
        language=form.language.data,
        name=form.citizen_name.data or "",
        address=form.citizen_address.data or "",
        phone=form.citizen_phone.data or "",
        email=(form.citizen_email.data or "").strip(),
        topic_id=_topic(form),
        site_id=db.session.scalar(site_ids(g.person).limit(1)),
        scan=Upload(scan.filename, scan.read()) if scan and scan.filename else None,
    )


def _topic(form: LetterForm) -> int | None:
    """The one chosen in the list, else the one chosen among those suggested while typing."""
    offered = {choice.value for choice in form.topic.choices or ()}
    chosen = form.topic.data or form.suggested_topic.data or ""
    return int(chosen) if chosen and chosen in offered else None


def _mark(form: LetterForm, problem: Invalid) -> None:
    """Put what was wrong beside its field."""
    place = {"files": form.scan, "subject": form.subject}.get(problem.field or "", form.text)
    place.errors = [str(problem)]


def _visible(reference: str) -> Ticket:
    ticket: Ticket | None = db.session.scalar(
        visible_to(g.person).where(Ticket.reference == reference)
    )
    if ticket is None:
        raise NotFound(_("Cette demande n’existe pas, ou n’est pas à vous."))
    return ticket


def _letter(ticket: Ticket, notice_id: int) -> Notice:
    notice: Notice | None = db.session.scalar(letter_of(ticket, notice_id))
    if notice is None:
        raise NotFound(_("Cette lettre n’est pas dans la demande."))
    return notice
