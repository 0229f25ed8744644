"""Somebody at home in front of the public form."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contactcenter.db import Scope, db, within
from tests.factories import World

ASKED = {
    "text": "Je n’ai pas reçu mon avis d’impôt.",
    "reach": "email",
    "email": "zoe@courriel.example",
    "language": "fr",
}


class Visitor:
    """A stranger's browser: opens the form, takes their time, sends it."""

    def __init__(self, browser: FlaskClient, code: str, clock: Any) -> None:
        self.browser, self.path, self._clock = browser, f"/ask/{code}", clock

    def open(self, **query: object) -> dict[str, str]:
        """The hidden fields of a fresh form."""
        return self.hidden(self.browser.get(self.path, query_string=query))

    def hidden(self, answer: TestResponse) -> dict[str, str]:
        found = re.findall(r'name="(csrf_token|token)" type="hidden" value="([^"]*)"', answer.text)
        return dict(found)

    def send(self, form: dict[str, str] | None = None, **written: object) -> TestResponse:
        """Send a form: a fresh one, read for five seconds, unless it is given."""
        if form is None:
            form = self.open()
            self._clock.advance(seconds=5)
        data = {**form, **ASKED, **written}
        return self.browser.post(
            self.path, data={name: value for name, value in data.items() if value is not None}
        )

    def receipt(self) -> str:
        return self.browser.get(f"{self.path}/receipt").text

    def code(self) -> str:
        return re.findall(r'class="code" id="code">([^<]+)<', self.receipt())[0]


@pytest.fixture
def visitor(app, world: World, clock) -> Visitor:
    return Visitor(app.test_client(), world.code, clock)


@pytest.fixture
def rows(app, world: World) -> Callable[[Any], list[Any]]:
    def loaded(query: Any) -> list[Any]:
        with app.app_context(), within(Scope(world.centre_id)):
            found = list(db.session.scalars(query))
            db.session.expunge_all()
            return found

    return loaded
