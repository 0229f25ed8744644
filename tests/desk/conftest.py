"""Who sits at the desk."""

import pytest
from flask.testing import FlaskClient

from tests.conftest import SignIn
from tests.factories import World


@pytest.fixture
def agent(sign_in: SignIn, world: World) -> FlaskClient:
    return sign_in(world.agent)
