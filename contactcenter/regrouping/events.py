from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class TicketsMerged(Event):
    """Told in the history of both: all of `merged` goes on in `kept`."""

    ticket_id: int
    kept: str
    merged: str


@dataclass(frozen=True, kw_only=True)
class TicketsParted(Event):
    """A merge was undone; told in the history of both."""

    ticket_id: int
    kept: str
    merged: str


@dataclass(frozen=True, kw_only=True)
class TicketSplit(Event):
    """Some words of `source` became a matter of their own; told in the history of both."""

    ticket_id: int
    source: str
    made: str
    messages: int
