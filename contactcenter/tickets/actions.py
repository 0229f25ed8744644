"""The verbs of a ticket. Each one changes state and announces what happened."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db, keep, write
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.events import announce
from contactcenter.languages import zone
from contactcenter.tickets import messages, search
from contactcenter.tickets.events import (
    CitizenAwaited,
    CitizenWrote,
    NoteWritten,
    RecordWritten,
    ReplyWritten,
    TicketAssigned,
    TicketClosed,
    TicketCorrected,
    TicketOpened,
    TicketRead,
    TicketReopened,
    TicketResolved,
    TicketTriaged,
)
from contactcenter.tickets.models import (
    Channel,
    Interaction,
    Message,
    MessageKind,
    Priority,
    Reading,
    Status,
    Ticket,
)
from contactcenter.tickets.queries import visible_to
from contactcenter.tickets.references import hash_code, next_reference

LONGEST_SUBJECT = 200

ALLOWED: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.OPEN}),
    Status.OPEN: frozenset({Status.WAITING_ON_CITIZEN, Status.RESOLVED}),
    Status.WAITING_ON_CITIZEN: frozenset({Status.OPEN, Status.RESOLVED}),
    Status.RESOLVED: frozenset({Status.OPEN, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.OPEN}),
}


class TransitionRefused(Conflict):
    def __init__(self, ticket: Ticket) -> None:
        super().__init__(
            _("La demande %(reference)s a changé entre-temps.", reference=ticket.reference)
        )


class Merged(Conflict):
    """Nothing more is done with a ticket that goes on in another one."""

    def __init__(self, ticket: Ticket) -> None:
        kept = survivor(ticket).reference
        super().__init__(
            _(
                "La demande %(merged)s a été réunie à %(kept)s : continuez là.",
                merged=ticket.reference,
                kept=kept,
            )
        )


class Placed(TypedDict, total=False):
    """Where a new ticket stands and whose it is, once that is known."""

    topic_id: int | None
    queue_id: int | None
    site_id: int | None
    citizen_id: int | None
    is_rehearsal: bool


def open_ticket(
    subject: str,
    *,
    channel: Channel,
    language: str,
    text: str = "",
    interaction: Interaction | None = None,
    by: Person | None = None,
    follow_up_code: str | None = None,
    quoted: str = "",
    mail_id: str | None = None,
    said_before: str = "",
    **placed: Unpack[Placed],
) -> Ticket:
    """A new ticket, with the citizen's first words if there are any.

    `interaction` may be one that is not kept yet: it then is, with the ticket.
    `said_before` are words that another ticket holds and that will move here: triage reads them.
    """
    ticket = _new(subject, channel, language, follow_up_code, placed)
    if interaction:
        interaction.ticket_id = ticket.id
        if interaction.id is None:
            keep(interaction)
    ticket.first_words = text or said_before
    if text.strip():
        said = messages.columns_of(
            ticket,
            MessageKind.CITIZEN,
            text,
            interaction=interaction,
            quoted=quoted,
            mail_id=mail_id,
        )
        write(Message, **said)
    words = f"{ticket.reference} {ticket.subject}\n{ticket.first_words}"
    search.index(ticket.id, words, language)
    announce(TicketOpened(ticket_id=ticket.id, person_id=by.id if by else None))
    return ticket


def _new(
    subject: str, channel: Channel, language: str, follow_up_code: str | None, placed: Placed
) -> Ticket:
    now = clock.now()
    ticket = Ticket(
        reference=next_reference(now, zone()),
        subject=_bounded(subject.strip() or _("Sans objet"), LONGEST_SUBJECT),
        channel=channel,
        language=language,
        opened_at=now,
        updated_at=now,
        follow_up_hash=hash_code(follow_up_code) if follow_up_code else None,
        **placed,
    )
    keep(ticket)
    return ticket


def hear(
    ticket: Ticket,
    text: str,
    *,
    interaction: Interaction | None = None,
    quoted: str = "",
    mail_id: str | None = None,
) -> Message:
    """Add the citizen's own words; a ticket that was waiting for them, or finished, opens again."""
    message = _write(
        ticket, MessageKind.CITIZEN, text, interaction=interaction, quoted=quoted, mail_id=mail_id
    )
    announce(CitizenWrote(ticket_id=ticket.id, message_id=message.id))
    if ticket.status in (Status.WAITING_ON_CITIZEN, Status.RESOLVED, Status.CLOSED):
        reopen(ticket)
    return message


