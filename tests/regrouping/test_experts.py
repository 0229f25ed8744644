"""A question to experts follows its request through a merge, and nothing else is shown to them."""

from datetime import timedelta

import pytest

from contactcenter import clock as times
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import actions as escalation
from contactcenter.escalation import asking, mandates
from contactcenter.escalation.models import MandateKind, Referral, TicketAccess
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from tests.regrouping.stage import LINA, OTHER


def ask_about(scene, reference) -> int:
    """A question whose expert may answer the citizen straight; its id."""
    world = scene.world

    def ask():
        ticket = tickets.lock(reference, person=world.agent)
        mandates.record_mandate(
            ticket,
            world.partner_id,
            kind=MandateKind.PAPER,
            expires_at=times.now() + timedelta(days=90),
            by=world.agent,
        )
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        told = asking.Told(may_tell_citizen=True)
        return asking.ask(ticket, team, question="Est-ce dû ?", told=told, by=world.agent).id

    return scene.do(ask)


@pytest.fixture
def asked(scene):
    """A question under a permission, about the request that is merged: (kept, merged, merge)."""
    kept = scene.open("Dettes de jeu", email=OTHER)
    merged = scene.open("Avis", topic_id=scene.world.topic_id)
    ask_about(scene, merged)
    return kept, merged, scene.merge(kept, merged, is_sure=True)


def test_a_question_goes_on_with_the_one_that_is_kept(scene, asked, sign_in):
    kept, _merged, _done = asked
    (referral,) = scene.rows(Referral)
    assert referral.ticket_id == scene.ticket(kept).id
    assert "Est-ce dû ?" in sign_in(scene.world.agent).get(f"/tickets/{kept}/referrals").text


def test_the_expert_sees_what_was_allowed_and_nothing_of_the_other(scene, asked, sign_in):
    _kept, merged, _done = asked
    (referral,) = scene.rows(Referral)
    page = sign_in(scene.world.referent).get(f"/referrals/{referral.id}")
    assert page.status_code == 200
    assert "Lina P." in page.text
    assert "Dettes de jeu" not in page.text
    partner = Scope(scene.world.centre_id, scene.world.partner_id)
    with scene.app.app_context(), within(partner):
        shown = [ticket.reference for ticket in db.session.scalars(db.select(Ticket))]
        people = [citizen.email for citizen in db.session.scalars(db.select(Citizen))]
    assert (shown, people) == ([merged], [LINA])


def test_the_expert_answers_across_a_merge(scene, asked):
    kept, _merged, _done = asked
    (referral,) = scene.rows(Referral)
    referent = scene.world.referent
    with scene.app.test_request_context(), within(referent.scope), transaction():
        escalation.answer(
            escalation.lock(referral.id, person=referent), "Oui, c’est dû.", by=referent
        )
    (referral,) = scene.rows(Referral)
    assert (referral.status, referral.ticket_id) == ("answered", scene.ticket(kept).id)


def test_taking_the_permission_back_shuts_what_it_opened(scene, asked, sign_in):
    kept, _merged, _done = asked
    (referral,) = scene.rows(Referral)
    address = f"/tickets/{kept}/mandates/{referral.mandate_id}/revocation"
    assert sign_in(scene.world.agent).post(address, data={"text": ""}).status_code == 303
    assert scene.rows(TicketAccess) == []
    assert scene.rows(Referral)[0].status == "withdrawn"


def test_a_question_goes_back_with_its_request(scene, asked):
    _kept, merged, done = asked
    scene.part(done)
    (referral,) = scene.rows(Referral)
    assert (referral.ticket_id, referral.disclosed_as) == (scene.ticket(merged).id, None)


def test_what_is_said_of_one_person_is_not_sent_straight_to_another(scene, asked, sign_in):
    _kept, _merged, done = asked
    (referral,) = scene.rows(Referral)
    referent, answers = sign_in(scene.world.referent), f"/referrals/{referral.id}/answers"
    assert 'value="citizen"' not in referent.get(f"/referrals/{referral.id}").text
    assert referent.post(answers, data={"text": "Oui.", "to": "citizen"}).status_code == 409
    scene.part(done)
    assert 'value="citizen"' in referent.get(f"/referrals/{referral.id}").text


def test_nor_when_the_citizen_of_the_request_changed_while_it_was_leaving(
    scene, sign_in, clock, worker
):
    kept, merged = scene.open("Avis"), scene.open("Le même avis")
    referral_id = ask_about(scene, merged)
    scene.merge(kept, merged)
    scene.open("Autre chose", email=OTHER)

    def settle():
        other = db.session.scalar(db.select(Citizen).where(Citizen.email == OTHER))
        tickets.lock(kept, person=scene.world.agent).citizen_id = other.id

    sent = {"text": "Votre dossier est refusé.", "to": "citizen"}
    answer = sign_in(scene.world.referent).post(f"/referrals/{referral_id}/answers", data=sent)
    assert answer.status_code == 303
    scene.do(settle)
    clock.advance(minutes=1)
    worker.run_all()
    assert [each for each in scene.rows(Notice) if each.kind == "reply"] == []
    (referral,) = scene.rows(Referral)
    assert (referral.status, referral.told_citizen_at) == ("answered", None)
