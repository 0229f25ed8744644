"""Stretches of days that are reported together, and those they are compared with."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from contactcenter.queues.civil_days import day_of

A_WEEK = timedelta(days=7)
A_YEAR = timedelta(days=364)  # 52 weeks: the same days of the week
LONGEST = 400


class Kind(StrEnum):
    WEEK = "week"
    MONTH = "month"
    OWN = "own"


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both included."""

    kind: Kind
    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """The one just before, as long; of a month the month before."""
        if self.kind is Kind.MONTH:
            return month_of(self.first - timedelta(days=1))
        return self._moved(-timedelta(days=self.days))

    @property
    def after(self) -> "Period":
        if self.kind is Kind.MONTH:
            return month_of(self.last + timedelta(days=1))
        return self._moved(timedelta(days=self.days))

    @property
    def year_before(self) -> "Period":
        """The same month a year before; else 52 weeks before, on the same days of the week."""
        if self.kind is Kind.MONTH:
            return month_of(self.first.replace(year=self.first.year - 1))
        return self._moved(-A_YEAR)

    def bounds(self, timezone: str) -> tuple[datetime, datetime]:
        """From the midnight it begins to the one it ends, in the place's own time."""
        return day_of(self.first, timezone)[0], day_of(self.last, timezone)[1]

    def _moved(self, by: timedelta) -> "Period":
        return Period(self.kind, self.first + by, self.last + by)


def week_of(day: date) -> Period:
    first = day - timedelta(days=day.weekday())
    return Period(Kind.WEEK, first, first + A_WEEK - timedelta(days=1))


def month_of(day: date) -> Period:
    first = day.replace(day=1)
    following = (first + timedelta(days=31)).replace(day=1)
    return Period(Kind.MONTH, first, following - timedelta(days=1))


def own(first: date, last: date) -> Period:
    """Raises ValueError for a range that ends before it begins, or is over 400 days long."""
    period = Period(Kind.OWN, first, last)
    if not 1 <= period.days <= LONGEST:
        raise ValueError("no such range")
    return period
