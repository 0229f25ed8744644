"""One request: its page, and what an agent does with it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.desk import records, ticket_page, writing
from contactcenter.desk.forms import NoteForm, ReadingForm, ReplyForm
from contactcenter.desk.listing import Asked
from contactcenter.desk.playing import progress
from contactcenter.desk.routes import list_pane
from contactcenter.desk.seen import topic_of, visible_or_none
from contactcenter.desk.tags import on_tickets, tags
from contactcenter.desk.telling import told
from contactcenter.desk.words import speak
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import actions as questions
from contactcenter.escalation.words import REFUSALS
from contactcenter.fields import whole_number
from contactcenter.languages import NAMES
from contactcenter.notices.models import NoticeState
from contactcenter.notices.queries import last_fate
from contactcenter.replies.models import Kind
from contactcenter.replies.ways import Way, mail_address, way_of_reply
from contactcenter.teamwork.queries import snooze_of
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.messages import LONGEST_TEXT
from contactcenter.tickets.models import Priority, Ticket
from contactcenter.tickets.queries import known_to
from contactcenter.triage import actions as triage
from contactcenter.triage.models import Field

blueprint = Blueprint("ticket", __name__)
speak(blueprint)


@blueprint.get("/tickets/<reference>")
@requires(Permission.WORK_TICKETS)
def show_ticket(reference: str) -> ResponseReturnValue:
    ticket = visible_or_none(reference)
    if ticket is None:
        return _known_only(reference, ReadingForm())
    if ticket.merged_into is not None:
        return _lead_on(ticket)
    if request.headers.get("HX-Request"):
        return render_template("desk/_ticket.html", **_shown(ticket))
    return page_of(ticket)


@blueprint.post("/tickets/<reference>/readings")
@requires(Permission.WORK_TICKETS)
def create_reading(reference: str) -> ResponseReturnValue:
    """Open content beyond one's own sites and queues; the reason is kept."""
    ticket, form = _known(reference), ReadingForm()
    try:
        tickets.read_with_reason(ticket, form.reason.data or "", by=g.person)
    except Invalid as problem:
        form.reason.errors = [str(problem)]
        return _known_only(reference, form, status=422)
    return back(reference)


@blueprint.post("/tickets/<reference>/assignee")
@requires(Permission.WORK_TICKETS)
def update_assignee(reference: str) -> ResponseReturnValue:
    """Take it, hand it to a colleague of its queue or site, or put it back for everyone."""
    ticket = tickets.lock(reference, person=g.person)
    chosen = request.form.get("person", "")
    to = g.person if chosen == "me" else _colleague(ticket, chosen)
    tickets.assign(ticket, to, by=g.person)
    flash(_("À votre nom.") if to is g.person else _assigned_words(to))
    return back(reference) if to is g.person else onward(reference)


