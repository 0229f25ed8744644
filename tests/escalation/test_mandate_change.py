"""A question that goes on under another permission than the one it was asked under."""

from datetime import timedelta

import pytest

from contactcenter import clock as times
from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.edge import transaction
from contactcenter.escalation import actions, asking, mandates
from contactcenter.escalation.models import Mandate, MandateKind, Pressing, Referral
from contactcenter.tickets import actions as tickets

DAY = timedelta(days=1)


@pytest.fixture
def other_topic(in_centre, world):
    with transaction():
        topic = Topic(code="autre", organisation_id=world.partner_id, label={"fr": "Succession"})
        db.session.add(topic)
        db.session.flush()
        return topic.id


@pytest.fixture
def for_a_day(in_centre, world, matter):
    """A question under a permission of one day for its topic alone."""
    with transaction():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        mandate.topic_ids, mandate.expires_at = [world.topic_id], times.now() + DAY
    with transaction():
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        return asking.ask(
            tickets.get(matter.ticket_id), team, question="Définitif ?", by=world.agent
        )


def now_about(world, matter, topic_id):
    """The agent corrects what the request is about."""
    with transaction():
        tickets.set_topic(tickets.get(matter.ticket_id), topic_id, by=world.agent)


def allow(world, matter, *topics, days=30):
    with transaction():
        given = mandates.Given(MandateKind.PAPER, times.now() + days * DAY, topic_ids=topics)
        ticket = tickets.get(matter.ticket_id)
        mandates.record_all(ticket, [world.partner_id], given, by=world.agent)


@pytest.mark.parametrize("is_asked_back", [False, True])
def test_a_longer_permission_carries_the_question_past_the_end_of_the_first(
    for_a_day, other_topic, world, matter, sweep, clock, seen, is_asked_back
):
    if is_asked_back:
        with transaction():
            actions.ask_back(for_a_day, "Lequel ?", by=world.referent)
    now_about(world, matter, other_topic)
    allow(world, matter, other_topic)
    clock.advance(days=1, minutes=1)
    sweep()
    [referral] = seen(Referral)
    assert referral.is_open
    assert seen(Pressing) == []


@pytest.mark.parametrize("is_asked_back", [False, True])
def test_it_ends_with_the_permission_it_goes_on_under(
    for_a_day, other_topic, world, matter, sweep, clock, seen, is_asked_back
):
    if is_asked_back:
        with transaction():
            actions.ask_back(for_a_day, "Lequel ?", by=world.referent)
    now_about(world, matter, other_topic)
    allow(world, matter, other_topic, days=2)
    clock.advance(days=2, minutes=1)
    sweep()
    [referral] = seen(Referral)
    assert referral.closing_text == "L’accord de l’usager a pris fin."
