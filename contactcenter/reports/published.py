"""What a centre tells everybody of its service: rounded, and nothing that could point at anyone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.languages import zone
from contactcenter.queues.announced import Accuracy, accuracy
from contactcenter.queues.interval_rows import tallies
from contactcenter.queues.models import Queue
from contactcenter.queues.tally import Share, Tally
from contactcenter.reports import overview, queries
from contactcenter.reports.disclosure import LEAST, rounded
from contactcenter.reports.periods import Period, month_of

MONTHS = 3
KEPT_FOR = timedelta(minutes=1)
MOST_CENTRES = 100
ENOUGH = 4 * LEAST  # for a share or a mean


@dataclass(frozen=True)
class Published:
    """Counts are rounded to 5, and None below 5; shares (0..1) and minutes None below 20 cases.

    `reached` is the served among the served and the lost, `on_time` answered within the queue's
    threshold among all to whom an answer was due.
    """

    arrived: int | None
    served: int | None
    reached: float | None
    on_time: float | None
    wait_minutes: int | None

    @classmethod
    def of(cls, tally: Tally) -> "Published":
        decided, wait = tally.served + tally.lost.part, tally.asa_seconds
        return cls(
            arrived=rounded(tally.arrived),
            served=rounded(tally.served),
            reached=_told(Share(tally.served, decided)),
            on_time=_told(tally.on_time),
            wait_minutes=None if wait is None or tally.answered < ENOUGH else round(wait / 60),
        )


KEPT: dict[int, tuple[datetime, "Quality"]] = {}  # by centre

NOBODY = Published(arrived=0, served=0, reached=None, on_time=None, wait_minutes=None)


@dataclass(frozen=True)
class Quality:
    """The last whole months, the newest first, by queue; `kept` is of the waits people were told,
    the share that were served before the later minute they were told.
    """

    months: Sequence[Period]
    queues: Sequence[tuple[Queue, Sequence[Published]]]
    kept: float | None


def quality(centre: Centre) -> Quality:
    """As counted within the last minute, however many ask."""
    now = clock.now()
    found = KEPT.get(centre.id)
    if found is None or not timedelta(0) <= now - found[0] < KEPT_FOR:
        if len(KEPT) >= MOST_CENTRES:
            KEPT.clear()
        found = KEPT[centre.id] = (now, _counted(centre))
    return found[1]


def _counted(centre: Centre) -> Quality:
    months = last_months(clock.now().astimezone(zone()).date())
    own = queues()
    for queue in own:
        db.session.expunge(queue)  # outlives the transaction
    told = [by_queue(centre, month, own) for month in months]
    since = months[-1].bounds(centre.timezone)[0]
    return Quality(
        months=months,
        queues=[
            (queue, [month.get(queue.id, NOBODY) for month in told])
            for queue in own
            if any(queue.id in month for month in told)
        ],
        kept=_kept(accuracy(since, include_rehearsal=centre.rehearsing)),
    )


def queues() -> list[Queue]:
    """Those in which citizens wait: none of experts."""
    return [each for each in db.session.scalars(queries.queues()) if each.team_id is None]


def by_queue(centre: Centre, period: Period, asked: Iterable[Queue]) -> dict[int, Published]:
    """By queue to which anybody came."""
    found = tallies(overview.asked_of(centre, period, [each.id for each in asked]), "queue_id")
    return {queue_id: Published.of(tally) for queue_id, tally in found.items()}


def whole_percent(share: float | None) -> int | None:
    return None if share is None else round(share * 100)


def last_months(today: date) -> list[Period]:
    months = [month_of(today.replace(day=1) - timedelta(days=1))]
    while len(months) < MONTHS:
        months.append(months[-1].before)
    return months


def _kept(told: Iterable[Accuracy]) -> float | None:
    told = list(told)
    return _told(Share(sum(each.by_high for each in told), sum(each.served for each in told)))


def _told(share: Share) -> float | None:
    return share.share if share.whole >= ENOUGH else None
