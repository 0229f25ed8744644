from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class ProtocolApproved(Event):
    """An administrator said what may be done for a queue."""

    protocol_id: int


@dataclass(frozen=True, kw_only=True)
class ProtocolStarted(Event):
    """By a person, or by the rule (nobody)."""

    protocol_id: int
    queue_id: int


@dataclass(frozen=True, kw_only=True)
class ProtocolEnded(Event):
    protocol_id: int
    queue_id: int
