"""Ten weeks of a queue, in one statement: planning is about many days, not about one visit.

A plugin of pytest, loaded by tests/conftest.py: the pages are tested with it too.
"""

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import g

from contactcenter import clock as times
from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, transaction
from contactcenter.planning.experience import Experience
from contactcenter.queues.models import Queue, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel
from tests.factories import World

PARIS = ZoneInfo("Europe/Paris")
MakeHistory = Callable[..., None]
Learn = Callable[..., Any]


@pytest.fixture
def store(app: ContactCenter, world: World) -> Callable[[list[dict[str, Any]]], None]:
    """Many visits of the phone queue at once; each says only what differs."""

    def keep(rows: list[dict[str, Any]]) -> None:
        usual = {
            "queue_id": world.phone_queue_id,
            "channel": Channel.PHONE,
            "state": VisitState.OVER,
            **dict.fromkeys(("caller_key", "called_at", "answered_at", "ended_at")),
        }
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            db.session.execute(db.insert(Visit), [usual | row for row in rows])

    return keep


@pytest.fixture
def history(store: Any) -> MakeHistory:
    """Weekdays from 9 to 12, six an hour more or less, 240 s each; one in six gives up."""

    def make(weeks: int = 6, an_hour: float = 12, seed: int = 1) -> None:
        chance, today = random.Random(seed), times.now().astimezone(PARIS).date()
        rows = []
        for back in range(1, 7 * weeks + 1):
            day = today - timedelta(days=back)
            if day.weekday() < 5:
                rows += list(_calls(chance, day, an_hour))
        store(rows)

    return make


def _calls(chance: random.Random, day: date, an_hour: float) -> Iterator[dict[str, Any]]:
    at = datetime(day.year, day.month, day.day, 9, tzinfo=PARIS)
    end = at + timedelta(hours=3)
    while (at := at + timedelta(hours=chance.expovariate(an_hour))) < end:
        patience, offered = chance.expovariate(1 / 150), chance.expovariate(1 / 30)
        left = at + timedelta(seconds=min(patience, offered))
        if patience < offered:
            yield {"entered_at": at, "left_at": left, "outcome": Outcome.ABANDONED}
            continue
        ended = left + timedelta(seconds=chance.expovariate(1 / 240))
        yield {
            "entered_at": at,
            "left_at": left,
            "called_at": left,
            "answered_at": left,
            "ended_at": ended,
            "outcome": Outcome.ANSWERED,
        }


@pytest.fixture
def learn(app: ContactCenter, world: World) -> Learn:
    """Ask something of the experience of a queue, inside its own transaction."""

    def ask(question: Callable[[Experience], Any], day: date, queue_id: int | None = None) -> Any:
        with app.test_request_context(), within(Scope(world.centre_id)), transaction():
            centre = db.session.get_one(Centre, world.centre_id)
            g.timezone = centre.timezone
            queue = db.session.get_one(Queue, (world.centre_id, queue_id or world.phone_queue_id))
            return question(Experience(centre, queue, day))

    return ask


@pytest.fixture
def workday() -> date:
    """The next day from tomorrow on that is no weekend."""
    day = times.now().astimezone(PARIS).date() + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day