def overhear(
    ticket: Ticket, text: str, *, interaction: Interaction, mail_id: str | None = None
) -> Message:
    """Add what a program of the citizen's answered; nobody wrote, so nothing follows from it."""
    bounded = text[: messages.LONGEST_TEXT]
    return messages.add(
        ticket, MessageKind.CITIZEN, bounded, interaction=interaction, mail_id=mail_id
    )


def reply(ticket: Ticket, text: str, *, by: Person) -> Message:
    """Answer the citizen; by which channel it leaves is decided by the reaction."""
    message = _write(ticket, MessageKind.REPLY, text, by=by)
    if ticket.replied_at is None:
        ticket.replied_at = message.written_at
    if ticket.status is Status.NEW:
        triage(ticket)
    announce(ReplyWritten(ticket_id=ticket.id, message_id=message.id, person_id=by.id))
    return message


def note(ticket: Ticket, text: str, *, by: Person) -> Message:
    """Write for the house only."""
    message = _write(ticket, MessageKind.NOTE, text, by=by)
    announce(NoteWritten(ticket_id=ticket.id, message_id=message.id, person_id=by.id))
    return message


def record(
    ticket: Ticket, text: str, *, by: Person, interaction: Interaction | None = None
) -> Message:
    """Write down what was said or done with the citizen."""
    message = _write(ticket, MessageKind.RECORD, text, by=by, interaction=interaction)
    if ticket.replied_at is None:
        ticket.replied_at = message.written_at
    announce(RecordWritten(ticket_id=ticket.id, message_id=message.id, person_id=by.id))
    return message


def triage(ticket: Ticket) -> None:
    """New becomes open: topic, priority, language and queue have been proposed."""
    _move(ticket, Status.OPEN)
    announce(TicketTriaged(ticket_id=ticket.id))


def await_citizen(ticket: Ticket, *, by: Person) -> None:
    _move(ticket, Status.WAITING_ON_CITIZEN)
    announce(CitizenAwaited(ticket_id=ticket.id, person_id=by.id))


def resolve(ticket: Ticket, *, by: Person | None, reason: str | None = None) -> None:
    """Nothing is left to do; `by` is None when that follows from what the citizen did."""
    if ticket.status is Status.NEW:
        triage(ticket)
    _move(ticket, Status.RESOLVED)
    ticket.resolved_at = clock.now()
    announce(TicketResolved(ticket_id=ticket.id, person_id=by.id if by else None, reason=reason))


def reopen(ticket: Ticket, *, by: Person | None = None, reason: str | None = None) -> None:
    _move(ticket, Status.OPEN)
    ticket.resolved_at = ticket.closed_at = None
    announce(TicketReopened(ticket_id=ticket.id, person_id=by.id if by else None, reason=reason))


def close(ticket: Ticket, *, by: Person | None = None) -> None:
    _move(ticket, Status.CLOSED)
    ticket.closed_at = clock.now()
    announce(TicketClosed(ticket_id=ticket.id, person_id=by.id if by else None))


def assign(ticket: Ticket, to: Person | None, *, by: Person | None) -> None:
    """Put it in somebody's hands, or in nobody's; `by` None: it lay there for too long."""
    ticket.assigned_to = to.id if to else None
    _touch(ticket)
    by_id = by.id if by else None
    announce(TicketAssigned(ticket_id=ticket.id, assigned_to=ticket.assigned_to, person_id=by_id))


def set_topic(ticket: Ticket, topic_id: int | None, *, by: Person | None) -> None:
    before, ticket.topic_id = ticket.topic_id, topic_id
    _corrected(ticket, "topic", before, topic_id, by)


def set_priority(ticket: Ticket, priority: Priority, *, by: Person | None) -> None:
    before, ticket.priority = ticket.priority, priority
    _corrected(ticket, "priority", before, priority, by)


def set_language(ticket: Ticket, language: str, *, by: Person | None) -> None:
    before, ticket.language = ticket.language, language
    _corrected(ticket, "language", before, language, by)


def set_queue(ticket: Ticket, queue_id: int | None, *, by: Person | None) -> None:
    before, ticket.queue_id = ticket.queue_id, queue_id
    _corrected(ticket, "queue", before, queue_id, by)


