from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class CallBackTaken(Event):
    """Someone calls back a person who was never served."""

    visit_id: int


@dataclass(frozen=True, kw_only=True)
class CallBackSettled(Event):
    """The call was made, or given back; `outcome` says which."""

    visit_id: int
    outcome: str
