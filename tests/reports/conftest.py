"""Visits made directly: figures are about rows, however they came."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from contactcenter import clock as times
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, transaction
from contactcenter.queues.models import Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel
from tests.factories import World

MakeVisit = Callable[..., int]


@pytest.fixture
def visit(app: ContactCenter, world: World) -> MakeVisit:
    """Store a visit: `ago` and `wait`, `service` in minutes; says only what a test is about."""

    def make(
        outcome: Outcome | None = None,
        *,
        ago: float = 10,
        wait: float = 1,
        service: float | None = 2,
        of: World = world,
        queue_id: int | None = None,
        at: datetime | None = None,
        **more: Any,
    ) -> int:
        entered = at or times.now() - timedelta(minutes=ago)
        left = entered + timedelta(minutes=wait) if outcome else None
        answered = left if outcome is Outcome.ANSWERED else None
        ended = answered + timedelta(minutes=service) if answered and service else None
        row = Visit(
            queue_id=queue_id or of.phone_queue_id,
            channel=more.pop("channel", Channel.PHONE),
            entered_at=entered,
            outcome=outcome,
            left_at=left,
            called_at=answered,
            answered_at=answered,
            ended_at=ended,
            state=_state(outcome, is_over=not answered or ended is not None),
            **more,
        )
        with app.app_context(), within(Scope(of.centre_id)), transaction():
            db.session.add(row)
            db.session.flush()
            return row.id

    return make


def _state(outcome: Outcome | None, *, is_over: bool) -> VisitState:
    if outcome is None:
        return VisitState.WAITING
    return VisitState.OVER if is_over else VisitState.SERVING
