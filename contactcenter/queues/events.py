from dataclasses import dataclass

from contactcenter.db import Json
from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class VisitEvent(Event):
    visit_id: int
    queue_id: int


@dataclass(frozen=True, kw_only=True)
class VisitEntered(VisitEvent):
    """Something began to wait, or was refused at the door (then an outcome follows at once)."""


@dataclass(frozen=True, kw_only=True)
class NumberGiven(VisitEvent):
    """An agent gave a number to who came in: the visit entered a room at their hand."""


@dataclass(frozen=True, kw_only=True)
class VisitReserved(VisitEvent):
    """Called to a counter, or offered to an agent."""

    reserved_for: int
    why: Json | None = None  # what spoke for this agent, as `routing` says


@dataclass(frozen=True, kw_only=True)
class VisitHeld(VisitEvent):
    """Written work was given to an agent, who has it in hand while it waits for an answer."""

    why: Json


@dataclass(frozen=True, kw_only=True)
class VisitReleased(VisitEvent):
    """The reservation ended without service; it waits again, its place kept."""

    reserved_for: int


@dataclass(frozen=True, kw_only=True)
class VisitAnswered(VisitEvent):
    answered_by: int | None


@dataclass(frozen=True, kw_only=True)
class VisitLeft(VisitEvent):
    """The wait ended without service; `outcome` says how."""

    outcome: str


@dataclass(frozen=True, kw_only=True)
class VisitParked(VisitEvent): ...


@dataclass(frozen=True, kw_only=True)
class TalkHeld(VisitEvent):
    """Who is being served was put on hold."""


@dataclass(frozen=True, kw_only=True)
class TalkResumed(VisitEvent):
    """The talk went on after a hold."""


@dataclass(frozen=True, kw_only=True)
class TalkTransferred(VisitEvent):
    """A talk was handed on: a visit of its own continues it elsewhere, with its place kept."""

    to_visit_id: int
    to_queue_id: int
    to_person_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class VisitEnded(VisitEvent):
    """Service is over."""


@dataclass(frozen=True, kw_only=True)
class PresenceChanged(Event):
    status: str
