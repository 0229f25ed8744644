"""When a queue is said to be fluid or blocked, how long, and why."""

import re

from contactcenter import live
from contactcenter.db import Scope, db, within
from contactcenter.edge import run_sweeps, transaction
from contactcenter.queues.models import ChosenStatus, SaturationLevel, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.presence import choose


def test_a_level_gets_worse_after_two_minutes_and_better_after_five(
    app, world, visit, clock, sign_in
):
    assert _swept(app, world) == "fluid"
    visit(ago=0)
    levels = []
    for _ in range(3):
        clock.advance(minutes=1)
        levels.append(_swept(app, world))
    assert levels == ["fluid", "fluid", "blocked"]
    sign_in(world.agent)
    levels = []
    for _ in range(6):
        clock.advance(minutes=1)
        _serve(app, world)
        levels.append(_swept(app, world))
    assert levels == ["blocked"] * 5 + ["fluid"]


def test_a_queue_in_which_nobody_waits_is_not_blocked(app, world, visit, clock, sign_in):
    _swept(app, world)
    _blocked(app, world, visit, clock)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        row = db.session.scalars(db.select(Visit)).one()
        row.outcome, row.state, row.left_at = Outcome.ABANDONED, VisitState.OVER, clock.time
    clock.advance(seconds=1)  # also before it is swept again
    page = sign_in(world.manager).get("/board").text
    assert "Bloquée" not in page
    clock.advance(minutes=1)
    assert _swept(app, world) == "fluid"


def test_a_level_that_is_held_says_why_and_until_when(app, world, visit, clock, sign_in):
    _swept(app, world)
    _blocked(app, world, visit, clock)
    sign_in(world.agent)
    _serve(app, world)
    clock.advance(seconds=30)
    _swept(app, world)
    page = sign_in(world.manager).get("/board").text
    card = page.split(f'id="queue-{world.phone_queue_id}"')[1].split("</article>")[0]
    text = re.sub(r"\s", " ", card)
    assert "Bloquée" in text
    assert "Reste bloquée jusqu’à 10 h 09 : il n’y avait personne pour recevoir." in text
    assert "Rien à faire" not in text
    assert "Se calme" not in text


def test_boards_look_again_when_a_level_changed(app, world, visit, clock):
    _swept(app, world)
    clock.advance(seconds=16)
    before = _touches(app)
    _swept(app, world)
    assert _touches(app) == before
    clock.advance(minutes=1)
    _swept(app, world)
    assert _touches(app) == before + 1


def test_a_long_line_is_not_called_fluid_and_says_what_it_supposes(
    app, world, visit, clock, sign_in
):
    sign_in(world.agent)
    _serve(app, world)
    for _ in range(11):
        visit(ago=0.1)
    page = sign_in(world.manager).get("/board").text
    card = page.split(f'id="queue-{world.phone_queue_id}"')[1].split("</article>")[0]
    assert "Fluide" not in card
    assert "Rien à faire" not in card
    assert "11 personnes attendent pour 1" in card
    assert "Temps de service supposé" in card


def _serve(app, world) -> None:
    """An agent who signed in is there."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        choose(world.agent, ChosenStatus.READY)


def _blocked(app, world, visit, clock) -> None:
    visit(ago=0)
    for _ in range(4):
        clock.advance(minutes=1)
        level = _swept(app, world)
    assert level == "blocked"


def _swept(app, world) -> str:
    with app.app_context():
        run_sweeps(world.centre_id)
        with within(Scope(world.centre_id)), transaction():
            return db.session.scalars(
                db.select(SaturationLevel.level).where(
                    SaturationLevel.queue_id == world.phone_queue_id
                )
            ).one()


def _touches(app) -> int:
    with app.app_context(), transaction():
        changes = db.session.scalars(db.select(live.LiveChange.topics)).all()
    return sum("board" in topics for topics in changes)
