"""A request that turns out to be another person's: what the former one allowed ends, on record."""

from datetime import timedelta

import pytest

from contactcenter import clock as times
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import asking, consent
from contactcenter.escalation.consent_models import ConsentRequest
from contactcenter.escalation.models import Mandate, Referral, TicketAccess
from contactcenter.events import EventRecord
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets


@pytest.fixture
def other(in_centre):
    with transaction():
        citizen = Citizen(name="Omar Petit", email="omar@citoyens.example", met_at=times.now())
        db.session.add(citizen)
        db.session.flush()
        return citizen.id


def now_of(world, matter, citizen_id):
    with transaction():
        tickets.set_citizen(tickets.get(matter.ticket_id), citizen_id, by=world.agent)


@pytest.mark.parametrize("is_known", [True, False])
def test_the_permission_ends_with_its_question_and_the_record_says_why(
    asked, other, world, matter, seen, is_known
):
    now_of(world, matter, other if is_known else None)
    assert seen(Mandate)[0].revoked_at is not None
    assert not seen(Referral)[0].is_open
    assert seen(TicketAccess) == []
    [told] = [each for each in seen(EventRecord) if each.kind == "MandateRevoked"]
    assert (told.person_id, told.reason) == (
        world.agent.id,
        "La demande est celle d’une autre personne.",
    )


def test_the_story_says_with_whom_it_ended_and_why(app, asked_id, matter, world, sign_in):
    browser = sign_in(world.agent)
    path = f"/tickets/{matter.reference}"
    assert "prennent fin" in browser.get(f"{path}/citizen").text
    browser.post(f"{path}/citizen", data={"citizen": ""})
    page = browser.get(path).text
    assert "retire la permission de partager avec Impôts d’essai." in page
    assert "autre personne.." not in page


def test_whom_it_is_of_now_is_told_nothing_of_what_another_allowed(
    asked, other, world, matter, seen, worker
):
    now_of(world, matter, other)
    worker.run_all()
    told = [each.to_address for each in seen(Notice) if each.kind == "mandate"]
    assert "omar@citoyens.example" not in told


def test_who_was_not_known_yet_is_the_one_who_allowed_it(asked, other, world, matter, seen):
    with transaction():
        tickets.get(matter.ticket_id).citizen_id = None
    now_of(world, matter, other)
    assert seen(Mandate)[0].revoked_at is None
    assert seen(Referral)[0].is_open


@pytest.fixture
def asked_by_text(in_centre, world, matter):
    """A permission is asked for by SMS, and the question waits for it."""
    with transaction():
        ticket = tickets.get(matter.ticket_id)
        db.session.get_one(Citizen, (world.centre_id, ticket.citizen_id)).phone = "+33639980001"
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        until, told = times.now() + timedelta(days=30), asking.NOTHING_TOLD
        consent.ask_by_text(
            ticket, team, "Définitif ?", told=told, papers=[], until=until, by=world.agent
        )


def test_what_waits_for_a_yes_is_not_said_never_to_have_been_asked(
    asked_by_text, matter, world, sign_in
):
    panel = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals").text
    assert "Accord demandé par SMS" in panel
    assert "Aucune question posée" not in panel


def test_a_yes_by_text_from_whom_it_was_of_before_shares_nothing(
    asked_by_text, other, world, matter, seen
):
    now_of(world, matter, other)
    assert seen(ConsentRequest)[0].withdrawn_at is not None
    assert consent.waiting_for("+33639980001", "oui") is None
