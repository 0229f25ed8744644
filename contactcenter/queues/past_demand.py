"""What a queue's past tells of one day: the one forecast that boards, alarms and plans go by."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.directory.holidays import UnknownCalendar, name_of
from contactcenter.directory.models import Site
from contactcenter.directory.rules import open_time_between
from contactcenter.queues import demand_rows
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.forecast import WEEKS, Expectation, PastDay, expectation
from contactcenter.queues.forecast_models import KnownEvent
from contactcenter.queues.known import known_queue
from contactcenter.queues.models import Queue

SLOTS = 48
# Twelve months of it would tell of holidays; ten weeks tell what a weekday is like now.
LOOKS_BACK = timedelta(weeks=WEEKS)
LOOKS_BACK_FOR_HOLIDAYS = timedelta(days=400)
SHUT = timedelta(0)


class PastDemand:
    """Of one queue, for one day, read when first asked for."""

    def __init__(self, centre: Centre, queue: Queue, day: date, now: datetime) -> None:
        self.centre, self.queue, self.day, self.now = centre, queue, day, now
        self.today = now.astimezone(ZoneInfo(centre.timezone)).date()

    @classmethod
    def of_days(
        cls, centre: Centre, queue: Queue, days: Sequence[date], now: datetime
    ) -> list["PastDemand"]:
        """Of several days, the past read once for all of them."""
        told = [cls(centre, queue, day, now) for day in days]
        widest = min(told, key=lambda each: each._first)
        for each in told:
            each._by_day = {
                day: people for day, people in widest._by_day.items() if day >= each._first
            }
        return told

    @cached_property
    def expectation(self) -> Expectation | None:
        """Of the whole day, before it began; None with too few days like it."""
        holiday, factor = self.holiday(self.day) is not None, self.factor(self.day)
        return expectation(self._past(), self.day, holiday=holiday, factor=factor)

    @property
    def counts(self) -> Sequence[int]:
        """People who came on the day, by half-hour."""
        return self._by_day.get(self.day, [0] * SLOTS)

    def holiday(self, day: date) -> str | None:
        return holiday_name(*self._place, day)

    def factor(self, day: date) -> float:
        """What the events known for that day multiply its demand by."""
        product = 1.0
        for each in self.events(day):
            product *= each.factor
        return product

    def events(self, day: date) -> list[KnownEvent]:
        return [
            each
            for each in self._events
            if each.begins_on <= day <= each.ends_on and self._concerns(each)
        ]

    def _concerns(self, event: KnownEvent) -> bool:
        return not event.queue_ids or self.queue.id in event.queue_ids

    @cached_property
    def _place(self) -> tuple[str, str | None]:
        """Whose holidays apply: the site's, else the centre's country's."""
        if self.queue.site_id is None:
            return self.centre.country, None
        site = db.session.get_one(Site, (self.centre.id, self.queue.site_id))
        return site.country, site.region

    @cached_property
    def _events(self) -> Sequence[KnownEvent]:
        until = max(self.day, self.today)
        return db.session.scalars(demand_rows.events(self._first, until)).all()

    @property
    def _first(self) -> date:
        """The first day that matters: holidays are rare, and looked for in a whole year."""
        rare = self.holiday(self.day) is not None
        back = LOOKS_BACK_FOR_HOLIDAYS if rare else LOOKS_BACK
        return min(self.day, self.today) - back

    @cached_property
    def _by_day(self) -> Mapping[date, list[int]]:
        rows = db.session.execute(
            demand_rows.people_by_half_hour(
                [self.queue.id],
                day_of(self._first, self.centre.timezone)[0],
                self.now,
                self.centre.timezone,
                include_rehearsal=self.centre.rehearsing,
            )
        )
        found: dict[date, list[int]] = {}
        for _queue_id, day, slot, people in rows:
            found.setdefault(day, [0] * SLOTS)[slot] += people
        return found

    def _past(self) -> list[PastDay]:
        """Every day since the first on which somebody came, less those it was shut and this is not.

        A day the doors stayed closed says nothing of one on which they open.
        """
        if not self._by_day:
            return []
        first, end = min(self._by_day), min(self.day, self.today)
        opens = self._is_open(self.day)
        days = (first + timedelta(days=n) for n in range((end - first).days))
        return [
            PastDay(
                each,
                self._by_day.get(each, [0] * SLOTS),
                self.factor(each),
                self.holiday(each) is not None,
            )
            for each in days
            if each in self._by_day or not opens or self._is_open(each)
        ]

    def _is_open(self, day: date) -> bool:
        known = known_queue(self.queue.id)
        if known is None:
            return False
        return open_time_between(known.hours, *day_of(day, self.centre.timezone)) > SHUT


def holiday_name(country: str, region: str | None, day: date) -> str | None:
    """What that day is called where it is a public holiday, as far as that is known."""
    try:
        return name_of(country, region, day, "fr")
    except UnknownCalendar:
        return None
