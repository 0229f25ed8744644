"""What finishing requests withdraws from experts comes back when it is undone, and no more."""

import re

import pytest

from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import actions, asking
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.queues.models import Visit
from contactcenter.tickets import actions as tickets
from contactcenter.worklists import actions as worklists
from contactcenter.worklists.models import Act
from tests.desk.stage import act, opened, page, rows

STATES = ("status", "due_at", "next_due_at", "remaining_seconds", "taken_by", "closed_at")


@pytest.fixture
def ticket(app, world):
    return opened(app, world)


@pytest.fixture
def ask(ticket, in_centre, world):
    def asked(question):
        with transaction():
            return asking.ask(
                tickets.get(ticket.id),
                db.session.get_one(Team, (world.centre_id, world.team_id)),
                question=question,
                by=world.agent,
                without_identity=True,
            )

    return asked


@pytest.fixture
def finish_and_undo(ticket, world, clock):
    def both():
        with transaction():
            done = worklists.begin(Act.RESOLVE, "", [ticket.id], by=world.agent)
        with transaction():
            worklists.go_on(done)
        clock.advance(minutes=5)
        with transaction():
            back = worklists.undo(done, by=world.agent)
        with transaction():
            worklists.go_on(back)

    return both


def state(referral):
    db.session.refresh(referral)
    return {name: getattr(referral, name) for name in STATES}


def test_a_question_that_waited_waits_on_with_its_first_clock(ask, finish_and_undo):
    referral = ask("Est-ce dû ?")
    before = state(referral)
    finish_and_undo()
    assert state(referral) == before
    waits = db.session.scalars(
        db.select(Visit).where(Visit.referral_id == referral.id).order_by(Visit.id)
    ).all()
    assert [visit.outcome and visit.outcome.value for visit in waits] == ["withdrawn", None]
    assert waits[1].virtual_entered_at == waits[0].entered_at


def test_one_that_was_taken_and_one_that_waits_for_us_are_as_they_were(ask, finish_and_undo, world):
    taken, asked_back = ask("Prise ?"), ask("Précision ?")
    with transaction():
        actions.take(taken, by=world.referent)
        actions.ask_back(asked_back, "De quand ?", by=world.referent)
    before = [state(taken), state(asked_back)]
    finish_and_undo()
    assert [state(taken), state(asked_back)] == before


def test_one_that_was_withdrawn_before_stays_so(ask, finish_and_undo, world):
    withdrawn = ask("Retirée ?")
    with transaction():
        actions.withdraw(withdrawn, "Trouvé.", by=world.agent)
    finish_and_undo()
    assert state(withdrawn)["status"] is ReferralStatus.WITHDRAWN


def test_the_expert_reads_that_it_is_put_again(ask, finish_and_undo, app, world, sign_in):
    number = ask("Est-ce dû ?").id
    finish_and_undo()
    db.session.rollback()
    page = sign_in(world.referent).get(f"/referrals/{number}").text
    assert "La demande n’est plus terminée." in page
    assert "Prendre la question" in page


def shown_state(app, world):
    (referral,) = rows(app, world, Referral)
    return {name: getattr(referral, name) for name in STATES}


def finish(browser, ticket):
    """Where the way back of the message leads that says so."""
    act(browser, ticket, "resolution")
    return re.search(r'action="([^"]*/reopening[^"]*)"', page(browser, ticket))[1]


def test_the_way_back_from_one_finish_puts_the_question_again(ask, app, world, ticket, sign_in):
    before = state(ask("Est-ce dû ?"))
    db.session.rollback()
    agent = sign_in(world.agent)
    way_back = finish(agent, ticket)
    assert shown_state(app, world)["status"] is ReferralStatus.WITHDRAWN
    assert agent.post(way_back).status_code == 303
    assert shown_state(app, world) == before


def test_opening_a_finished_request_again_leaves_the_question_withdrawn(
    ask, app, world, ticket, sign_in
):
    ask("Est-ce dû ?")
    db.session.rollback()
    agent = sign_in(world.agent)
    finish(agent, ticket)
    act(agent, ticket, "reopening")
    assert shown_state(app, world)["status"] is ReferralStatus.WITHDRAWN
