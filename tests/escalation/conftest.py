"""Sweeps as the sweeper makes them, seen by the test at once; and a look at what is stored."""

from collections.abc import Callable
from typing import Any

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, run_sweeps
from tests.factories import World


@pytest.fixture
def sweep(world: World) -> Callable[[], None]:
    def swept() -> None:
        run_sweeps(world.centre_id)
        db.session.expire_all()

    return swept


@pytest.fixture
def seen(app: ContactCenter, world: World) -> Callable[[type[Any]], list[Any]]:
    """Look at the database as the centre’s staff."""

    def look(model: type[Any]) -> list[Any]:
        with app.app_context(), within(Scope(world.centre_id)):
            rows = list(db.session.scalars(db.select(model).order_by(model.id)))
            db.session.expunge_all()
            return rows

    return look
