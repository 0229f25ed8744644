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


@dataclass(frozen=True, kw_only=True)
class TicketTagged(Event):
    """A tag was set; it is told by the name it had then."""

    ticket_id: int
    tag: str


@dataclass(frozen=True, kw_only=True)
class TicketUntagged(Event):
    ticket_id: int
    tag: str
