"""What happened to the rules of triage: kept in the history, without a ticket."""

from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class RuleChanged(Event):
    """Someone added, changed, moved, started, stopped, removed or returned to a rule."""

    rule_id: int
    act: str
    number: int