@blueprint.post("/tickets/<reference>/waiting")
@requires(Permission.WORK_TICKETS)
def create_waiting(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    return carry_out(
        ticket,
        lambda: tickets.await_citizen(ticket, by=g.person),
        _("La demande attend l’usager. Son prochain message la rouvre."),
    )


@blueprint.post("/tickets/<reference>/resolution")
@requires(Permission.WORK_TICKETS)
def create_resolution(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    return carry_out(
        ticket,
        lambda: tickets.resolve(ticket, by=g.person),
        finish_undoable(ticket, _("Terminée.")),
    )


@blueprint.post("/tickets/<reference>/reopening")
@requires(Permission.WORK_TICKETS)
def create_reopening(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    reason = request.form.get("reason", "").strip()[:500] or None
    ended_at = ticket.resolved_at if "undo" in request.args else None

    def reopen() -> None:
        tickets.reopen(ticket, by=g.person, reason=reason)
        if ended_at is not None:
            questions.put_again(ticket, ended_at=ended_at, by=g.person)

    return carry_out(ticket, reopen, _("Rouverte."), is_done=False)


@blueprint.post("/tickets/<reference>/closing")
@requires(Permission.WORK_TICKETS)
def create_closing(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    return carry_out(
        ticket, lambda: tickets.close(ticket, by=g.person), undoable(ticket, _("Close."))
    )


@blueprint.post("/tickets/<reference>/triage")
@requires(Permission.WORK_TICKETS)
def update_triage(reference: str) -> ResponseReturnValue:
    """Correct what was proposed, all four fields in one action; what is equal stays."""
    ticket = tickets.lock(reference, person=g.person)
    try:
        with db.session.begin_nested():
            sent = {field: request.form[field] for field in Field if field in request.form}
            triage.correct_fields(ticket, sent, by=g.person)
    except Invalid as problem:
        return page_of(ticket, problem=str(problem)), 422
    flash(_("Tri corrigé, la correction est gardée."))
    return back(reference)


def _lead_on(ticket: Ticket) -> ResponseReturnValue:
    """To the request in which this one goes on."""
    kept = tickets.survivor(ticket).reference
    if "HX-Request" not in request.headers:  # a part of a page has no place to say so
        flash(
            _(
                "La demande %(merged)s a été réunie à celle-ci, %(kept)s.",
                merged=ticket.reference,
                kept=kept,
            )
        )
    shown = Asked.from_address().kept
    return redirect(url_for("ticket.show_ticket", reference=kept, **shown), 303)


def page_of(ticket: Ticket, **shown: Any) -> str:
    return render_template("desk/ticket.html", **list_pane() | _shown(ticket, **shown))


def _shown(
    ticket: Ticket,
    *,
    reply: ReplyForm | None = None,
    note: NoteForm | None = None,
    problem: str = "",
    meanwhile: object = None,
) -> dict[str, Any]:
    """What the request's own pane needs; a form given back keeps what was typed."""
    said = request.args.get("said", 0, type=whole_number)
    page = ticket_page.gather(ticket, g.person, said)
    return {
        "shown": page,
        "meanwhile": meanwhile,
        "problem": problem,
        **_place(ticket),
        **_forms(ticket, page, reply, note),
        **_offered(ticket, page),
        **_ways(ticket, page),
        **upload_limits(),
    }


def _place(ticket: Ticket) -> dict[str, Any]:
    """The list beside it, which every link and form keeps, and how far one is in it."""
    asked = Asked.from_address()
    return {
        "asked": asked,
        "at": partial(url_for, reference=ticket.reference, **asked.kept),
        "play": progress(asked),
    }


def _forms(
    ticket: Ticket, page: ticket_page.TicketPage, reply: ReplyForm | None, note: NoteForm | None
) -> dict[str, Any]:
    """The two places to write in, each with what is typed there and what its writer has seen."""
    around = writing.gather(ticket, g.person)
    writes_note = note is not None or request.args.get("write") == "note"
    if reply is None:
        reply = ReplyForm(formdata=None, text=around.text(Kind.REPLY))
    reply.seen.data = around.seen(page.last_said, g.person)
    note = note or NoteForm(formdata=None, text=around.text(Kind.NOTE))
    note.seen.data = str(page.last_written)
    return {
        "reply": reply,
        "note": note,
        "writes_note": writes_note,
        "writing": around,
        "leaves_in": writing.leaves_in,
        "longest_text": LONGEST_TEXT,
    }


def _offered(ticket: Ticket, page: ticket_page.TicketPage) -> dict[str, Any]:
    """What may be chosen for it."""
    return {
        "colleagues": db.session.scalars(records.colleagues(ticket)).all(),
        "topics": page.topics,
        "all_tags": tags(),
        "tags_here": on_tickets([ticket.id]).get(ticket.id, []),
        "priorities": Priority,
        "tongues": NAMES,
    }


def _ways(ticket: Ticket, page: ticket_page.TicketPage) -> dict[str, Any]:
    """By what way an answer leaves, who is asked besides, and until when it is put away."""
    way = way_of_reply(ticket, page.citizen)
    citizen = page.citizen if way is Way.EMAIL else None
    address = mail_address(ticket, citizen) if citizen else None
    return {
        "way": way,
        "address": address,
        "address_fails": address is not None and _fails(address),
        "experts": page.experts,
        "refusal_words": REFUSALS,
        "shown_snooze": db.session.scalar(snooze_of(ticket)),
        "told_of": told,
    }


def _fails(address: str) -> bool:
    return db.session.scalar(last_fate(address, clock.now())) is NoticeState.FAILED


def upload_limits() -> dict[str, int]:
    settings = current_app.config["SETTINGS"]
    return {
        "most_files": settings.attachment_max_count,
        "most_megabytes": settings.attachment_max_bytes // 2**20,
    }


def carry_out(
    ticket: Ticket,
    act: Callable[[], None],
    said: Any,
    *,
    reply: ReplyForm | None = None,
    is_done: bool = True,
) -> ResponseReturnValue:
    """Do all of it or none; if someone was faster, show what is now, with what was typed."""
    try:
        with db.session.begin_nested():
            act()
    except Conflict as problem:
        return page_of(ticket, reply=reply, problem=str(problem)), 409
    flash(said)
    return onward(ticket.reference) if is_done else back(ticket.reference)


def onward(reference: str) -> ResponseReturnValue:
    """After the last move on a request: the next of the list, for who works it off in one go."""
    asked = Asked.from_address()
    if asked.turn:
        return redirect(url_for("desk.show_next", **asked.kept), 303)
    return back(reference)


def back(reference: str, **shown: Any) -> ResponseReturnValue:
    """To the request again, or to the list once it belongs to others."""
    kept = Asked.from_address().kept
    if visible_or_none(reference) is None:
        flash(
            _("La demande %(reference)s est maintenant dans une autre file.", reference=reference)
        )
        return redirect(url_for("desk.list_tickets", **kept), 303)
    return redirect(url_for("ticket.show_ticket", reference=reference, **shown, **kept), 303)


def _known(reference: str) -> Ticket:
    ticket: Ticket | None = db.session.scalar(
        known_to(g.person).where(Ticket.reference == reference)
    )
    if ticket is None:
        raise NotFound(_("Aucune demande ne porte ce numéro."))
    return ticket


def _known_only(reference: str, form: ReadingForm, status: int = 403) -> ResponseReturnValue:
    """Reference, topic, status and dates, and the way to the rest: a reason."""
    ticket = _known(reference)
    topic = topic_of(ticket)
    page = render_template("desk/known.html", ticket=ticket, topic=topic, form=form)
    return page, status


def finish_undoable(ticket: Ticket, words: str) -> dict[str, str]:
    """As `undoable`; what the end withdrew from experts comes back with it."""
    return undoable(ticket, words, undo="end")


def undoable(ticket: Ticket, words: str, **more: str) -> dict[str, str]:
    kept = Asked.from_address().kept | more
    way_back = url_for("ticket.create_reopening", reference=ticket.reference, **kept)
    return {"text": words, "undo": way_back, "undo_word": _("Rouvrir")}


def _colleague(ticket: Ticket, chosen: str) -> Person | None:
    if not chosen:
        return None
    for person in db.session.scalars(records.colleagues(ticket)):
        if str(person.id) == chosen:
            return person
    raise Invalid(_("Choisissez une personne de la liste."), "person")


def _assigned_words(to: Person | None) -> str:
    if to is None:
        return str(_("Rendue à l’équipe : elle n’a plus personne."))
    return str(_("Confiée à %(name)s.", name=to.name))
