"""Sweepers of processes of their own, killed or side by side: each step is told once."""

import signal
from collections.abc import Callable
from multiprocessing.process import BaseProcess

import pytest
from sqlalchemy import Engine, text

from bench.sweeper import DOUBLED, LOST, sweep_under_fire
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import asking
from contactcenter.escalation.models import Pressing, Referral
from contactcenter.escalation.staffing_models import Alert
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from servers.private import Urls
from tests import doomed
from tests.conftest import MovableClock
from tests.escalation.matter import Matter
from tests.factories import World

WINDOWS = {"between step and notice": 0, "after the notice": 0, "after the commit": 1}


@pytest.fixture
def start(world: World, urls: Urls, clock: MovableClock) -> Callable[..., list[BaseProcess]]:
    """Start sweepers, one for each window, that begin together."""
    barriers = []  # kept for whoever is still on the way to one

    def begin(*windows: str) -> list[BaseProcess]:
        barriers.append(doomed.forks.Barrier(len(windows)))
        known = (urls, world.centre_id, clock.time, barriers[-1])
        return [doomed.begun(doomed.sweep, window, *known) for window in windows]

    return begin


@pytest.mark.prove
@pytest.mark.timeout(600)
def test_sweepers_killed_at_random_lose_and_double_nothing(
    asked: Referral, world: World, urls: Urls, clock: MovableClock, owner: Engine
) -> None:
    copies = text(
        "INSERT INTO referrals (centre_id, ticket_id, team_id, organisation_id, status, is_live,"
        " question, blocks, blocked_since, tried, right_lost, closing_text, standard_procedure,"
        " is_rehearsal, asked_by, asked_at, due_at, next_due_at, steps_done)"
        " SELECT centre_id, ticket_id, team_id, organisation_id, status, false, question, '', '',"
        " '', '', '', false, false, asked_by, asked_at, due_at, next_due_at, 0"
        " FROM referrals, generate_series(1, 4000)"
    )
    db.session.rollback()
    with owner.begin() as line:
        line.execute(copies)
    clock.advance(days=2)
    due = text("SELECT count(*) FROM referrals WHERE next_due_at <= :moment")

    def is_over() -> bool:
        with owner.connect() as line:
            return line.scalar(due, {"moment": clock.time}) == 0

    killed = sweep_under_fire(urls, world.centre_id, clock.time, is_over, seed=7)
    assert killed
    known = {"centre": world.centre_id, "moment": clock.time}
    with owner.connect() as line:
        wrong = [line.exec_driver_sql(asked, known).scalars().all() for asked in (LOST, DOUBLED)]
    assert wrong == [[0, 0, 0], [0, 0, 0]]
    assert count(Pressing) == 4001


def count(model: type[Pressing | Alert]) -> int:
    return len(db.session.scalars(db.select(model.id)).all())


def told() -> int:
    return len(db.session.scalars(db.select(Notice.id).where(Notice.kind == "ladder")).all())


@pytest.mark.parametrize("window", WINDOWS)
def test_a_sweeper_killed_there_neither_loses_nor_doubles_a_notice(
    asked: Referral, clock: MovableClock, sweep: Callable[[], None], start, window: str
) -> None:
    db.session.rollback()
    clock.advance(days=2)
    (sweeper,) = start(window)
    assert doomed.ended(sweeper) == -signal.SIGKILL
    assert count(Pressing) == told() == WINDOWS[window]
    db.session.rollback()
    sweep()
    sweep()
    assert (count(Pressing), count(Alert), told()) == (1, 1, 1)


def test_two_sweepers_side_by_side_tell_each_question_once(
    in_centre: None, world: World, matter: Matter, clock: MovableClock, start
) -> None:
    team = db.session.get_one(Team, (world.centre_id, world.team_id))
    with transaction():
        for number in range(4):
            ticket = tickets.get(matter.ticket_id)
            asking.ask(ticket, team, question=f"Question {number} ?", by=world.agent)
    clock.advance(days=2)
    assert [doomed.ended(sweeper) for sweeper in start("", "")] == [0, 0]
    db.session.rollback()
    assert (count(Pressing), count(Alert), told()) == (4, 4, 4)
