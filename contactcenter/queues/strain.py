"""Work that wears people out, as figures of a team: never of one person, never as a ranking.

Four things are counted: whole hours with hardly a free minute, long stretches without a break,
conversations that follow each other at once, with no time to write up, and several hard ones in a
row. One is hard that lasts twice as long as those of the team usually do: nobody has to say so. A
team of fewer than five is not shown: its figures would be somebody's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from contactcenter.queues.rows import AgentSession
from contactcenter.queues.spans import SECOND, Span, clipped, common, ticks, total, united
from contactcenter.queues.working_time import Served

SMALLEST_TEAM = 5
HOUR = 3600 * SECOND
# An hour counts when the person was there for most of it.
MOST_OF_AN_HOUR = HOUR * 3 // 4
HEAVY = 0.9
HEAVY_IN_A_ROW = 2
BREAK = 10 * 60 * SECOND
WITHOUT_BREAK = 4 * HOUR
AT_ONCE = 10 * SECOND
HARD = 2  # times the median of the team
HARD_IN_A_ROW = 3


@dataclass(frozen=True)
class Strain:
    """Of one team over some days; the shares are None where there is nothing to divide by.

    `heavy` is the share of hours with at least nine tenths of it spent serving, `in_a_row` how many
    times two of them followed each other. `without_break` is the share of stretches of work that
    lasted more than four hours. `at_once` is the share of conversations followed by another within
    ten seconds. `hard_in_a_row` is how many times three that lasted twice the usual time, or more,
    followed each other without a break.
    """

    people: int
    hours: int
    heavy: float | None
    in_a_row: int
    without_break: float | None
    at_once: float | None
    hard_in_a_row: int = 0


def strain(
    sessions: Iterable[AgentSession], served: Iterable[Served], start: int, end: int
) -> Strain | None:
    """Figures of the people with ready time between two moments (in ticks); None if under five.

    What they `served` elsewhere meanwhile wears them out as well; what others did is left out.
    """
    there = _there(sessions, start, end)
    if len(there) < SMALLEST_TEAM:
        return None
    busy = _busy((each for each in served if each[0] in there), start, end)
    hours = {who: _heavy_hours(spans, busy.get(who, [])) for who, spans in there.items()}
    stretches = [span for spans in there.values() for span in _joined(spans)]
    followed = [gap for own in busy.values() for gap in _gaps(own)]
    counted = sum(len(each) for each in hours.values())
    return Strain(
        people=len(there),
        hours=counted,
        heavy=_share(sum(sum(each.values()) for each in hours.values()), counted),
        in_a_row=sum(_in_a_row(each) for each in hours.values()),
        without_break=_share(sum(b - a > WITHOUT_BREAK for a, b in stretches), len(stretches)),
        at_once=_share(sum(gap <= AT_ONCE for gap in followed), len(followed)),
        hard_in_a_row=_hard_in_a_row(list(busy.values())),
    )


def _there(sessions: Iterable[AgentSession], start: int, end: int) -> dict[str, list[Span]]:
    spans: dict[str, list[Span]] = defaultdict(list)
    for session in sessions:
        logout = end if session.logout is None else ticks(session.logout)
        spans[session.agent].append((ticks(session.login), logout))
    inside = {who: united(clipped(own, start, end)) for who, own in spans.items()}
    return {who: own for who, own in inside.items() if own}


def _busy(served: Iterable[Served], start: int, end: int) -> dict[str, list[Span]]:
    """Services by who gave them, in order; two at once are not joined."""
    spans: dict[str, list[Span]] = defaultdict(list)
    for agent, began, ended in served:
        spans[agent].append((began, end if ended is None else ended))
    return {who: sorted(clipped(own, start, end)) for who, own in spans.items()}


def _heavy_hours(there: Sequence[Span], busy: Sequence[Span]) -> dict[int, bool]:
    """By hour of the clock in which the person was there: whether it was heavy."""
    served, found = united(busy), {}
    hours = {hour for a, b in there for hour in range(a // HOUR, -(-b // HOUR))}
    for hour in sorted(hours):
        here = clipped(there, hour * HOUR, (hour + 1) * HOUR)
        if total(here) >= MOST_OF_AN_HOUR:
            found[hour] = common(here, served) >= HEAVY * total(here)
    return found


def _in_a_row(hours: Mapping[int, bool]) -> int:
    """How often at least two heavy hours followed each other."""
    runs = length = 0
    for hour in sorted(hours):
        length = (length + 1 if hours.get(hour - 1) else 1) if hours[hour] else 0
        runs += length == HEAVY_IN_A_ROW
    return runs


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Stretches of work: what is away for less than a break goes on."""
    joined: list[Span] = []
    for a, b in spans:
        if joined and a - joined[-1][1] < BREAK:
            joined[-1] = (joined[-1][0], b)
        else:
            joined.append((a, b))
    return joined


def _gaps(busy: Sequence[Span]) -> list[int]:
    """Time from the end of each service to the next one of the same stretch of work."""
    gaps = (after[0] - before[1] for before, after in pairwise(united(busy)))
    return [gap for gap in gaps if gap < BREAK]


def _hard_in_a_row(busy: Sequence[Sequence[Span]]) -> int:
    """How often at least three hard conversations of one person followed each other."""
    lengths = [b - a for own in busy for a, b in own]
    hard, runs = HARD * median(lengths) if lengths else 0, 0
    for own in busy:
        length, left = 0, None
        for a, b in own:
            goes_on = left is not None and a - left < BREAK
            length = ((length if goes_on else 0) + 1) if b - a >= hard else 0
            runs += length == HARD_IN_A_ROW
            left = b
    return runs


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
