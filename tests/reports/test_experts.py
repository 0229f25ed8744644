"""What was asked of experts and what became of it, by team and by topic."""

import csv
from datetime import timedelta

import pytest

from contactcenter import clock
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import actions, asking, bookings
from contactcenter.escalation.models import Referral, Refusal
from contactcenter.escalation.slot_models import Way
from contactcenter.reports.disclosure import LEAST
from contactcenter.reports.experts import (
    TeamFigures,
    TopicFigures,
    appointments,
    of_teams,
    of_topics,
)
from contactcenter.reports.overview import topics
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel
from tests.conftest import MovableClock, SignIn
from tests.escalation.appointments import slot
from tests.factories import World

DAY = timedelta(days=1)


def a_ticket(world: World, number: int):
    return tickets.open_ticket(
        f"Avis {number}",
        channel=Channel.COUNTER,
        language="fr",
        text="Je ne comprends pas.",
        topic_id=world.topic_id,
        queue_id=world.counter_queue_id,
        site_id=world.site_id,
    )


def ask(world: World, times: int, *, is_live: bool = False) -> list[Referral]:
    team = db.session.get_one(Team, (world.centre_id, world.team_id))
    return [
        asking.ask(
            a_ticket(world, number),
            team,
            question=f"Définitif ({number}) ?",
            by=world.agent,
            is_live=is_live,
            without_identity=True,
        )
        for number in range(times)
    ]


def team_figures() -> list[TeamFigures]:
    return of_teams(clock.now() - 5 * DAY, clock.now() + DAY)


def topic_figures() -> list[TopicFigures]:
    return of_topics(clock.now() - 5 * DAY, clock.now() + DAY, topics())


def test_each_question_is_counted_by_what_became_of_it(
    in_centre: None, world: World, clock: MovableClock
) -> None:
    with transaction():
        taken, answered, refused, withdrawn, _waits = ask(world, 5)
        clock.advance(minutes=10)
        actions.take(taken, by=world.referent)
        actions.answer(answered, "Oui.", by=world.referent)
        actions.refuse(refused, Refusal.OTHER, "Non.", by=world.referent)
        actions.withdraw(withdrawn, "Trouvé.", by=world.agent)
    [figures] = team_figures()
    counts = figures.counts
    assert counts is not None
    assert (counts.asked, counts.taken, counts.answered) == (5, 2, 1)
    assert (counts.refused, counts.withdrawn, counts.expired, counts.hops) == (1, 1, 0, 0)


def test_what_goes_on_after_a_refusal_counts_as_a_hop_of_who_gets_it(
    in_centre: None, world: World
) -> None:
    with transaction():
        [refused] = ask(world, 1)
        actions.refuse(refused, Refusal.NOT_OUR_FIELD, "Non.", by=world.referent)
        ask(world, 4)
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        ticket = tickets.get(refused.ticket_id)
        asking.ask(ticket, team, question="?", by=world.agent, without_identity=True, after=refused)
    [figures] = team_figures()
    assert figures.counts is not None
    assert figures.counts.hops == 1


def test_times_are_open_hours_told_as_median_and_nine_in_ten(
    in_centre: None, world: World, clock: MovableClock
) -> None:
    with transaction():
        asked = ask(world, 5)
        clock.time += DAY  # eight open hours later, or so; never the night
        for referral in asked:
            actions.take(referral, by=world.referent)
            clock.advance(minutes=10)
    [figures] = team_figures()
    assert figures.take is not None
    assert figures.answer is not None
    first = asked[0].take_seconds
    assert first is not None
    assert first < DAY.total_seconds()
    assert figures.take.half == first + 20 * 60
    assert figures.take.most == pytest.approx(first + 36 * 60)
    assert (figures.take.cases, figures.answer.cases, figures.answer.half) == (5, 0, None)


