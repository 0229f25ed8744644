"""Five weeks before a demo centre opened, plainly invented: plans and reports have a past to tell.

It is kept as the history of an earlier system, so that no list of people to call back and no board
of the day holds anybody of it. The same centre gets the same past on the same day.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapreplace
from itertools import count
from math import log
from random import Random
from typing import Any

from contactcenter.db import write
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Site
from contactcenter.directory.rules import Segment, open_segments
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.models import Queue, QueueKind, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.past_models import LoggedSession
from contactcenter.queues.targets import due_of
from contactcenter.tickets.models import Channel

NAME = "exemple"  # of the earlier system
WEEKS = timedelta(weeks=5)
SEED = 20
# How busy each hour (UTC) and each day of the week is beside the mean.
HOURS = {8: 0.8, 9: 1.15, 10: 1.2, 11: 0.8, 12: 0.7, 13: 1.05, 14: 1.1, 15: 0.9, 16: 0.7}
OTHER_HOURS = 0.5
WEEKDAYS = (1.2, 1.0, 0.95, 0.95, 0.9, 0.8, 0.5)
BUSYNESS = 60.0  # shape of the gamma law of whole days: they differ by an eighth
LANGUAGES = ("fr", "nl", "en", "de"), (88, 4, 5, 3)
ANSWERED_AFTER = log(16 * 3600), 0.7  # letters, in seconds
WRITING = 600.0
SPREAD = 0.6  # of handling times, as logarithms

Row = dict[str, Any]


@dataclass(frozen=True)
class Room:
    """How a queue is served: people an hour for each agent, and seconds of service and patience."""

    rate: float
    agents: int
    handling: float
    patience: float


def lay(queue: Queue, site: Site, counters: int, now: datetime) -> None:
    """Store the past of a queue of citizens, until the beginning of today."""
    room, hours = _room(queue, counters), hours_of(site)
    chance, numbers = Random(f"{SEED} {queue.name}"), count(1)  # noqa: S311 - a play, no secret
    until, _end = day_of(now.astimezone(hours.zone).date(), site.timezone)
    for segment in open_segments(hours, until - WEEKS, until):
        for at, fate in _lives(queue, room, segment, until, chance):
            told = {"entered_at": at, "log_call": f"{queue.id}-{next(numbers)}", **fate}
            write(Visit, **_of_everybody(queue, chance), **told)
        for agent in range(1, room.agents + 1):
            _be_there(queue, agent, segment)


def _of_everybody(queue: Queue, chance: Random) -> Row:
    (language,) = chance.choices(*LANGUAGES)
    return {
        "queue_id": queue.id,
        "team_id": queue.belongs_to,
        "channel": _channel(queue, chance),
        "state": VisitState.OVER,
        "source_log": NAME,
        "log_leg": 1,
        "language": language,
    }


def _lives(
    queue: Queue, room: Room, segment: Segment, until: datetime, chance: Random
) -> Iterator[tuple[datetime, Row]]:
    """When each came in one stretch of open hours, and what became of them."""
    came = _arrivals(room, segment, chance)
    if queue.kind is QueueKind.WRITTEN:
        return _letters(queue, came, until, chance)
    return _line(queue, room, came, segment, chance)


def _room(queue: Queue, counters: int) -> Room:
    if queue.kind is QueueKind.COUNTER:
        return Room(rate=7, agents=min(3, counters), handling=360, patience=1800)
    if queue.kind is QueueKind.PHONE:
        return Room(rate=6, agents=3, handling=420, patience=240)
    return Room(rate=4, agents=1, handling=WRITING, patience=0)


def _arrivals(room: Room, segment: Segment, chance: Random) -> Iterator[datetime]:
    opens, closes = segment
    busy = chance.gammavariate(BUSYNESS, 1 / BUSYNESS) * WEEKDAYS[opens.weekday()]
    most = room.rate * room.agents * busy * max(HOURS.values()) / 3600
    at = opens
    while (at := at + timedelta(seconds=chance.expovariate(most))) < closes:
        # Thinned: of the most that may come, as many as come at that hour.
        if chance.random() * max(HOURS.values()) < HOURS.get(at.hour, OTHER_HOURS):
            yield at


def _line(
    queue: Queue, room: Room, came: Iterable[datetime], segment: Segment, chance: Random
) -> Iterator[tuple[datetime, Row]]:
    """Each is served by who is free first, unless they give up before."""
    free = [(segment[0], number) for number in range(1, room.agents + 1)]
    for at in came:
        begins, agent = max(at, free[0][0]), free[0][1]
        gives_up = at + timedelta(seconds=chance.expovariate(1 / room.patience))
        if gives_up < begins:
            is_short = (gives_up - at).total_seconds() <= queue.short_seconds
            outcome = Outcome.ABANDONED_SHORT if is_short else Outcome.ABANDONED
            yield at, {"outcome": outcome, "left_at": gives_up}
            continue
        ends = begins + timedelta(seconds=chance.lognormvariate(log(room.handling), SPREAD))
        heapreplace(free, (ends, agent))
        yield at, _served(begins, ends, _agent(queue, agent))


def _letters(
    queue: Queue, came: Iterable[datetime], until: datetime, chance: Random
) -> Iterator[tuple[datetime, Row]]:
    """Answered some hours later; what would not be by now is left out."""
    for at in came:
        begins = at + timedelta(seconds=chance.lognormvariate(*ANSWERED_AFTER))
        ends = begins + timedelta(seconds=chance.lognormvariate(log(WRITING), SPREAD))
        if ends < until:
            yield at, {**_served(begins, ends, _agent(queue, 1)), "due_at": due_of(queue, at)}


def _served(begins: datetime, ends: datetime, agent: str) -> Row:
    moments = dict.fromkeys(("called_at", "left_at", "answered_at"), begins)
    return {"outcome": Outcome.ANSWERED, **moments, "ended_at": ends, "agent_name": agent}


def _be_there(queue: Queue, agent: int, segment: Segment) -> None:
    write(
        LoggedSession,
        source_log=NAME,
        agent_name=_agent(queue, agent),
        queue_id=queue.id,
        began_at=segment[0],
        ended_at=segment[1],
    )


def _agent(queue: Queue, number: int) -> str:
    return f"{NAME} {queue.id}-{number}"


def _channel(queue: Queue, chance: Random) -> Channel:
    if queue.kind is QueueKind.COUNTER:
        return Channel.COUNTER
    if queue.kind is QueueKind.PHONE:
        return Channel.PHONE
    return chance.choice((Channel.EMAIL, Channel.EMAIL, Channel.LETTER, Channel.WEB))
