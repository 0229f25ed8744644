"""Whose time it was: one bar, with the numbers that deadlines and alerts count by."""

from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import text

from contactcenter.db import db
from contactcenter.directory.rules import Hours, Interval
from contactcenter.edge import transaction
from contactcenter.escalation import actions, cards, held_queries
from contactcenter.escalation.calendars import answer_time
from contactcenter.escalation.held import held_of
from contactcenter.escalation.held_rules import Clock, Holder, Span, held, runs_of
from contactcenter.escalation.models import Side
from contactcenter.tickets import actions as tickets

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Paris
HOUR = timedelta(hours=1)
OFFICE = Hours(weekly=dict.fromkeys(range(5), (Interval(time(9), time(17)),)))
MORNING = Hours(weekly=dict.fromkeys(range(5), (Interval(time(9), time(12)),)))
TAXES, FAMILY = 1, 2


def at(hours):
    return MONDAY + hours * HOUR


def hours_held(told):
    partners = {each: time / HOUR for each, time in told.partners.items()}
    return told.us / HOUR, partners, told.citizen / HOUR, told.outside / HOUR


def test_each_stretch_is_counted_for_who_had_to_act():
    spans = [Span(at(0), Holder.US), Span(at(2), Holder.CITIZEN), Span(at(5), None)]
    taxes = Clock(TAXES, OFFICE, [(at(1), at(2))])
    assert hours_held(held(spans, at(9), OFFICE, [taxes])) == (1, {TAXES: 1}, 3, 0)


def test_closed_hours_are_nobodys_ours_or_the_partners():
    assert hours_held(held([Span(at(0), Holder.US)], at(24), OFFICE, [])) == (8, {}, 0, 16)
    family = Clock(FAMILY, MORNING, [(at(0), at(24))])
    told = held([Span(at(0), Holder.US)], at(24), OFFICE, [family])
    assert hours_held(told) == (0, {FAMILY: 3}, 0, 21)


def test_partners_asked_at_once_are_each_counted_and_their_closed_hours_once():
    clocks = [Clock(TAXES, OFFICE, [(at(0), at(4))]), Clock(FAMILY, MORNING, [(at(1), at(4))])]
    told = held([Span(at(0), Holder.US)], at(4), OFFICE, clocks)
    assert hours_held(told) == (0, {TAXES: 4, FAMILY: 1}, 0, 0)


def test_a_partners_clock_runs_on_while_the_citizen_is_awaited_as_its_deadline_does():
    spans = [Span(at(0), Holder.CITIZEN)]
    told = held(spans, at(2), OFFICE, [Clock(TAXES, OFFICE, [(at(0), at(2))])])
    assert hours_held(told) == (0, {TAXES: 2}, 0, 0)


@pytest.mark.parametrize(
    ("turns", "runs"),
    [
        ([], [(0, 9)]),
        ([("precision", 3)], [(0, 9)]),  # told unasked: the clock had not stopped
        ([("precision_asked", 2), ("precision", 5)], [(0, 2), (5, 9)]),
        ([("precision_asked", 2)], [(0, 2)]),
    ],
)
def test_a_clock_stands_still_while_it_waits_for_us(turns, runs):
    told = runs_of(at(0), [(kind, at(hours)) for kind, hours in turns], at(9))
    assert told == [(at(a), at(b)) for a, b in runs]


# --- Of a real question ---


@pytest.fixture
def told(in_centre, world, matter):
    """What the partner held of the request, now."""
    return lambda: held_of([tickets.get(matter.ticket_id)])[matter.ticket_id].partners.get(
        world.partner_id
    )


def test_the_bar_says_what_the_alert_says(told, asked, world, clock):
    [card] = cards.cards_of([asked], Side.REFERENT)
    clock.advance(hours=3)
    with transaction():
        actions.ask_back(asked, "Quel avis ?", by=world.referent)
    clock.advance(days=2)
    with transaction():
        actions.give_precision(asked, "Celui de 2025.", by=world.agent)
    clock.advance(days=5)
    [card] = cards.cards_of([asked], Side.REFERENT)
    assert card.is_late
    late = -card.left
    assert late > timedelta(0)
    assert told() == answer_time(card.team) + late


def test_the_bar_says_what_the_answer_took(told, asked, world, clock):
    clock.advance(days=1, hours=5)
    with transaction():
        actions.answer(asked, "Oui.", by=world.referent)
    clock.advance(days=3)
    assert told().total_seconds() == asked.answer_seconds > 0


# --- To take away ---


def test_the_bar_of_a_request_is_a_table_with_the_same_numbers(
    asked_id, matter, world, sign_in, clock
):
    clock.advance(hours=6)
    agent = sign_in(world.agent)
    table = agent.get(f"/tickets/{matter.reference}/held.csv")
    lines = [line.split(";") for line in table.text.lstrip("\ufeff").splitlines()]
    [partner] = [line for line in lines if line[1] == "partner"]
    assert partner[2] == "Impôts d’essai"
    assert int(partner[3]) == 4.5 * 3600  # 10:00 to 16:00, without the hour and a half of lunch
    assert " Impôts d’essai</li>" in agent.get(f"/tickets/{matter.reference}/work").text
    assert sign_in(world.outsider).get(f"/tickets/{matter.reference}/held.csv").status_code == 404
    assert sign_in(world.referent).get(f"/tickets/{matter.reference}/held.csv").status_code == 403


def test_finished_requests_are_found_by_when_they_were_finished(in_centre):
    db.session.execute(text("SET LOCAL enable_seqscan = off"))
    asked = held_queries.finished_with_experts(MONDAY, at(24), 100).compile(
        dialect=db.engine.dialect, compile_kwargs={"literal_binds": True}
    )
    plan = "\n".join(db.session.scalars(text(f"EXPLAIN {asked}")))
    assert "ix_tickets_finished" in plan
    assert "Sort" not in plan