def test_live_questions_are_told_apart_by_the_clock_on_the_wall(
    in_centre: None, world: World, clock: MovableClock
) -> None:
    with transaction():
        asked = ask(world, 5, is_live=True)
        ask(world, 5)
        clock.advance(seconds=40)
        for referral in asked:
            actions.take(referral, by=world.referent)
    written, live = team_figures()
    assert (written.is_live, live.is_live) == (False, True)
    assert live.take is not None
    assert live.take.half == 40


def test_a_team_asked_fewer_than_five_times_shows_no_figure(
    in_centre: None, world: World, clock: MovableClock
) -> None:
    with transaction():
        ask(world, 4)
    [figures] = team_figures()
    assert (figures.counts, figures.take) == (None, None)


def test_who_takes_again_after_a_hand_over_changes_no_time_of_taking(
    in_centre: None, world: World, clock: MovableClock
) -> None:
    with transaction():
        [referral] = ask(world, 1)
        clock.advance(minutes=10)
        actions.take(referral, by=world.referent)
        referral.taken_by = referral.taken_at = None
        clock.advance(hours=1)
        actions.take(referral, by=world.lead)
    assert referral.take_seconds == 600


def test_first_contact_and_escalation_are_told_by_topic(in_centre: None, world: World) -> None:
    with transaction():
        ask(world, 2)
        for number in range(4):
            ticket = a_ticket(world, number)
            if number:
                tickets.resolve(ticket, by=world.agent)
            if number == 3:
                tickets.reopen(ticket, by=world.agent)
                tickets.hear(ticket, "Encore moi.")
                tickets.resolve(ticket, by=world.agent)
    [figures] = topic_figures()
    counts = figures.counts
    assert counts is not None
    assert (counts.opened, counts.escalated, counts.finished, counts.at_once) == (6, 2, 3, 2)


def test_managers_read_the_page_and_take_it_away_as_text(
    app, world: World, sign_in: SignIn
) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ask(world, 5)
        db.session.get_one(Team, (world.centre_id, world.team_id)).name = "=1+1"
    manager = sign_in(world.manager)
    assert "Par équipe" in manager.get("/referrals/figures").text
    assert ";'=1+1;Par écrit;5;0;0;" in manager.get("/referrals/figures.csv").text
    assert "impots-avis;5;5;0;0" in manager.get("/referrals/topics.csv").text
    assert sign_in(world.agent).get("/referrals/figures").status_code == 403


def test_appointments_are_counted_apart_with_the_wait_beyond_their_time(
    in_centre: None, world: World, clock: MovableClock
) -> None:
    with transaction():
        made = [
            bookings.book(
                slot(world, timedelta(hours=number + 1)).id,
                a_ticket(world, number),
                Way.CHAT,
                question="Définitif ?",
                by=world.agent,
                without_identity=True,
            )
            for number in range(LEAST)
        ]
        clock.advance(hours=1, minutes=3)
        bookings.begin(made[0], by=world.referent)
        bookings.cancel(made[1], "Plus besoin.", by=world.agent)
    [figures] = appointments(clock.time - 5 * DAY, clock.time + DAY)
    assert figures.counts is not None
    assert (figures.counts.made, figures.counts.held, figures.counts.cancelled) == (LEAST, 1, 1)
    assert figures.counts.wait == [180, 180]
    assert team_figures() == []


def test_appointments_are_a_table_too(app, world, sign_in) -> None:
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        made = [
            bookings.book(
                slot(world, timedelta(hours=number + 1)).id,
                a_ticket(world, number),
                Way.CHAT,
                question="Définitif ?",
                by=world.agent,
                without_identity=True,
            )
            for number in range(LEAST)
        ]
        bookings.cancel(made[0], "Plus besoin.", by=world.agent)
    day = clock.now().date()
    period = f"period=own&from={day}&to={day + DAY}"
    table = sign_in(world.manager).get(f"/referrals/appointments.csv?{period}")
    assert table.status_code == 200
    [row] = list(csv.reader(table.text.lstrip("\ufeff").splitlines(), delimiter=";"))[1:]
    assert row[2:7] == [str(LEAST), "0", "0", "0", "1"]
    assert sign_in(world.agent).get("/referrals/appointments.csv").status_code == 403
