"""How full a queue is: four levels, each with its reason in numbers, entered and left slowly."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from math import ceil, exp, floor, inf, log1p, sqrt

from contactcenter.queues.waits import served_share, wait_quantile

ENTER_WORSE_AFTER = timedelta(minutes=2)
LEAVE_AFTER = timedelta(minutes=5)
# Spare agents, in square roots of the load, below which a small peak makes a queue.
THIN_SAFETY = 0.5
# Waiting this many times the target is no longer a peak.
FAR_BEYOND = 3
# So far ahead the load of the coming hour is looked at.
AHEAD_SECONDS = 1800
# With fewer recent services the handling time is a guess, and so would be the wait.
FEWEST_SERVICES = 5
# To whom most likely will not be served, no wait is announced: that would be a promise.
LEAST_SERVED = 0.5


class Level(IntEnum):
    """Worse is greater."""

    FLUID = 0
    BUSY = 1
    FULL = 2
    BLOCKED = 3


@dataclass(frozen=True)
class Observed:
    """A queue at one moment.

    `offered_last_hour` counts people who came, refused ones included and repeats not.
    `handling_seconds` is the recent mean, None when unknown. The expected arrivals are people an
    hour, from the same hour of past weeks; `has_surge` is the alarm against them.
    """

    offered_last_hour: float
    handling_seconds: float | None
    agents_serving: int
    waiting: int
    longest_wait_seconds: float
    target_seconds: float
    patience_seconds: float | None = None
    waiting_elsewhere: int = 0  # in other queues, for the same agents
    load_elsewhere: float = 0.0  # Erlang of those queues
    agents_ready: int = 0  # of those serving, who is free
    expected_last_hour: float | None = None
    expected_next_hour: float | None = None
    has_surge: bool = False
    assumed_handling_seconds: float | None = None  # taken where none is measured yet

    @property
    def ahead(self) -> int:
        """How many the agents take before who comes now."""
        return self.waiting + self.waiting_elsewhere


@dataclass(frozen=True)
class Saturation:
    """The level, why (`reason` with its `numbers`, for a template to phrase), and the indices.

    `structural_abandonment` is the share that even a perfectly run queue loses. `safety` is the
    spare staff in square roots of the load. `clearing_seconds` serves everyone who waits now;
    `clearing_with_hangups_seconds` counts on some giving up. None where there is no such number.
    `coming_load` is the load in half an hour if the coming hour is as usual. Reasons:
    `nobody_serves`, `far_beyond_target`, `overload`, `long_line`, `beyond_target`,
    `overload_coming`, `surge`, `little_spare`, `calm`. A `long_line` is short of its target for
    who comes next, by the handling time measured or else (`is_assumed`) by the usual one.
    """

    level: Level
    reason: str
    numbers: Mapping[str, float] = field(hash=False)
    load: float | None
    load_per_agent: float | None
    structural_abandonment: float
    safety: float | None
    clearing_seconds: float | None
    clearing_with_hangups_seconds: float | None
    coming_load: float | None = None


def saturation(seen: Observed) -> Saturation:
    load = _load(seen)
    per_agent = load / seen.agents_serving if load is not None and seen.agents_serving else None
    safety = (seen.agents_serving - load) / sqrt(load) if load else None
    lost = max(0.0, 1 - 1 / per_agent) if per_agent else 0.0
    coming = _coming_load(seen, load)
    level, reason, numbers = _level(seen, load, per_agent, safety, lost)
    if level < Level.BUSY:
        level, reason, numbers = _warning(seen, coming) or (level, reason, numbers)
    clearing, with_hangups = _clearing(seen, load)
    return Saturation(
        level, reason, numbers, load, per_agent, lost, safety, clearing, with_hangups, coming
    )


def _load(seen: Observed) -> float | None:
    """Erlang: how many agents the demand keeps busy, that of their other queues included."""
    if seen.handling_seconds is None:
        return None
    return seen.offered_last_hour * seen.handling_seconds / 3600 + seen.load_elsewhere


def carried(load: float, arriving: float, handling_seconds: float, after_seconds: float) -> float:
    """Load after that time, from `load` now towards `arriving`: long services carry work over."""
    return arriving + (load - arriving) * exp(-after_seconds / handling_seconds)


def _coming_load(seen: Observed, load: float | None) -> float | None:
    if load is None or not seen.handling_seconds or seen.expected_next_hour is None:
        return None
    arriving = seen.expected_next_hour * seen.handling_seconds / 3600 + seen.load_elsewhere
    return carried(load, arriving, seen.handling_seconds, AHEAD_SECONDS)


def _warning(seen: Observed, coming: float | None) -> tuple[Level, str, dict[str, float]] | None:
    """What is not felt yet: more people than expected, or a coming hour with too few agents."""
    if seen.has_surge and seen.expected_last_hour is not None:
        numbers = {"came": seen.offered_last_hour, "expected": seen.expected_last_hour}
        return Level.BUSY, "surge", numbers
    if coming is not None and seen.agents_serving and coming > seen.agents_serving:
        return Level.BUSY, "overload_coming", _staff(seen, coming)
    return None


def _staff(seen: Observed, load: float) -> dict[str, float]:
    """`load_elsewhere` is the part of the load that other queues of the same agents are."""
    numbers = {"load": load, "agents": float(seen.agents_serving)}
    return numbers | ({"load_elsewhere": seen.load_elsewhere} if seen.load_elsewhere else {})


def _level(
    seen: Observed,
    load: float | None,
    per_agent: float | None,
    safety: float | None,
    lost: float,
) -> tuple[Level, str, dict[str, float]]:
    """The worst rule that holds; the first of them gives the reason."""
    longest, target = seen.longest_wait_seconds, seen.target_seconds
    late = {"longest_wait_seconds": longest, "target_seconds": target}
    staff = _staff(seen, load or 0.0)
    if seen.waiting and not seen.agents_serving:
        return Level.BLOCKED, "nobody_serves", {"waiting": seen.waiting}
    if seen.waiting and longest > FAR_BEYOND * target:
        return Level.FULL, "far_beyond_target", late
    if per_agent is not None and per_agent > 1:
        # Too much work is a saturated queue only once somebody waits for it.
        level = Level.FULL if seen.waiting else Level.BUSY
        return level, "overload", {**staff, "structural_abandonment": lost}
    coming = _next_wait_seconds(seen)
    line = _long_line(seen, coming)
    if coming > FAR_BEYOND * target:
        return Level.FULL, "long_line", line
    if seen.waiting and longest > target:
        return Level.BUSY, "beyond_target", late
    if coming > target:
        return Level.BUSY, "long_line", line
    if seen.agents_serving and safety is not None and safety < THIN_SAFETY:
        return Level.BUSY, "little_spare", {**staff, "safety": safety}
    return Level.FLUID, "calm", {**staff, "waiting": seen.waiting}


def _next_wait_seconds(seen: Observed) -> float:
    """Median wait of who comes now, behind those who wait; 0 where nobody does, or unknown."""
    handling = seen.handling_seconds or seen.assumed_handling_seconds
    ahead = seen.ahead - seen.agents_ready
    if not seen.waiting or ahead < 0 or not handling or not seen.agents_serving:
        return 0.0
    leaves = 1 / seen.patience_seconds if seen.patience_seconds else 0.0
    return wait_quantile(0.5, ahead, seen.agents_serving / handling, leaves)


def _long_line(seen: Observed, next_wait_seconds: float) -> dict[str, float]:
    return {
        "next_wait_seconds": next_wait_seconds,
        "waiting": seen.waiting,
        "waiting_elsewhere": seen.waiting_elsewhere,
        "agents": seen.agents_serving,
        "handling_seconds": seen.handling_seconds or seen.assumed_handling_seconds or 0.0,
        "is_assumed": not seen.handling_seconds,
    }


def _clearing(seen: Observed, load: float | None) -> tuple[float | None, float | None]:
    """Seconds until today's line is gone while others keep coming; None when it only grows."""
    if not seen.ahead:
        return 0.0, 0.0
    if load is None or not seen.handling_seconds or seen.agents_serving <= load:
        return None, None
    spare = (seen.agents_serving - load) / seen.handling_seconds
    patience = seen.patience_seconds
    with_hangups = patience * log1p(seen.ahead / spare / patience) if patience else None
    return seen.ahead / spare, with_hangups


