"""Every figure about queues, derived from rows and from nothing else.

A visit belongs to the window in which it arrived (half-open). Thresholds are inclusive, quantiles
are nearest rank. Visits still waiting are left out of rates and stay in the length of the queue
until the cut-off. Sums are whole microseconds, and each figure is rounded once.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from contactcenter.queues.demand import Answers, answers, demands, unserved
from contactcenter.queues.legs import (
    Leg,
    Window,
    in_ticks,
    longest_seconds,
    mean_seconds,
    quantile_seconds,
    rate,
    seconds,
)
from contactcenter.queues.outcomes import COUNTS, Outcome
from contactcenter.queues.patience import survival
from contactcenter.queues.rows import NO_WAIT, AgentSession, VisitRow
from contactcenter.queues.service_levels import (
    DEFAULT_TARGET,
    TWENTY_SECONDS,
    losses,
    service_levels,
)
from contactcenter.queues.spans import SECOND, clipped, crowd, moment
from contactcenter.queues.working_time import occupancy

HALF_HOUR = 1800 * SECOND
QUANTILES = ("0.5", "0.8", "0.9", "0.95", "0.99")
SURVIVAL_AT = (30, 60, 120, 300)

Figures = dict[str, Any]


def report(
    rows: Iterable[VisitRow],
    sessions: Iterable[AgentSession],
    start: datetime,
    end: datetime,
    timezone: str,
    cutoff: datetime | None = None,
    *,
    targets: Mapping[str, timedelta] | None = None,
    elsewhere: Answers | None = None,
) -> dict[str, Figures]:
    """Figures of [start, end) for `all`, for each `queue:NAME` and for each group of the rows.

    `rows` holds every visit that overlaps the window (what waited or was served at its start
    included) and, for the people never served, those of the day after. `cutoff` is the moment up
    to which rows are known. `targets` gives queues their own threshold beside the usual 20 s.
    Who was served in any queue is not among the people never served of another; `elsewhere` has
    the answers of queues whose rows are left out.
    Of a group, occupancy is the time spent on its visits over that of whoever served any of them.
    """
    window = Window.of(start, end, cutoff, timezone)
    wanted = dict(targets or {})
    shifts = list(sessions)
    by_queue: dict[str, list[Leg]] = defaultdict(list)
    by_group: dict[str, list[Leg]] = defaultdict(list)
    # In order of arrival once: every later sort then finds its work done.
    for row in sorted(rows, key=attrgetter("entered_at")):
        by_queue[row.queue].append(leg := Leg(row, window))
        for group in row.groups:
            by_group[group].append(leg)
    every = [leg for queued in by_queue.values() for leg in queued]
    served = {**(elsewhere or {})}
    for person, moments in answers(leg.row for leg in every).items():
        served[person] = [*served.get(person, ()), *moments]
    answer = {"all": _figures(every, shifts, window, wanted, served)}
    for name in sorted(by_queue.keys() | {shift.queue for shift in shifts if shift.queue}):
        own = [shift for shift in shifts if shift.queue == name]
        target = seconds(in_ticks(wanted.get(name, DEFAULT_TARGET)))
        figures = _figures(by_queue[name], own, window, wanted, served)
        answer[f"queue:{name}"] = {"target_seconds": target, **figures}
    for name, legs in sorted(by_group.items()):
        own = _of_those_who_served(legs, shifts)
        answer[name] = _figures(legs, own, window, wanted, served)
    return answer


def _of_those_who_served(
    legs: Iterable[Leg], sessions: Iterable[AgentSession]
) -> list[AgentSession]:
    agents = {leg.row.agent for leg in legs}
    return [session for session in sessions if session.agent in agents]


def reconciles(figures: Mapping[str, Any]) -> bool:
    """Whether everything offered is accounted for, and every answer has its agent's count."""
    outcomes = figures["outcomes"]
    accounted = sum(outcomes.values()) - outcomes[Outcome.CLOSED] + figures["still_waiting"]
    answers = sum(figures["answered_by_agent"].values())
    return bool(figures["legs_offered"] == accounted and figures["answered"] == answers)


def _figures(
    legs: Sequence[Leg],
    sessions: Sequence[AgentSession],
    window: Window,
    targets: Mapping[str, timedelta],
    served: Answers,
) -> Figures:
    cohort = window.cohort(legs)
    offered = [leg for leg in cohort if leg.offered]
    return {
        **_counts(cohort, offered),
        **_people(legs, window, served),
        **service_levels(offered, targets),
        **losses(offered),
        **_waits(offered),
        **_patience(offered),
        **_line(legs, window),
        **occupancy(legs, sessions, window),
        "half_hours_offered_answered_within20_abandoned": _half_hours(offered, window),
    }


