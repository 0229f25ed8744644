import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from contactcenter.db import Scope, db, within
from contactcenter.queues.models import Visit
from contactcenter.tickets.models import Message, MessageKind


class Desk:
    """An agent at a counter, through the pages only."""

    def __init__(self, browser: FlaskClient, counter_id: int) -> None:
        self.browser = browser
        answer = browser.post("/counter/place", data={"counter": counter_id})
        assert answer.status_code == 303, answer.text

    def page(self) -> str:
        return self.browser.get("/counter").text

    def post(self, path: str, **form: object) -> TestResponse:
        return self.browser.post(f"/counter/{path}", data=form)

    def admit(self, topic: str = "", **form: object) -> int:
        """Give a number through the form as it is shown; the id of the visit."""
        key = re.search(r'name="key" type="hidden" value="(\w+)"', self.page())
        assert key
        answer = self.post("visits", topic=topic, key=key[1], **form)
        assert answer.status_code == 303, answer.text
        return int(answer.location.rpartition("=")[2])

    def call(self, visit: int | None = None, done: str = "") -> TestResponse:
        """Press the big button; `visit` is whom the page shows as received."""
        return self.post("calls", visit=visit or "", done=done)

    def receive(self, visit: int) -> None:
        assert self.post(f"visits/{visit}/service").status_code == 303


@pytest.fixture
def desk(world, sign_in) -> Desk:
    return Desk(sign_in(world.agent), world.counter_id)


@pytest.fixture
def second_desk(world, sign_in) -> Desk:
    return Desk(sign_in(world.second_agent), world.second_counter_id)


@pytest.fixture
def load(app, world):
    """Read a row as the centre's staff would."""

    def loaded(kind, row_id):
        with app.app_context(), within(Scope(world.centre_id)):
            row = db.session.get(kind, (world.centre_id, row_id))
            db.session.expunge_all()
            return row

    return loaded


@pytest.fixture
def visit_of(load):
    return lambda visit_id: load(Visit, visit_id)


@pytest.fixture
def records(app, world):
    """What agents wrote down as done, in order."""

    def texts() -> list[str]:
        with app.app_context(), within(Scope(world.centre_id)):
            query = (
                db.select(Message.text)
                .where(Message.kind == MessageKind.RECORD)
                .order_by(Message.id)
            )
            return list(db.session.scalars(query))

    return texts