@dataclass(frozen=True)
class Shown:
    """The level on the board, and the other level that is trying to replace it."""

    level: Level
    candidate: Level
    candidate_since: datetime


def step(
    previous_level: Level,
    previous_candidate: Level,
    candidate_since: datetime,
    now: datetime,
    computed: Level,
    waiting: int,
) -> Shown:
    """Take a newly computed level: a worse one is shown after 2 minutes, a better one after 5.

    A candidate equal to the level is none. While levels on the same side alternate, the one
    nearest to the level shown is the candidate: it has held all the time. Nothing is blocked in
    which nobody waits: that level ends at once.
    """
    if computed == previous_level or is_released(previous_level, waiting):
        return Shown(computed, computed, now)
    worse = computed > previous_level
    same_side = previous_candidate != previous_level and worse == (
        previous_candidate > previous_level
    )
    if not same_side:
        return Shown(previous_level, computed, now)
    candidate = (min if worse else max)(computed, previous_candidate)
    if now - candidate_since < (ENTER_WORSE_AFTER if worse else LEAVE_AFTER):
        return Shown(previous_level, candidate, candidate_since)
    return Shown(candidate, computed, now)


def is_released(level: Level, waiting: int) -> bool:
    return level is Level.BLOCKED and not waiting


@dataclass(frozen=True)
class WaitRange:
    """Minutes to announce: half are served by `low`, nine in ten by `high`."""

    low: int
    high: int


def estimate_range(
    ahead: int,
    *,
    agents: int,
    handling_seconds: float | None,
    recent_services: int,
    patience_seconds: float | None = None,
    may_overtake: int | None = 0,
) -> WaitRange | None:
    """Wait of someone with `ahead` before them; None when no honest answer is possible.

    That is without agents, with fewer than 5 recent services to know the handling time from, when
    most in this place give up before they are served, or when any number may overtake
    (`may_overtake` None); else those who may are counted as ahead for the upper end.
    """
    if agents < 1 or not handling_seconds or recent_services < FEWEST_SERVICES:
        return None
    if may_overtake is None:
        return None
    served = agents / handling_seconds
    leaves = 1 / patience_seconds if patience_seconds else 0.0
    if served_share(ahead, served, leaves) < LEAST_SERVED:
        return None
    low = wait_quantile(0.5, ahead, served, leaves) / 60
    high = wait_quantile(0.9, ahead + may_overtake, served, leaves) / 60
    return _rounded(low, high)


def _rounded(low: float, high: float) -> WaitRange:
    """Outwards, to minutes a person would say: "10 to 15", "40 to 60"."""
    unit, fine = _unit(high), _unit(low)
    top = max(1, ceil(high / unit)) * unit
    return WaitRange(min(floor(low / fine) * fine, top - unit), top)


def _unit(minutes: float) -> int:
    return next(unit for limit, unit in ((5, 1), (30, 5), (90, 10), (inf, 30)) if minutes <= limit)
