from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class TicketSnoozed(Event):
    """Put away until a moment."""

    ticket_id: int
    until: str


@dataclass(frozen=True, kw_only=True)
class TicketWoken(Event):
    """It is back: its moment came, the citizen wrote, or someone took it out."""

    ticket_id: int


@dataclass(frozen=True, kw_only=True)
class TeamworkChanged(Event):
    """The checklist, the links or the followers of a ticket changed."""

    ticket_id: int
    what: str
