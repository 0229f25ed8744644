"""Sweeps as the sweeper makes them, seen by the test at once."""

from collections.abc import Callable

import pytest

from contactcenter.db import db
from contactcenter.edge import run_sweeps
from tests.factories import World


@pytest.fixture
def sweep(world: World) -> Callable[[], None]:
    def swept() -> None:
        run_sweeps(world.centre_id)
        db.session.expire_all()

    return swept
