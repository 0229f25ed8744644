"""A question that goes on under another permission than the one it was asked under."""

from datetime import timedelta

import pytest

from contactcenter import clock as times
from contactcenter.db import db, write
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team, Topic
from contactcenter.directory.rules import open_time_between
from contactcenter.edge import transaction
from contactcenter.errors import Conflict
from contactcenter.escalation import actions, alerts, asking, jobs, mandates, pressings
from contactcenter.escalation.held import held_of
from contactcenter.escalation.models import Mandate, MandateKind, Press, Pressing, Referral
from contactcenter.escalation.staffing_models import Alert
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from tests.escalation.test_consults import ask_live, asked_for, on_duty

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


@pytest.fixture
def limited(for_a_day, world, matter):
    """Its permission lasts."""
    with transaction():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        mandate.expires_at = times.now() + 90 * DAY
    return for_a_day


def test_nobody_is_pressed_for_what_they_cannot_see_and_the_deadline_waits(
    limited, other_topic, world, matter, sweep, clock, seen
):
    hours = hours_of(db.session.get_one(Team, (world.centre_id, world.team_id)))
    left = open_time_between(hours, times.now(), limited.due_at)
    now_about(world, matter, other_topic)
    clock.advance(days=20)
    limited.next_due_at = times.now()
    db.session.commit()
    sweep()
    assert seen(Pressing) == []
    assert held_of([tickets.get(matter.ticket_id)])[matter.ticket_id].partners == {}
    now_about(world, matter, world.topic_id)
    [referral] = seen(Referral)
    assert open_time_between(hours, times.now(), referral.due_at) == left
    clock.advance(days=20)
    sweep()
    assert len(seen(Pressing)) == 1


def test_a_step_is_not_approved_for_what_its_experts_cannot_see(
    limited, other_topic, world, matter, clock, seen
):
    with transaction():
        write(
            Pressing,
            referral_id=limited.id,
            step=0,
            press=Press.LEAD,
            planned_at=times.now(),
            reason="late",
            severity=2,
        )
    now_about(world, matter, other_topic)
    with pytest.raises(Conflict):
        pressings.approve(db.session.scalars(db.select(Pressing)).one(), by=world.manager)


def test_a_colleague_and_a_digest_say_nothing_of_it(
    limited, other_topic, world, matter, clock, seen
):
    with transaction():
        actions.take(limited, by=world.referent)
    now_about(world, matter, other_topic)
    with transaction():
        jobs.tell_colleague(limited.id)
        write(
            Alert,
            address="a@impots.example",
            language="fr",
            team_id=world.team_id,
            referral_id=limited.id,
            step=0,
            press=Press.LEAD,
            day=times.now().date(),
            written_at=times.now() - timedelta(hours=1),
        )
    with transaction():
        alerts.send_digests(times.now())
    assert [each.kind for each in seen(Notice) if each.kind != "mandate"] == []
    assert seen(Alert)[0].told_at is not None


@pytest.mark.parametrize("is_before", [True, False])
def test_another_permission_that_lasts_shows_it_whenever_it_was_given(
    is_before, limited, other_topic, world, matter, clock, seen
):
    if is_before:
        allow(world, matter, other_topic)
    now_about(world, matter, other_topic)
    if not is_before:
        allow(world, matter, other_topic)
    [referral] = seen(Referral)
    assert mandates.shows(referral)


def test_it_goes_on_under_a_renewed_permission_when_its_own_is_over(
    for_a_day, world, matter, sweep, clock, seen
):
    allow(world, matter, world.topic_id)
    clock.advance(days=1, minutes=1)
    sweep()
    [referral] = seen(Referral)
    assert referral.is_open
    assert mandates.shows(referral)


def test_the_time_in_which_it_was_hidden_is_not_the_experts(
    limited, other_topic, world, matter, clock, seen
):
    clock.advance(minutes=30)
    now_about(world, matter, other_topic)
    clock.advance(hours=1)
    now_about(world, matter, world.topic_id)
    clock.advance(minutes=10)
    with transaction():
        actions.answer(db.session.merge(limited), "Oui.", by=world.referent)
    [referral] = seen(Referral)
    assert (referral.take_seconds, referral.answer_seconds) == (40 * 60, 40 * 60)


@pytest.fixture
def live(in_centre, world, matter):
    """A live question under a permission for its topic alone, with one of two on duty asked."""
    with transaction():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        mandate.topic_ids = [world.topic_id]
        on_duty(world, world.referent, world.lead)
        return ask_live(world, matter)


def test_the_next_on_duty_is_asked_live_once_it_can_be_seen(
    live, other_topic, world, matter, clock, sweep
):
    now_about(world, matter, other_topic)
    clock.advance(minutes=2)
    sweep()
    assert asked_for(live) == [world.lead.id]
    now_about(world, matter, world.topic_id)
    sweep()
    assert asked_for(live) == [world.lead.id, world.referent.id]


def test_a_live_question_that_stays_hidden_ends_at_its_time(
    live, other_topic, world, matter, clock, sweep, seen
):
    now_about(world, matter, other_topic)
    clock.advance(minutes=2)
    sweep()
    clock.advance(minutes=9)
    sweep()
    assert asked_for(live) == [world.lead.id]
    assert not seen(Referral)[0].is_open
