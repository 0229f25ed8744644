"""Who held a request, and for how long: no database, no clock."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from contactcenter.directory.rules import Hours, open_segments, open_time_between

NOTHING = timedelta(0)

Stretch = tuple[datetime, datetime]
About = tuple[datetime, int | None]  # since when it is about which topic
Allowed = tuple[datetime, datetime, frozenset[int]]  # from, until, for which; all if none


class Holder(StrEnum):
    US = "us"
    PARTNER = "partner"
    CITIZEN = "citizen"
    OUTSIDE = "outside"  # the place that should have acted was closed


@dataclass(frozen=True)
class Span:
    """From a moment on, whose move it is while no partner is asked; None ends what came before."""

    since: datetime
    holder: Holder | None


@dataclass(frozen=True)
class Clock:
    """When the clock of one question ran, as its deadline counts it: in its team's open hours."""

    organisation_id: int
    hours: Hours
    runs: Sequence[tuple[datetime, datetime]]

    def covers(self, start: datetime, end: datetime) -> bool:
        return any(a <= start and end <= b for a, b in self.runs)


@dataclass
class Held:
    """How long each side held a request; each partner by itself, in its own hours.

    Partners that were asked at once are each counted in full.
    """

    us: timedelta = NOTHING
    citizen: timedelta = NOTHING
    outside: timedelta = NOTHING
    partners: dict[int, timedelta] = field(default_factory=dict)

    @property
    def total(self) -> timedelta:
        return sum(self.partners.values(), self.us + self.citizen + self.outside)


def runs_of(
    asked_at: datetime, turns: Iterable[tuple[str, datetime]], until: datetime
) -> list[tuple[datetime, datetime]]:
    """When a question's clock ran: it stands still from a precision asked to the one given."""
    runs, since = [], asked_at
    is_running = True
    for kind, at in turns:
        if kind == "precision_asked" and is_running:
            runs.append((since, at))
            is_running = False
        elif kind == "precision" and not is_running:
            since, is_running = at, True
    if is_running:
        runs.append((since, until))
    return [(start, end) for start, end in runs if start < end]


def hidden_in(
    about: Sequence[About], allowed: Sequence[Allowed], start: datetime, end: datetime
) -> list[Stretch]:
    """When, in between, nothing that was allowed was for what the request was about."""
    changes = {at for at, _topic in about} | {at for span in allowed for at in span[:2]}
    marks = [start, *sorted(at for at in changes if start < at < end), end]
    found: list[Stretch] = []
    for since, until in pairwise(marks):
        topic = [topic for at, topic in about if at <= since][-1]
        if any(
            given <= since < ends and (not topics or topic in topics)
            for given, ends, topics in allowed
        ):
            continue
        if found and found[-1][1] == since:
            since = found.pop()[0]
        found.append((since, until))
    return found


def without(runs: Iterable[Stretch], gaps: Sequence[Stretch]) -> list[Stretch]:
    """What is left of the stretches outside the gaps, which are in order of time."""
    left: list[Stretch] = []
    for start, end in runs:
        for gap_start, gap_end in gaps:
            if gap_end <= start or end <= gap_start:
                continue
            left.append((start, gap_start))
            start = min(gap_end, end)
        left.append((start, end))
    return [(start, end) for start, end in left if start < end]


def held(
    spans: Sequence[Span], until: datetime, hours: Hours | None, clocks: Sequence[Clock]
) -> Held:
    """From the first span until that moment; a place of ours without hours is always open.

    While a partner's clock runs the partner holds it, whatever else is awaited: their deadline
    counts that time too. Closed hours are nobody's fault.
    """
    told = Held()
    for start, end, holder in _pieces(spans, until, clocks):
        asked = [clock for clock in clocks if clock.covers(start, end)]
        if asked:
            _count_partners(told, start, end, asked)
        elif holder is Holder.CITIZEN:
            told.citizen += end - start
        else:
            opened = _ours(hours, start, end)
            told.us += opened
            told.outside += end - start - opened
    return told


def _pieces(
    spans: Sequence[Span], until: datetime, clocks: Sequence[Clock]
) -> Iterator[tuple[datetime, datetime, Holder]]:
    """Stretches in which nothing changes, but for those in which nobody has to act."""
    cuts = sorted({at for clock in clocks for run in clock.runs for at in run})
    ends = [span.since for span in spans[1:]] + [until]
    for span, end in zip(spans, ends, strict=True):
        if span.holder is None or end <= span.since:
            continue
        marks = [span.since, *(at for at in cuts if span.since < at < end), end]
        for start, stop in pairwise(marks):
            yield start, stop, span.holder


def _count_partners(told: Held, start: datetime, end: datetime, asked: Sequence[Clock]) -> None:
    by_organisation: dict[int, list[Hours]] = {}
    for clock in asked:
        by_organisation.setdefault(clock.organisation_id, []).append(clock.hours)
    for organisation_id, hours in by_organisation.items():
        before = told.partners.get(organisation_id, NOTHING)
        told.partners[organisation_id] = before + _open(hours, start, end)
    told.outside += end - start - _open([clock.hours for clock in asked], start, end)


def _ours(hours: Hours | None, start: datetime, end: datetime) -> timedelta:
    if hours is None or not any(hours.weekly.values()):
        return end - start
    return open_time_between(hours, start, end)


def _open(several: Sequence[Hours], start: datetime, end: datetime) -> timedelta:
    """How long at least one of them was open."""
    if len({id(each) for each in several}) == 1:
        return open_time_between(several[0], start, end)
    opened, last = NOTHING, start
    segments = sorted(each for hours in several for each in open_segments(hours, start, end))
    for opens, closes in segments:
        if closes > last:
            opened, last = opened + closes - max(opens, last), closes
    return opened
