"""What happened to the persons we know: kept in the history, without a ticket."""

from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class CitizensMerged(Event):
    """Two rows were one person: `merged_id` leads to `kept_id` from now on."""

    merge_id: int
    kept_id: int
    merged_id: int


@dataclass(frozen=True, kw_only=True)
class CitizensSplit(Event):
    """A merge was undone: the two are two again, as they were."""

    merge_id: int
    kept_id: int
    merged_id: int


@dataclass(frozen=True, kw_only=True)
class IdentifierNoted(Event):
    """A number of this kind was kept or forgotten; the number itself is told nowhere."""

    citizen_id: int
    kind: str
