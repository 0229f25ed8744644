"""How many people a team's questions or letters take, from what is there and what comes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from contactcenter import clock
from contactcenter.accounts.models import Centre, Membership
from contactcenter.db import db
from contactcenter.directory.rules import Hours, open_time_between
from contactcenter.planning import queries
from contactcenter.queues.backlog import Outcome, Work, needed, outcome
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.known import known_queue
from contactcenter.queues.models import Queue
from contactcenter.queues.past_demand import PastDemand
from contactcenter.queues.spans import moment, united
from contactcenter.queues.window import served

MEASURED_OVER = timedelta(days=28)
FEWEST_SERVICES = 5
DAYS_AHEAD = 7
FEWER, MORE = 2, 3
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Measured:
    """Open minutes in which people had a piece at hand, for each that they finished."""

    services: int
    minutes: float


@dataclass(frozen=True)
class WrittenWork:
    """`ladder` around `in_time` people; None where arrivals or the time of a piece are unknown."""

    queue: Queue
    measured: Measured | None
    minutes: float | None
    people: int  # who serve it
    oldest_at: datetime | None
    open: int
    work: Work | None
    open_days: int
    steady: int = 0
    in_time: int = 0
    ladder: tuple[Outcome, ...] = ()


def written_work(centre: Centre, queue: Queue, typed_minutes: float | None) -> WrittenWork:
    now, known = clock.now(), known_queue(queue.id)
    assert known is not None, "a queue that exists"
    measured = _measured(centre, queue, known.hours, now)
    minutes = typed_minutes or (measured.minutes if measured else None)
    waiting = db.session.execute(queries.open_pieces(queue.id, now, played=centre.rehearsing)).all()
    left = [(_left(known.hours, now, row.due_at), int(row.pieces)) for row in waiting]
    open_days, work = 0, None
    if minutes and (coming := _coming(centre, queue, known.hours, now)):
        weekly, open_days, open_minutes = coming
        target = queue.threshold_seconds / 60
        work = Work(weekly / open_days, minutes, open_minutes / open_days, left, target)
    steady, in_time = needed(work) if work else (0, 0)
    return WrittenWork(
        queue=queue,
        measured=measured,
        minutes=minutes,
        people=db.session.scalar(_people(queue)) or 0,
        oldest_at=min((row.oldest for row in waiting), default=None),
        open=sum(pieces for _minutes, pieces in left),
        work=work,
        open_days=open_days,
        steady=steady,
        in_time=in_time,
        ladder=_ladder(work, steady, in_time),
    )


def _ladder(work: Work | None, steady: int, in_time: int) -> tuple[Outcome, ...]:
    """For what comes, and around what the deadlines ask for."""
    if work is None:
        return ()
    people = {steady, *range(max(1, in_time - FEWER), in_time + MORE + 1)}
    return tuple(outcome(work, n) for n in sorted(people))


def _left(hours: Hours, now: datetime, due_at: datetime | None) -> float:
    """Open minutes until the deadline; below nought once it has passed."""
    if due_at is None:
        return 0.0
    return open_time_between(hours, now, due_at) / A_MINUTE


def _coming(
    centre: Centre, queue: Queue, hours: Hours, now: datetime
) -> tuple[float, int, float] | None:
    """Pieces of the next seven days, their open days and open minutes; None if one is unknown."""
    pieces = minutes = 0.0
    days = 0
    today = now.astimezone(hours.zone).date()
    ahead = [today + timedelta(days=n) for n in range(1, DAYS_AHEAD + 1)]
    for each in PastDemand.of_days(centre, queue, ahead, now):
        told = each.expectation
        is_open = open_time_between(hours, *day_of(each.day, centre.timezone)) / A_MINUTE
        if told is None and is_open:
            return None
        pieces += sum(told.means) if told else 0.0
        minutes, days = minutes + is_open, days + bool(is_open)
    return (pieces, days, minutes) if days else None


def _measured(centre: Centre, queue: Queue, hours: Hours, now: datetime) -> Measured | None:
    """Several at hand at once count once: what they took together is what a piece takes."""
    services = served(
        centre.id, queue, now - MEASURED_OVER, now, include_rehearsal=centre.rehearsing
    )
    by_person: dict[str, list[tuple[int, int]]] = {}
    for who, began, ended in services:
        if ended is not None:
            by_person.setdefault(who, []).append((began, ended))
    finished = sum(len(spans) for spans in by_person.values())
    if finished < FEWEST_SERVICES:
        return None
    open_time = sum(
        (
            open_time_between(hours, moment(began), moment(ended))
            for spans in by_person.values()
            for began, ended in united(spans)
        ),
        timedelta(0),
    )
    minutes = open_time / A_MINUTE / finished
    return Measured(finished, minutes) if minutes else None


def _people(queue: Queue) -> Select[int]:
    of_queue = Membership.queue_id == queue.id
    serves = Membership.team_id == queue.team_id if queue.team_id else of_queue
    return select(func.count(Membership.person_id.distinct())).where(
        Membership.centre_id == queue.centre_id, serves
    )
