"""When a protocol starts and ends by itself: pure arithmetic on levels and times."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from contactcenter.queues.saturation import Level

# Who started it by hand before the level was reached gets at least so long.
LEAST_BY_HAND = timedelta(minutes=15)

Spell = tuple[Level, datetime]  # a level and when it began


def held_since(spells: Sequence[Spell], wanted: Level) -> datetime | None:
    """Since when the level has been this bad or worse without a break; `spells` the last first."""
    since = None
    for level, began_at in spells:
        if level < wanted:
            break
        since = began_at
    return since


def starts(
    since: datetime | None, hold: timedelta, last_end: datetime | None, now: datetime
) -> bool:
    """After the level held so long; not again in the same stretch once it was ended."""
    if since is None or now - since < hold:
        return False
    return last_end is None or last_end < since


def ends(since: datetime | None, started_at: datetime, now: datetime, *, by_hand: bool) -> bool:
    """When the level has fallen; one started by hand lasts a while whatever the level."""
    return since is None and not (by_hand and now - started_at < LEAST_BY_HAND)
