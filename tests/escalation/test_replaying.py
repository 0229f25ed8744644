"""A ladder tried on what went by: pure replays, then the page that counts them beside the real."""

from datetime import UTC, datetime, time, timedelta

import pytest

from contactcenter import stretches
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.directory.rules import Hours, Interval
from contactcenter.edge import transaction
from contactcenter.escalation import actions, trials
from contactcenter.escalation.models import Pressing
from contactcenter.escalation.replaying import Past, climbed
from contactcenter.escalation.rules import Rung
from contactcenter.escalation.trial_models import LadderTrial, Tried
from contactcenter.escalation.trial_page import found_by
from contactcenter.notices.models import Notice

ALWAYS = Hours(weekly={day: (Interval(time(0), time(0)),) for day in range(7)}, timezone="UTC")
START = datetime(2026, 11, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
TWO = (Rung(-HOUR), Rung(HOUR))


def at(hours: float) -> datetime:
    return START + hours * HOUR


@pytest.mark.parametrize(
    ("turns", "until", "steps"),
    [
        ([], 100, [(0, 7), (1, 9)]),
        ([], 8, [(0, 7)]),  # answered before it was due
        ([], 6, []),
        ([("precision_asked", 2), ("precision", 12)], 100, [(0, 17), (1, 19)]),
        ([("precision_asked", 2)], 100, []),  # the clock stands still for good
        ([("chase", 3)], 100, [(0, 5), (1, 9)]),  # half of the time until the next step
        ([("precision_asked", 7.5), ("precision", 9.5)], 100, [(0, 7), (1, 11)]),
    ],
)
def test_a_question_is_replayed_with_the_turns_it_had(turns, until, steps):
    said = [(kind, at(hours)) for kind, hours in turns]
    past = Past(START, START, None, said, at(until))
    found = climbed(past, ALWAYS, 8 * HOUR, TWO)
    assert [(number, (moment - START) / HOUR) for number, moment in found] == steps


def test_what_was_owed_before_it_was_asked_is_pressed_from_then_on_and_no_sooner():
    past = Past(at(20), START, None, [], at(100))
    assert climbed(past, ALWAYS, 8 * HOUR, TWO) == [(0, at(20)), (1, at(21))]


def step(after_minutes: int, press: str = "lead") -> dict[str, object]:
    return {
        "organisation_id": None,
        "topic_id": None,
        "after_minutes": after_minutes,
        "press": press,
        "needs_approval": False,
    }


def found(trial: LadderTrial) -> list[tuple[str, int, int]]:
    return [(line.team, line.real, line.tried) for line in found_by(trial).lines]


def test_an_earlier_step_would_have_pressed_where_nobody_was_and_tells_nobody(asked, world, clock):
    with transaction():
        clock.advance(hours=6)
        actions.answer(actions.lock(asked.id, person=world.referent), "Oui.", by=world.referent)
        told = db.session.scalars(db.select(Notice.id)).all()
        trial = trials.begin(Tried.LADDER, "Tôt", step(-300), by=world.administrator)
    assert (trial.total, trial.looked_at) == (1, 1)
    assert trial.finished_at
    assert found(trial) == [("Impôts", 0, 1)]
    assert db.session.scalars(db.select(Notice.id)).all() == told
    assert not db.session.scalars(db.select(Pressing)).all()


def test_what_really_happened_stands_beside_the_trial(asked, world, clock, sweep):
    db.session.rollback()
    clock.advance(days=2)
    sweep()
    with transaction():
        longer = db.session.get_one(Team, (world.centre_id, world.team_id))
        calendar = {name: getattr(longer, name) for name in trials.CALENDAR}
        trial = trials.begin(
            Tried.TEAM,
            "Impôts",
            calendar | {"answer_minutes": 6_000},
            by=world.administrator,
            entry_id=world.team_id,
        )
    shown = found_by(trial)
    assert (shown.questions_real, shown.questions_tried) == (1, 0)
    assert found(trial) == [("Impôts", 1, 0)]


def test_by_another_routing_another_team_would_have_been_pressed(asked, world, clock):
    clock.advance(days=2)
    with transaction():
        trial = trials.begin(
            Tried.TOPIC,
            "Avis",
            {"teams": [world.other_team_id]},
            by=world.administrator,
            entry_id=world.topic_id,
        )
    assert found(trial) == [("Logement", 0, 1)]


def test_a_long_trial_goes_on_in_the_workers(asked, world, clock, worker, monkeypatch):
    monkeypatch.setattr(stretches, "AT_ONCE", 0)
    clock.advance(days=2)
    with transaction():
        trial_id = trials.begin(Tried.LADDER, "Tard", step(60), by=world.administrator).id
        first = trials.trial_queries.trial(trial_id)
    worker.run_all()
    with transaction():
        trials.WALK.go_on(trial_id, 10**9)  # rung twice
    db.session.expire_all()
    trial = db.session.scalars(first).one()
    assert trial.looked_at == 1
    assert [line.tried for line in found_by(trial).lines] == [1]


def test_the_form_tries_what_stands_in_it_and_keeps_nothing(asked_id, world, clock, sign_in):
    clock.advance(days=1)
    browser = sign_in(world.administrator)
    sent = {"after_minutes": "-240", "press": "team", "organisation_id": "", "topic_id": ""}
    answer = browser.post("/directory/ladder/trials", data=sent)
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"])
    assert "Toute l’équipe" in page.text
    assert "Rien n’est envoyé" in page.text
    assert "Toute l’équipe" not in browser.get("/directory/ladder").text


def test_trials_of_another_centre_do_not_exist(asked_id, world, other_world, sign_in, app):
    mine = sign_in(world.administrator)
    sent = {"after_minutes": "0", "press": "team", "organisation_id": "", "topic_id": ""}
    path = mine.post("/directory/ladder/trials", data=sent).headers["Location"]
    assert sign_in(other_world.administrator).get(path).status_code == 404
    assert mine.post("/directory/sites/trials", data=sent).status_code == 404