def _counts(cohort: Sequence[Leg], offered: Sequence[Leg]) -> Figures:
    outcomes = Counter(leg.row.outcome for leg in cohort)
    answered = [leg.row for leg in offered if leg.answered]
    transferred = sum(row.transferred for row in answered)
    in_progress = sum(row.in_progress for row in answered)
    return {
        "legs_offered": len(offered),
        "contacts": len({leg.row.interaction for leg in offered}),
        "answered": len(answered),
        "handled": len(answered) - transferred - in_progress,
        "transferred_out": transferred,
        "in_progress": in_progress,
        "abandoned": sum(leg.gave_up for leg in offered),
        "short_abandoned_le5s": outcomes[Outcome.ABANDONED_SHORT],
        "blocked": sum(leg.blocked for leg in offered),
        "still_waiting": outcomes[None],
        "outcomes": {outcome.value: outcomes[outcome] for outcome in COUNTS},
        "offered_by_source": _tally(leg.row.source for leg in offered),
        "answered_by_agent": _tally(row.agent or "" for row in answered),
    }


def _people(legs: Sequence[Leg], window: Window, served: Answers) -> Figures:
    rows = [leg.row for leg in legs]
    start, end = moment(window.start), moment(window.end)
    return {
        "demands": demands(rows, start, end),
        "unserved_people": len(unserved(rows, start, end, served)),
    }


def _waits(offered: Sequence[Leg]) -> Figures:
    lined_up = [leg for leg in offered if leg.in_line]
    answered = sorted(leg.wait for leg in lined_up if leg.answered)
    decided = [leg for leg in lined_up if not leg.waiting]
    handling = [leg.handling for leg in offered]
    return {
        "asa_s": mean_seconds(answered),
        "mean_wait_abandoned_s": mean_seconds([leg.wait for leg in lined_up if leg.gave_up]),
        "mean_wait_all_s": mean_seconds([leg.wait for leg in decided]),
        "mean_wait_per_contact_s": _mean_per_contact(decided),
        "longest_wait_answered_s": longest_seconds(answered),
        "longest_wait_any_s": longest_seconds([leg.wait for leg in lined_up]),
        "wait_answered_quantiles_s": {q: quantile_seconds(answered, q) for q in QUANTILES},
        "aht_s": mean_seconds([each for each in handling if each is not None]),
        "held": sum(leg.row.held > NO_WAIT for leg in offered),
        "hold_s": _mean_hold(offered),
    }


def _mean_per_contact(decided: Sequence[Leg]) -> float | None:
    """Mean of what citizens waited in all, across the queues they were sent through."""
    contacts = len({leg.row.interaction for leg in decided})
    return rate(sum(leg.wait for leg in decided), contacts * SECOND)


def _mean_hold(offered: Sequence[Leg]) -> float | None:
    """Mean time on hold of all services that are over: the part of `aht_s` that is no talk."""
    over = [in_ticks(leg.row.held) for leg in offered if leg.handling is not None]
    return mean_seconds(over)


def _patience(offered: Sequence[Leg]) -> Figures:
    lined_up = [leg for leg in offered if leg.in_line]
    gave_up = [leg.wait for leg in lined_up if leg.gave_up]
    censored = [leg.wait for leg in lined_up if not leg.gave_up]
    curve = survival(gave_up, censored)
    median = curve.median
    shares = {str(at): curve.at(at * SECOND) if lined_up else None for at in SURVIVAL_AT}
    return {
        "patience_mle_mean_s": rate(sum(gave_up) + sum(censored), len(gave_up) * SECOND),
        "patience_km_median_s": None if median is None else seconds(median),
        "patience_km_S": shares,
    }


def _line(legs: Iterable[Leg], window: Window) -> Figures:
    """Length of the queue over the window, with those who were in it at its start."""
    until = window.seen_until
    spans = [(leg.entered, until if leg.left is None else leg.left) for leg in legs if leg.lined_up]
    line = crowd(clipped(spans, window.start, until))
    most_at = line.most_at
    return {
        "queue_area_call_seconds": seconds(line.area),
        "queue_mean_length": rate(line.area, until - window.start),
        "queue_max_length": line.most,
        "queue_max_first_at": most_at and moment(most_at).astimezone(window.zone).isoformat(),
        "queue_nonempty_seconds": seconds(line.present),
    }


def _half_hours(offered: Iterable[Leg], window: Window) -> list[list[int]]:
    """Offered, answered, answered within 20 s and abandoned, by half hour of arrival."""
    slots = [[0, 0, 0, 0] for _ in range(-(-(window.end - window.start) // HALF_HOUR))]
    for leg in offered:
        slot = slots[(leg.entered - window.start) // HALF_HOUR]
        prompt = leg.answered and leg.within(TWENTY_SECONDS)
        for column, counts in enumerate((True, leg.answered, prompt, leg.gave_up)):
            slot[column] += counts
    return slots


def _tally(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))
