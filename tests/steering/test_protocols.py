"""Protocols: approved beforehand, started by a person or the rule, undone, measured."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from contactcenter.accounts.models import Membership
from contactcenter.db import Scope, db, within
from contactcenter.edge import SWEEPS, transaction
from contactcenter.errors import Conflict
from contactcenter.intake.phone.actions import WRAP_UP
from contactcenter.notices.models import Means, Notice
from contactcenter.queues import loans
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.past_models import LevelSpell
from contactcenter.queues.saturation import Level
from contactcenter.steering import actions, in_force, rules
from contactcenter.steering.jobs import measure_effects, steer
from contactcenter.steering.models import Protocol, ProtocolRun, Trigger
from tests.reports.conftest import visit as visit_fixture

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


visit = visit_fixture


@pytest.fixture
def inside(app, world):
    """Run in the centre and keep what was done."""

    def run(work):
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            return work()

    return run


@pytest.fixture
def protocol(inside, world, clock):
    def make(*, rule=False, level=Trigger.FULL, **asked) -> int:
        def work():
            row = Protocol(
                name="Renfort",
                queue_id=world.phone_queue_id,
                level=level,
                hold_minutes=5,
                starts_by_rule=rule,
                actions=asked or {"wrap_up_seconds": 20},
                approved_by=world.administrator.id,
                approved_at=clock.time,
            )
            db.session.add(row)
            db.session.flush()
            return row.id

        return inside(work)

    return make


@pytest.fixture
def level(inside, world, clock):
    """From now on the queue is shown at that level."""

    def show(name: str) -> None:
        def work():
            db.session.execute(
                db.update(LevelSpell)
                .where(LevelSpell.ended_at.is_(None))
                .values(ended_at=clock.time)
            )
            db.session.add(
                LevelSpell(queue_id=world.phone_queue_id, level=name, began_at=clock.time)
            )

        inside(work)

    return show


@pytest.fixture
def runs(inside):
    def look() -> list[ProtocolRun]:
        def work():
            rows = db.session.scalars(db.select(ProtocolRun).order_by(ProtocolRun.id)).all()
            for row in rows:
                db.session.expunge(row)
            return list(rows)

        return inside(work)

    return look


def start(protocol_id: int, world, by=None) -> int:
    row = db.session.get_one(Protocol, (world.centre_id, protocol_id))
    return actions.start(row, "Beaucoup de monde", by=by).id


def end(run_id: int, by=None) -> None:
    actions.end(actions.locked_run(run_id), "Fini", by=by)


@pytest.mark.parametrize(
    ("spells", "since"),
    [
        ([], None),
        ([(Level.FLUID, NOON)], None),
        ([(Level.FULL, NOON)], NOON),
        ([(Level.BLOCKED, NOON), (Level.FULL, NOON - MINUTE)], NOON - MINUTE),
        ([(Level.FULL, NOON), (Level.BUSY, NOON - MINUTE)], NOON),
    ],
)
def test_a_level_is_held_while_it_is_that_bad_or_worse(spells, since):
    assert rules.held_since(spells, Level.FULL) == since


@pytest.mark.parametrize(
    ("held", "last_end", "begins"),
    [
        (None, None, False),
        (4, None, False),
        (5, None, True),
        (9, 3, False),  # ended by a person while the level held
        (9, 20, True),
    ],
)
def test_the_rule_starts_once_in_a_stretch(held, last_end, begins):
    since = None if held is None else NOON - held * MINUTE
    ended = None if last_end is None else NOON - last_end * MINUTE
    assert rules.starts(since, 5 * MINUTE, ended, NOON) is begins


@pytest.fixture
def helpers(inside, world):
    """A queue whose people may be lent: one who serves the calls already, and one who does not."""

    def other_queue():
        queue = Queue(name="Renforts", kind=QueueKind.PHONE)
        db.session.add(queue)
        db.session.flush()
        for person in (world.agent, world.outsider):
            db.session.add(Membership(person_id=person.id, queue_id=queue.id))
        return queue.id

    return inside(other_queue)


@pytest.fixture
def serving(inside, world):
    members = db.select(Membership.person_id).where(Membership.queue_id == world.phone_queue_id)
    return lambda: inside(lambda: set(db.session.scalars(members)))


def test_people_are_lent_and_given_back_and_who_was_there_stays(
    inside, world, protocol, helpers, serving
):
    made, before = protocol(lend_from=helpers), serving()
    run_id = inside(lambda: start(made, world, world.manager))
    assert serving() == before | {world.outsider.id}
    inside(lambda: end(run_id, world.manager))
    assert serving() == before


def test_who_is_lent_by_name_meanwhile_serves_until_that_ends(
    inside, world, protocol, helpers, serving, clock
):
    made, before = protocol(lend_from=helpers), serving()
    run_id = inside(lambda: start(made, world, world.manager))
    until = clock.time + timedelta(hours=2)

    def lend():
        calls = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
        moments = {"begins_at": clock.time, "ends_at": until}
        loans.lend(world.outsider, calls, level=1, **moments, by=world.manager)

    inside(lend)
    inside(lambda: end(run_id, world.manager))
    assert serving() == before | {world.outsider.id}
    clock.time = until
    inside(loans.keep_time)
    assert serving() == before


def test_callers_hear_the_announcement_only_while_it_is_in_force(inside, world, protocol):
    made = protocol(announce={"fr": "Attente longue.", "nl": "Lange wachttijd."})

    def said(language):
        return in_force.said([world.phone_queue_id], language)

    assert inside(lambda: said("fr")) == in_force.Said()
    run_id = inside(lambda: start(made, world))
    assert inside(lambda: said("nl")) == in_force.Said(("Lange wachttijd.",))
    assert inside(lambda: said("de")) == in_force.Said(("Attente longue.",))
    inside(lambda: end(run_id))
    assert inside(lambda: said("fr")) == in_force.Said()


def test_a_menu_is_replaced_in_the_languages_that_have_words(inside, world, protocol):
    made = protocol(announce={"fr": "Tapez 1."}, replaces_menu=True)
    inside(lambda: start(made, world))
    hear = partial(in_force.said, [world.phone_queue_id])
    assert inside(lambda: hear("fr")) == in_force.Said(("Tapez 1.",), replaces_menu=True)
    assert not inside(lambda: hear("nl")).replaces_menu


def test_writing_up_is_shortened_and_never_lengthened(inside, world, protocol):
    def allowed():
        return in_force.wrap_up_of(world.phone_queue_id, WRAP_UP).total_seconds()

    made = protocol(wrap_up_seconds=20)
    assert inside(allowed) == 90
    run_id = inside(lambda: start(made, world))
    assert inside(allowed) == 20
    inside(lambda: end(run_id))
    assert inside(allowed) == 90


def test_who_is_called_in_is_written_to_once(inside, world, protocol):
    made = protocol(call_in=[world.manager.id])
    inside(lambda: start(made, world, world.administrator))
    written = inside(lambda: db.session.execute(db.select(Notice.to_address, Notice.subject)).all())
    assert [to for to, _subject in written] == [world.manager.email]
    assert written[0].subject.endswith("Téléphone")


def test_a_text_calls_somebody_in(inside, world, protocol):
    made = protocol(text_to=["+33639981234"])
    inside(lambda: start(made, world, world.administrator))
    (told,) = inside(lambda: db.session.execute(db.select(Notice.means, Notice.to_address)).all())
    assert (told.means, told.to_address) == (Means.SMS, "+33639981234")


def test_calls_back_are_offered_only_while_it_is_in_force(inside, world, protocol):
    made = protocol(offer_callbacks=True)

    def offered():
        return in_force.offers_callbacks(world.phone_queue_id)

    assert inside(offered) is False
    run_id = inside(lambda: start(made, world))
    assert inside(offered) is True
    inside(lambda: end(run_id))
    assert inside(offered) is False


def test_a_protocol_in_force_is_not_started_again(inside, world, protocol):
    made = protocol()
    inside(lambda: start(made, world))
    with pytest.raises(Conflict):
        inside(lambda: start(made, world))


def test_the_rule_starts_it_and_ends_it_when_the_level_falls(inside, protocol, level, runs, clock):
    protocol(rule=True)
    level("full")
    clock.advance(minutes=4)
    inside(steer)
    assert runs() == []
    clock.advance(minutes=1)
    inside(steer)
    assert [(run.started_by, run.ended_at) for run in runs()] == [(None, None)]
    level("busy")
    inside(steer)
    (run,) = runs()
    assert (run.ended_at, run.ended_by, run.end_why) == (
        clock.time,
        None,
        "Le niveau est retombé.",
    )


def test_what_a_rehearsal_filled_starts_nothing_once_it_is_over(
    inside, world, protocol, level, runs, clock
):
    protocol(rule=True)
    level("full")
    inside(lambda: db.session.execute(db.update(LevelSpell).values(is_rehearsal=True)))
    clock.advance(minutes=6)
    level("full")
    inside(steer)
    assert runs() == []


def test_without_a_rule_nothing_starts_by_itself(inside, protocol, level, runs, clock):
    protocol()
    level("blocked")
    clock.advance(hours=1)
    inside(steer)
    assert runs() == []


def test_one_started_by_hand_early_lasts_a_quarter_of_an_hour(inside, world, protocol, runs, clock):
    made = protocol()
    inside(lambda: start(made, world, world.manager))
    clock.advance(minutes=14)
    inside(steer)
    assert runs()[0].ended_at is None
    clock.advance(minutes=1)
    inside(steer)
    assert runs()[0].ended_at == clock.time


def test_its_effect_is_measured_before_during_and_after(
    inside, world, protocol, runs, clock, visit
):
    visit(Outcome.ABANDONED, ago=10, wait=4)
    made = protocol()
    run_id = inside(lambda: start(made, world))
    clock.advance(minutes=20)
    visit(Outcome.ANSWERED, ago=10, wait=2)
    inside(lambda: end(run_id))
    clock.advance(minutes=31)
    visit(Outcome.ANSWERED, ago=5, wait=1)
    inside(measure_effects)
    (run,) = runs()
    assert (run.before["arrived"], run.before["gave_up"], run.before["minutes"]) == (1, 1, 30)
    assert (run.during["answered"], run.during["mean_wait_seconds"]) == (1, 120)
    assert (run.after["answered"], run.after["mean_wait_seconds"]) == (1, 60)


def test_the_sweeper_steers_and_measures():
    assert {steer, measure_effects} <= {work for _seconds, work in SWEEPS}


GOOD = {
    "name": "Soir",
    "level": "full",
    "hold_minutes": "5",
    "announce-fr": "Attente longue.",
}


def test_an_administrator_approves_and_a_manager_starts_and_ends(world, sign_in, runs):
    admin, manager = sign_in(world.administrator), sign_in(world.manager)
    form = {**GOOD, "queue": str(world.phone_queue_id), "announce_as": "instead"}
    assert manager.post("/protocols", data=form).status_code == 403
    assert admin.post("/protocols", data=form).status_code == 303
    page = manager.get("/protocols").text
    assert "À la place du texte du menu" in page
    assert "Attente longue." in page
    protocol_id = page.split('id="protocol-')[1].split('"')[0]
    assert manager.post(f"/protocols/{protocol_id}/runs", data={"why": ""}).status_code == 422
    told = manager.post(f"/protocols/{protocol_id}/runs", data={"why": "Grève des bus"})
    assert told.status_code == 303
    (run,) = runs()
    assert (run.started_by, run.start_why) == (world.manager.id, "Grève des bus")
    manager.post(f"/protocols/runs/{run.id}/end", data={"why": "Fini"})
    assert runs()[0].ended_by == world.manager.id
    assert "Grève des bus" in manager.get("/protocols").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Donnez un nom"),
        ({"level": "calm"}, "Choisissez un niveau"),
        ({"hold_minutes": "-1"}, "Écrivez un nombre"),
        ({"announce-fr": ""}, "Choisissez au moins une action"),
        ({"queue": "7"}, "Choisissez une file"),
    ],
)
def test_what_is_wrong_in_a_protocol_is_said_and_nothing_is_kept(
    world, sign_in, inside, change, said
):
    form = {**GOOD, "queue": str(world.phone_queue_id), **change}
    answer = sign_in(world.administrator).post("/protocols", data=form)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert inside(lambda: db.session.scalars(db.select(Protocol)).all()) == []


def test_an_agent_steers_nothing_and_another_centre_finds_nothing(
    world, other_world, sign_in, protocol
):
    made = protocol()
    assert sign_in(world.agent).get("/protocols").status_code == 403
    there = sign_in(other_world.administrator)
    assert there.get(f"/protocols/{made}").status_code == 404
    assert there.post(f"/protocols/{made}/runs", data={"why": "x"}).status_code == 404
