"""A worker killed at any moment loses no job and does none twice."""

import signal

import pytest
from sqlalchemy import text

from contactcenter import outbox
from contactcenter.citizens import actions as citizens
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.edge import JOBS, drain, transaction
from contactcenter.replies import actions as replies
from contactcenter.replies.models import HeldReply
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Message, MessageKind
from tests import doomed

WINDOWS = ("after the claim", "before the mark", "after the effect", "after the commit")


@pytest.mark.parametrize("window", WINDOWS)
def test_a_worker_killed_there_neither_loses_nor_doubles_its_job(app, world, urls, window):
    JOBS["tests.effect"] = lambda name: citizens.create(name=name) and None
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        outbox.stage("tests.effect", name="Effet")
        db.session.execute(text("UPDATE outbox_messages SET due_at = '2020-01-01'"))
    _kill_a_worker(window, urls)
    with app.app_context(), within(Scope(world.centre_id)):
        _let_the_lease_end()
        drain("urgent")
        names = db.session.scalars(db.select(Citizen.name)).all()
    assert names == ["Effet"]


@pytest.mark.parametrize("window", WINDOWS)
def test_a_worker_killed_while_a_held_reply_leaves_says_it_once(app, world, urls, window):
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        ticket = tickets.open_ticket("Avis", channel=Channel.EMAIL, language="fr", text="Perdu")
        replies.hold(ticket.id, "Il part ce soir.", by=world.agent, seconds=10)
    with app.app_context(), within(Scope(world.centre_id)):
        with transaction():
            db.session.execute(text("UPDATE outbox_messages SET due_at = '2020-01-01'"))
        _kill_a_worker(window, urls)
        _let_the_lease_end()
        drain("urgent")
        said = db.select(Message.text).where(Message.kind == MessageKind.REPLY)
        assert db.session.scalars(said).all() == ["Il part ce soir."]
        assert db.session.scalars(db.select(HeldReply.id)).all() == []


def _kill_a_worker(window, urls) -> None:
    assert doomed.ended(doomed.begun(doomed.work, window, urls)) == -signal.SIGKILL


def _let_the_lease_end() -> None:
    with transaction():
        db.session.execute(
            text("UPDATE outbox_messages SET due_at = '2020-01-01' WHERE done_at IS NULL")
        )
