from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class NoticeSent(Event):
    notice_id: int
    kind: str
    means: str


@dataclass(frozen=True, kw_only=True)
class NoticeFailed(Event):
    """It cannot be delivered this way: the agent chooses another."""

    notice_id: int
    kind: str
    means: str