def set_citizen(ticket: Ticket, citizen_id: int | None, *, by: Person | None) -> None:
    before, ticket.citizen_id = ticket.citizen_id, citizen_id
    _corrected(ticket, "citizen", before, citizen_id, by)


def set_due(ticket: Ticket, due_at: datetime | None) -> None:
    ticket.due_at = due_at


def begin_interaction(channel: Channel, *, citizen_id: int | None = None) -> Interaction:
    """A contact to be kept with the ticket that it opens."""
    return Interaction(channel=channel, citizen_id=citizen_id, started_at=clock.now())


def open_interaction(
    channel: Channel,
    *,
    ticket_id: int | None = None,
    citizen_id: int | None = None,
    caller_key: str | None = None,
    is_rehearsal: bool = False,
    **detail: str,
) -> Interaction:
    """A contact whose ticket may not be known yet; `detail` is what its channel tells of it."""
    interaction = Interaction(
        channel=channel,
        ticket_id=ticket_id,
        citizen_id=citizen_id,
        started_at=clock.now(),
        caller_key=caller_key,
        detail=detail,
        is_rehearsal=is_rehearsal,
    )
    keep(interaction)
    return interaction


def read_with_reason(ticket: Ticket, reason: str, *, by: Person) -> None:
    """Open content beyond one's own sites and queues; the reason is kept. Raises Invalid."""
    if len(reason.strip()) < 5:
        raise Invalid(_("Dites en quelques mots pourquoi vous ouvrez cette demande."), "reason")
    db.session.add(
        Reading(
            ticket_id=ticket.id, person_id=by.id, reason=reason.strip()[:500], read_at=clock.now()
        )
    )
    announce(TicketRead(ticket_id=ticket.id, person_id=by.id, reason=reason.strip()[:500]))


def lock(reference: str, *, person: Person) -> Ticket:
    """Load a ticket for change; other writers wait until the transaction ends.

    Raises NotFound if the person may not see its content, or it does not exist, and Merged if it
    goes on in another one.
    """
    ticket = db.session.scalar(
        visible_to(person)
        .where(Ticket.reference == reference)
        .with_for_update(of=Ticket)
        .execution_options(populate_existing=True)
    )
    if ticket is None:
        raise NotFound(_("Cette demande n’existe pas, ou n’est pas à vous."))
    if ticket.merged_into is not None:
        raise Merged(ticket)
    return ticket


def survivor(ticket: Ticket) -> Ticket:
    """The ticket in which this one goes on: itself, unless it was merged."""
    return ticket if ticket.merged_into is None else get(ticket.merged_into)


def lock_survivor(ticket_id: int) -> Ticket | None:
    """Where a contact about this ticket belongs now, locked; None if there is no such ticket."""
    seen: set[int] = set()
    known = db.session.get(Ticket, (current_centre(), ticket_id))
    # Read first, so that the one that was merged is not held while the other is waited for.
    ticket_id = survivor(known).id if known else ticket_id
    while ticket_id not in seen:
        seen.add(ticket_id)
        ticket = db.session.get(
            Ticket, (current_centre(), ticket_id), with_for_update=True, populate_existing=True
        )
        if ticket is None or ticket.merged_into is None:
            return ticket
        ticket_id = ticket.merged_into
    return None


def get(ticket_id: int) -> Ticket:
    """The ticket of an event or job; it exists."""
    return db.session.get_one(Ticket, (current_centre(), ticket_id))


def _write(ticket: Ticket, kind: MessageKind, text: str, **more: Any) -> Message:
    message = messages.add(ticket, kind, text, **more)
    _touch(ticket)
    return message


def _move(ticket: Ticket, to: Status) -> None:
    if ticket.merged_into is not None:
        raise Merged(ticket)
    if to not in ALLOWED[ticket.status]:
        raise TransitionRefused(ticket)
    ticket.status = to
    _touch(ticket)


def _corrected(
    ticket: Ticket, field: str, before: object, after: object, by: Person | None
) -> None:
    if before == after:
        return
    _touch(ticket)
    announce(
        TicketCorrected(
            ticket_id=ticket.id,
            field=field,
            before=None if before is None else str(before),
            after=None if after is None else str(after),
            person_id=by.id if by else None,
        )
    )


def _touch(ticket: Ticket) -> None:
    ticket.updated_at = clock.now()


def _bounded(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1] + "…"
