from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class TicketOpened(Event):
    """A ticket exists; triage proposes, then a written one is placed in its queue."""

    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class CitizenWrote(Event):
    """The citizen's words joined a ticket."""

    ticket_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class ReplyWritten(Event):
    """An agent's reply to the citizen; it leaves by the channel the request came by."""

    ticket_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class NoteWritten(Event):
    ticket_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class RecordWritten(Event):
    """What was said or done at a counter or on the phone was written down."""

    ticket_id: int
    message_id: int


@dataclass(frozen=True, kw_only=True)
class TicketAssigned(Event):
    ticket_id: int
    assigned_to: int | None


@dataclass(frozen=True, kw_only=True)
class TicketCorrected(Event):
    """A field was set or corrected: topic, priority, language, queue, citizen, subject."""

    ticket_id: int
    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, kw_only=True)
class TicketTriaged(Event):
    """New became open."""

    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class TicketResolved(Event):
    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class TicketReopened(Event):
    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class TicketClosed(Event):
    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class CitizenAwaited(Event):
    """The next move is the citizen's."""

    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class TicketRead(Event):
    """Content beyond one's own sites and queues was opened, with a reason."""

    ticket_id: int
