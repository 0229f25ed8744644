"""In what order those who wait are taken: by arrival, with priority, and with a bound to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# Two with priority, then one without: the first in line of a class is overtaken twice at most.
MOST_OVERTAKES = 2


@dataclass(frozen=True)
class Waiting:
    """Someone in line. Of a greater `priority_class` goes first; 0 is ordinary.

    `entered_at` is the moment their place counts from. `overtaken` says how often someone who came
    later went before them while they were first of their class.
    """

    entered_at: datetime
    priority_class: int = 0
    overtaken: int = 0


def next_index(
    waiting: Sequence[Waiting], most_overtakes: int | None = MOST_OVERTAKES
) -> int | None:
    """Whose turn it is; None when nobody waits.

    The first of the greatest class, unless the first of another class has been overtaken
    `most_overtakes` times: then that one, the earliest of them. 0 is order of arrival for all,
    None is priority without a bound.
    """
    heads = _heads(waiting)
    if not heads:
        return None
    best = max(heads, key=lambda index: waiting[index].priority_class)
    if most_overtakes is None:
        return best
    due = [
        index
        for index in heads
        if waiting[index].overtaken >= most_overtakes
        and waiting[index].entered_at <= waiting[best].entered_at
    ]
    return min(due, key=lambda index: waiting[index].entered_at, default=best)


def overtaken_by(waiting: Sequence[Waiting], taken: int) -> list[int]:
    """Those whose `overtaken` goes up by one when `taken` is taken.

    The first of each other class, if they came before the one who is taken.
    """
    return [
        index
        for index in _heads(waiting)
        if index != taken and waiting[index].entered_at < waiting[taken].entered_at
    ]


@dataclass(frozen=True)
class Ahead:
    """How many will be taken before someone: `expected` as things stand, `may_overtake` at most."""

    expected: int
    may_overtake: int | None


def ahead_of(
    waiting: Sequence[Waiting],
    index: int,
    *,
    greatest_class: int,
    most_overtakes: int | None = MOST_OVERTAKES,
) -> Ahead:
    """Count who goes before this one, those who have yet to come included.

    `greatest_class` is the greatest in use. `may_overtake` is beside the expected, and None when
    priority has no bound.
    """
    me = waiting[index]
    same = sum(_is_earlier(one, me) for one in waiting if one.priority_class == me.priority_class)
    greater = [one for one in waiting if one.priority_class > me.priority_class]
    earlier = sum(_is_earlier(one, me) for one in greater)
    later = len(greater) - earlier
    if most_overtakes is None:
        unbounded = greatest_class > me.priority_class
        return Ahead(same + len(greater), None if unbounded else 0)
    bound = max(0, most_overtakes * (same + 1) - me.overtaken)
    passing = min(later, bound)
    to_come = bound - passing if greatest_class > me.priority_class else 0
    # Ordinary people who came earlier go first once they have been overtaken often enough.
    lower = sum(_is_earlier(one, me) for one in waiting if one.priority_class < me.priority_class)
    return Ahead(same + earlier + passing, to_come + lower)


def _is_earlier(one: Waiting, me: Waiting) -> bool:
    return one.entered_at < me.entered_at


def _heads(waiting: Sequence[Waiting]) -> list[int]:
    """Index of the first in line of each class."""
    heads: dict[int, int] = {}
    for index, one in enumerate(waiting):
        first = heads.get(one.priority_class)
        if first is None or one.entered_at < waiting[first].entered_at:
            heads[one.priority_class] = index
    return list(heads.values())
