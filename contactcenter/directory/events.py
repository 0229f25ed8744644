"""What happened in the directory: kept in the history, without a ticket."""

from dataclasses import dataclass, field

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class DirectoryChanged(Event):
    """Someone added or changed an entry; `changed` names the fields, not what was in them."""

    kind: str
    entry_id: int
    is_new: bool
    changed: list[str] = field(default_factory=list)
