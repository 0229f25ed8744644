"""The pages of giving work out: skills, the rule of a queue, what a person can do, loans."""

import re

import pytest
from sqlalchemy import select

from contactcenter.accounts.models import Centre, Membership
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues import actions
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.routing_models import (
    Loan,
    PersonSkill,
    QueueLevel,
    RoutingRule,
    Skill,
    WorkLimit,
)
from contactcenter.reports import board_routes
from contactcenter.tickets.models import Channel


@pytest.fixture
def admin(sign_in, world):
    return sign_in(world.administrator)


@pytest.fixture
def rows(app, world):
    def read(table):
        with app.app_context(), within(Scope(world.centre_id)):
            found = select(table).where(table.centre_id == world.centre_id)
            return list(db.session.scalars(found))

    return read


@pytest.fixture
def waits(app, world):
    """Someone who speaks Dutch waits at the counter."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        queue = db.session.get_one(Queue, (world.centre_id, world.counter_queue_id))
        actions.enter(queue, channel=Channel.COUNTER, language="nl")


def _skill(admin, world, **values):
    asked = {"name": "Néerlandais", "language": "nl", **values}
    assert admin.post("/directory/skills", data=asked).status_code == 303


def _rule(admin, world, **values):
    path = f"/directory/queues/{world.counter_queue_id}/routing"
    return admin.post(path, data={"weight": "1", "overflow_to": "", **values})


def _work(admin, person, **values):
    return admin.post(f"/people/{person.id}/work", data=values)


def test_a_skill_asked_for_by_a_queue_is_asked_of_those_who_wait_there(admin, world, rows, waits):
    _skill(admin, world, queues=str(world.counter_queue_id))
    (skill,), (visit,) = rows(Skill), rows(Visit)
    assert visit.needs == [skill.id]
    admin.post(f"/directory/skills/{skill.id}", data={"name": "Néerlandais", "language": "nl"})
    assert rows(Visit)[0].needs == []


def test_the_rule_of_a_queue_is_kept_and_shown_again(admin, world, rows, waits):
    _skill(admin, world)
    asked = {
        "asks_language": "y", "second_after": "60", "third_after": "180", "priority_weight": "2.5",
        "overflow_to": str(world.phone_queue_id), "overflow_after_seconds": "600",
        "overflow_level": "full",
    }  # fmt: skip
    assert _rule(admin, world, **asked).status_code == 303
    (rule,) = rows(RoutingRule)
    assert (rule.opens_after, rule.priority_weight, rule.overflow_level) == ([60, 180], 2.5, "full")
    assert rows(Visit)[0].needs == [rows(Skill)[0].id]
    page = admin.get(f"/directory/queues/{world.counter_queue_id}/routing").text
    assert 'value="180"' in page


@pytest.mark.parametrize(
    "wrong", [{"second_after": "-1"}, {"priority_weight": "0.5"}, {"overflow_to": "itself"}]
)
def test_a_rule_that_cannot_be_is_shown_again(admin, world, rows, wrong):
    if wrong.get("overflow_to"):
        wrong = {"overflow_to": str(world.counter_queue_id), "overflow_after_seconds": "1"}
    assert _rule(admin, world, **wrong).status_code == 422
    assert rows(RoutingRule) == []


def test_what_a_person_can_do_is_kept_and_replaced(admin, world, rows):
    _skill(admin, world)
    skill = rows(Skill)[0].id
    sent = {f"skill-{skill}": "2", f"until-{skill}": "2026-12-31", "written": "5"}
    sent[f"queue-{world.counter_queue_id}"] = "3"
    assert _work(admin, world.agent, **sent).status_code == 303
    assert [(each.level, str(each.until_at)) for each in rows(PersonSkill)] == [
        (2, "2026-12-31 23:00:00+00:00")
    ]
    assert [each.level for each in rows(QueueLevel)] == [3]
    assert {each.kind: each.most for each in rows(WorkLimit)} == {"phone": 0, "written": 5}
    page = admin.get(f"/people/{world.agent.id}/work").text
    assert 'value="2026-12-31"' in page
    _work(admin, world.agent, calls="y")
    assert rows(PersonSkill) == rows(QueueLevel) == rows(WorkLimit) == []


def test_a_last_day_stays_the_same_however_often_it_is_kept(app, admin, world):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Centre, world.centre_id).timezone = "America/Martinique"
    _skill(admin, world)
    page = f"/people/{world.agent.id}/work"
    skill = re.search(r'name="until-(\d+)"', admin.get(page).text)[1]
    _work(admin, world.agent, **{f"skill-{skill}": "2", f"until-{skill}": "2026-12-30"})
    assert 'value="2026-12-30"' in admin.get(page).text


@pytest.mark.parametrize("wrong", [{"written": "many"}, {"queue": "7"}, {"until": "yesterday"}])
def test_work_that_cannot_be_read_is_shown_again(admin, world, rows, wrong):
    _skill(admin, world)
    skill = rows(Skill)[0].id
    names = {"queue": f"queue-{world.counter_queue_id}", "until": f"until-{skill}"}
    sent = {f"skill-{skill}": "1", **{names.get(name, name): each for name, each in wrong.items()}}
    answer = _work(admin, world.agent, **sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert rows(PersonSkill) == []


def test_a_loan_is_given_and_ended_by_hand(admin, world, rows):
    before = len(rows(Membership))
    asked = {"lent_queue": str(world.phone_queue_id), "lent_level": "2", "lent_until": "2026-11-30"}
    assert admin.post(f"/people/{world.outsider.id}/loans", data=asked).status_code == 303
    assert len(rows(Membership)) == before + 1
    (loan,) = rows(Loan)
    assert "Téléphone" in admin.get(f"/people/{world.outsider.id}/work").text
    ended = admin.post(f"/people/{world.outsider.id}/loans/{loan.id}/end")
    assert (ended.status_code, len(rows(Membership))) == (303, before)


def test_what_a_loan_changed_stands_beside_the_week_before(admin, world, rows, app, clock):
    asked = {"lent_queue": str(world.phone_queue_id), "lent_level": "1", "lent_until": "2026-11-30"}
    admin.post(f"/people/{world.outsider.id}/loans", data=asked)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        queue = db.session.get_one(Queue, (world.centre_id, world.phone_queue_id))
        helped, left = (actions.enter(queue, channel=Channel.PHONE) for _each in range(2))
        clock.advance(seconds=30)
        actions.answer(helped, by=world.outsider)
        actions.leave(left, Outcome.ABANDONED)
    clock.advance(seconds=1)
    page = admin.get(f"/people/{world.outsider.id}/work").text.replace("\u00a0", " ")
    assert "1 sur 1" in page
    assert "1 servis, 1 partis sur 2, attente 30 s" in page
    assert "personne n’est venu" in page


@pytest.mark.parametrize("wrong", [{"lent_queue": "0"}, {"lent_until": ""}])
def test_a_loan_that_cannot_be_is_shown_again(admin, world, rows, wrong):
    asked = {"lent_queue": str(world.phone_queue_id), "lent_level": "1", "lent_until": "2026-11-30"}
    answer = admin.post(f"/people/{world.outsider.id}/loans", data=asked | wrong)
    assert (answer.status_code, rows(Loan)) == (422, [])


def test_the_board_says_why_nobody_is_offered_some(admin, world, rows, waits, sign_in, monkeypatch):
    monkeypatch.setattr(board_routes, "fragments", board_routes.Fragments())
    _skill(admin, world)
    _rule(admin, world, asks_language="y")
    board = sign_in(world.manager)
    text = board.get("/board").text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "1 attend : personne de cette file n’a ce qu’il faut (Néerlandais)." in text


def test_the_next_written_request_is_given_at_the_desk(world, sign_in, app):
    from contactcenter.tickets import actions as tickets

    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = tickets.open_ticket(
            "Une question", channel=Channel.EMAIL, language="fr",
            queue_id=world.written_queue_id, site_id=world.site_id,
        )  # fmt: skip
        reference = ticket.reference
    agent = sign_in(world.agent)
    given = agent.post("/tickets/next")
    assert given.location == f"/tickets/{reference}"
    assert "Proposée à" in agent.get(given.location).text
    assert agent.post("/tickets/next").location == "/tickets"
