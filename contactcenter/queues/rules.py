"""In what order those who wait are taken, and by whom: pure arithmetic on places and times.

By arrival, with priority, and with a bound to it. Where a queue says so, priority is a ratio: a
second of those who have it counts for several, so that it grows with the wait and shuts out nobody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# Two with priority, then one without: the first in line of a class is overtaken twice at most.
MOST_OVERTAKES = 2


@dataclass(frozen=True)
class Waiting:
    """Someone in line. Of a greater `priority_class` goes first; 0 is ordinary.

    `entered_at` is the moment their place counts from. `overtaken` says how often someone who came
    later went before them while they were first of their class; from `most_overtakes` times on
    nobody may: 0 is order of arrival for all, None is priority without a bound.

    Each second counts `weight` times. Unless `class_decides`, the weight alone speaks for a class.
    `is_wanted`: they wait for this very agent.
    """

    entered_at: datetime
    priority_class: int = 0
    overtaken: int = 0
    most_overtakes: int | None = MOST_OVERTAKES
    weight: float = 1.0
    class_decides: bool = True
    is_wanted: bool = False

    @property
    def is_due(self) -> bool:
        return self.most_overtakes is not None and self.overtaken >= self.most_overtakes


class Reason(StrEnum):
    """Why it is this one's turn."""

    ONLY = "only"  # nobody else to choose from
    LONGEST = "longest"
    PRIORITY = "priority"
    WEIGHT = "weight"
    DUE = "due"  # overtaken as often as may be
    WANTED = "wanted"  # the same agent as before


def next_index(waiting: Sequence[Waiting], now: datetime | None = None) -> int | None:
    """Whose turn it is; None when nobody waits.

    Who waits for this very agent, then the first of the greatest class, then who has waited longest
    as it is weighed, unless the first of another line is due and came before: then that one, the
    earliest of them. `now` is needed where waits are weighed.
    """
    heads = _heads(waiting)
    if not heads:
        return None
    best = max(heads, key=lambda index: _claim(waiting[index], now))
    due = [
        index
        for index in heads
        if waiting[index].is_due and waiting[index].entered_at <= waiting[best].entered_at
    ]
    return min(due, key=lambda index: waiting[index].entered_at, default=best)


def reason_for(waiting: Sequence[Waiting], taken: int, now: datetime | None = None) -> Reason:
    """Why it is this one's turn, as `next_index` says."""
    one = waiting[taken]
    others = [each for index, each in enumerate(waiting) if index != taken]
    passed = [each for each in others if each.entered_at < one.entered_at]
    if one.is_wanted:
        return Reason.WANTED
    if not others:
        return Reason.ONLY
    if one.is_due and any(_claim(each, now) > _claim(one, now) for each in others):
        return Reason.DUE
    if not passed:
        return Reason.LONGEST
    if one.class_decides and all(each.priority_class < one.priority_class for each in passed):
        return Reason.PRIORITY
    return Reason.WEIGHT


def in_turn(waiting: Sequence[Waiting], now: datetime | None, most: int) -> list[int]:
    """Whose turn it is, and whose if those before cannot be had: the first `most`."""
    left, order = list(range(len(waiting))), list[int]()
    while left and len(order) < most:
        taken = next_index([waiting[index] for index in left], now)
        assert taken is not None
        order.append(left.pop(taken))
    return order


def overtaken_by(waiting: Sequence[Waiting], taken: int) -> list[int]:
    """Those whose `overtaken` goes up by one when `taken` is taken.

    The first of each other class, if they came before the one who is taken.
    """
    return [index for index in passed_by(waiting, waiting[taken]) if index != taken]


def passed_by(waiting: Sequence[Waiting], one: Waiting) -> list[int]:
    """The first of each line, if they came before this one."""
    return [index for index in _heads(waiting) if waiting[index].entered_at < one.entered_at]


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


def opens_after(level: int, steps: Sequence[int]) -> timedelta:
    """How long something waits before agents of this level are asked too.

    `steps` are the seconds for level 2, 3, ...; the last holds for those beyond, none asks all.
    """
    if level <= 1 or not steps:
        return timedelta()
    return timedelta(seconds=steps[min(level - 1, len(steps)) - 1])


class Refusal(StrEnum):
    """Why an agent is given no written work now."""

    LIVE = "live"  # someone is there, or on the line
    REST = "rest"  # not idle for long enough
    ENOUGH = "enough"  # as much in hand as they hold at a time


def may_write(
    *, live_waits: bool, idle: timedelta | None, rest: timedelta, in_hand: int, most: int | None
) -> Refusal | None:
    """Whether an agent is given written work beside live work; `idle` None: since ever."""
    if live_waits:
        return Refusal.LIVE
    if most is not None and in_hand >= most:
        return Refusal.ENOUGH
    if idle is not None and idle < rest:
        return Refusal.REST
    return None


def _is_earlier(one: Waiting, me: Waiting) -> bool:
    return one.entered_at < me.entered_at


def _heads(waiting: Sequence[Waiting]) -> list[int]:
    """Index of the first in line of each class, of those that are weighed alike."""
    heads: dict[tuple[bool, bool, int, float], int] = {}
    for index, one in enumerate(waiting):
        line = (one.is_wanted, one.class_decides, one.priority_class, one.weight)
        first = heads.get(line)
        if first is None or one.entered_at < waiting[first].entered_at:
            heads[line] = index
    return list(heads.values())


def _claim(one: Waiting, now: datetime | None) -> tuple[bool, int, float]:
    waited = (now - one.entered_at).total_seconds() * one.weight if now else 0.0
    return (*_rank(one), waited)


def _rank(one: Waiting) -> tuple[bool, int]:
    return one.is_wanted, one.priority_class if one.class_decides else 0
