"""Every figure of one queue on one day: what it is, of how many, and the visits behind it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.languages import zone
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.interval_models import Threshold
from contactcenter.queues.interval_rows import thresholds
from contactcenter.queues.measures import window_figures
from contactcenter.queues.menu_calls import menu_calls
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outcomes import FORMULAS_VERSION
from contactcenter.reports import count_words, queries
from contactcenter.reports.figure_forms import Part, Told, Words, share


@dataclass(frozen=True)
class Row:
    """A figure as it is shown; `part` and `whole` are (figure, how many visits) if it has them."""

    told: Told
    value: str
    part: tuple[str, int] | None = None
    whole: tuple[str, int] | None = None


@dataclass(frozen=True)
class Section:
    title: Words
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class AllFigures:
    queue: Queue
    day: date
    start: datetime
    end: datetime
    sections: tuple[Section, ...]
    thresholds: tuple[Threshold, ...]
    formulas_version: int = FORMULAS_VERSION


def look(centre: Centre, queue: Queue, wanted: date | None) -> AllFigures:
    """Read from the visits of the day themselves, and not from what is kept of them."""
    now = clock.now()
    day = min(wanted or now.astimezone(zone()).date(), now.astimezone(zone()).date())
    start, end = day_of(day, centre.timezone)
    told = _told(centre, queue, start, end)
    parts = count_words.parts(queue.kind)
    counts = _counts(centre, queue, parts, start, end, now)
    return AllFigures(
        queue=queue,
        day=day,
        start=start,
        end=end,
        sections=tuple(
            Section(part.title, tuple(_row(each, told, counts) for each in part.figures))
            for part in parts
        ),
        thresholds=tuple(db.session.scalars(thresholds(queue.id, start, min(end, now)))),
    )


def _told(centre: Centre, queue: Queue, start: datetime, end: datetime) -> Mapping[str, Any]:
    """What `report --json` says of the queue; of a day without any visit what it says of all."""
    played = centre.rehearsing
    figures = window_figures(
        centre.id, start, end, centre.timezone, queue.id, include_rehearsal=played
    )
    in_menus = menu_calls(centre.id, start, end, include_rehearsal=played)
    return {**(figures.get(f"queue:{queue.name}") or figures["all"]), **in_menus.counts}


def _counts(
    centre: Centre,
    queue: Queue,
    parts: Iterable[Part],
    start: datetime,
    end: datetime,
    now: datetime,
) -> Mapping[str, int]:
    named = {
        name for part in parts for told in part.figures for name in (told.part, told.whole) if name
    }
    asked = queries.counts_behind(
        Visit.queue_id == queue.id,
        sorted(named),
        start,
        end,
        now,
        include_rehearsal=centre.rehearsing,
    )
    return db.session.execute(asked).one()._asdict()


def _row(told: Told, figures: Mapping[str, Any], counts: Mapping[str, int]) -> Row:
    part, whole = ((name, counts[name]) if name else None for name in (told.part, told.whole))
    if told.value is not None:
        return Row(told, told.value(figures), part, whole)
    if part and whole:
        return Row(told, share(part[1], whole[1]), part, whole)
    return Row(told, str(part[1]) if part else "–", part)
