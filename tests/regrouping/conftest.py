"""A centre whose requests become one, and two again."""

import pytest

from contactcenter.edge import ContactCenter
from tests.factories import World
from tests.regrouping.stage import Scene


@pytest.fixture
def scene(app: ContactCenter, world: World) -> Scene:
    return Scene(app, world)
