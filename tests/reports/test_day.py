import csv
import io
import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import g
from hypothesis import given
from hypothesis import strategies as st

from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.conditions import FIGURES
from contactcenter.queues.figures import reconciles, report
from contactcenter.queues.measures import window_figures
from contactcenter.queues.models import Queue, Source, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.rows import VisitRow
from contactcenter.reports import day as days
from contactcenter.reports import queries, words
from contactcenter.reports.charts import bars
from contactcenter.reports.ladder import ladder
from contactcenter.spreadsheets import harmless
from contactcenter.tickets.models import Channel, Interaction

DAY = "/board/queues/{}"


@pytest.fixture
def looked(app, world):
    """The day of the phone queue, as its page shows it."""

    def look(wanted=None, queue_id=None):
        with (
            app.test_request_context(),
            within(Scope(world.centre_id)),
            transaction(),
        ):
            centre = db.session.get_one(Centre, world.centre_id)
            g.timezone = centre.timezone
            queue = db.session.get_one(Queue, (world.centre_id, queue_id or world.phone_queue_id))
            return days.look(centre, queue, wanted)

    return look


def test_the_page_shows_figures_with_their_definition_and_their_sum(world, visit, sign_in):
    visit(Outcome.ANSWERED)
    visit(Outcome.ABANDONED)
    visit(ago=2)
    page = sign_in(world.agent).get(DAY.format(world.phone_queue_id)).text
    assert "Le compte est juste" in page
    assert "50\xa0%" in page
    assert "1 sur 2 à qui un service était dû" in page
    assert "%%" not in page


def test_every_figure_of_a_day_lists_as_many_visits_as_it_counts(app, world, visit, looked):
    chance = random.Random(5)
    for _ in range(60):
        outcome = chance.choice([None, *Outcome])
        wait = 0.0 if outcome is Outcome.FULL else chance.choice([0, 1, 12])
        visit(outcome, ago=chance.uniform(1, 500), wait=wait)
    shown = looked()
    figures, levels = shown.figures, shown.figures.service_levels
    expected = {
        "offered": figures.offered,
        "answered": figures.answered,
        "on_time": levels["ours"].part,
        "owed": levels["ours"].whole,
        "ended_well": levels["asterisk_2"].part,
        "decided": levels["asterisk_2"].whole,
        "decided_late": levels["genesys"].whole,
        "short": figures.short,
        "refused": figures.blocked,
        "gave_up": figures.abandonment.part,
        "stayed": figures.abandonment.whole,
        "lost": figures.lost.part,
        "waiting": figures.waiting,
        "handled": figures.handled,
        **{f"outcome-{name}": count for name, count in figures.outcomes.items()},
    }
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        listed = {
            name: len(
                db.session.execute(
                    queries.visits_behind(
                        Visit.queue_id == world.phone_queue_id,
                        name,
                        shown.start,
                        shown.end,
                        shown.at,
                        include_rehearsal=False,
                    )
                ).all()
            )
            for name in expected
        }
    assert listed == expected
    assert shown.adds_up


@given(
    history=st.lists(
        st.tuples(st.sampled_from([None, *Outcome]), st.integers(0, 90), st.booleans()),
        max_size=30,
    )
)
def test_whatever_happened_offered_is_the_outcomes_and_who_waits(history):
    start = datetime(2026, 11, 23, tzinfo=UTC)
    rows = [
        VisitRow(
            queue="A",
            channel="phone",
            source="transfer" if moved else "new",
            interaction=str(number),
            leg=1,
            entered_at=start + timedelta(minutes=number),
            answered_at=(
                start + timedelta(minutes=number + wait) if outcome is Outcome.ANSWERED else None
            ),
            left_at=start + timedelta(minutes=number + wait) if outcome else None,
            outcome=outcome,
            agent="7" if outcome is Outcome.ANSWERED else None,
        )
        for number, (outcome, wait, moved) in enumerate(history)
    ]
    told = report(rows, [], start, start + timedelta(days=1), "UTC")
    assert reconciles(told["all"])


def test_who_is_served_in_another_queue_is_not_among_those_never_served(app, world, visit, clock):
    visit(Outcome.TIMEOUT, ago=50, wait=5, caller_key="k")
    visit(Outcome.ANSWERED, ago=40, caller_key="k", queue_id=world.counter_queue_id)
    visit(Outcome.TIMEOUT, ago=30, wait=5, caller_key="nobody")
    window = world.centre_id, clock.time - timedelta(hours=1), clock.time, "Europe/Paris"
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        for asked in (window_figures(*window), window_figures(*window, world.phone_queue_id)):
            assert asked["queue:Téléphone"]["unserved_people"] == 1


def test_the_day_of_the_autumn_change_has_its_25_hours(app, world, visit, clock, looked):
    clock.time = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)  # 0:30 on the 26th in Paris
    visit(Outcome.ANSWERED, at=datetime(2026, 10, 24, 22, 5, tzinfo=UTC))
    visit(Outcome.ANSWERED, at=datetime(2026, 10, 25, 22, 55, tzinfo=UTC))
    visit(Outcome.ANSWERED, at=datetime(2026, 10, 25, 23, 5, tzinfo=UTC))
    shown = looked(datetime(2026, 10, 25, tzinfo=UTC).date())
    assert shown.end - shown.start == timedelta(hours=25)
    assert shown.figures.offered == 2


def test_a_letter_of_last_week_still_counts_in_the_line(app, world, visit):
    visit(ago=60 * 24 * 8, queue_id=world.written_queue_id, channel="email")
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        start, end = day_of(datetime(2026, 11, 22, tzinfo=UTC).date(), "Europe/Paris")
        told = window_figures(world.centre_id, start, end, "Europe/Paris")
    assert told["queue:Courriels"]["queue_max_length"] == 1
    assert told["queue:Courriels"]["legs_offered"] == 0


def test_a_wait_at_the_counter_ends_with_the_call(app, world, visit, looked, clock):
    visit(
        Outcome.ANSWERED,
        ago=20,
        wait=3,
        queue_id=world.counter_queue_id,
        channel="counter",
    )
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        row = db.session.scalars(db.select(Visit)).one()
        row.answered_at += timedelta(minutes=2)  # the way from the chair to the counter
        row.ended_at += timedelta(minutes=2)
    figures = looked(queue_id=world.counter_queue_id).figures
    assert (figures.asa_seconds, figures.mean_handling_seconds) == (180, 120)


def test_the_list_goes_on_page_by_page_without_losing_one(world, visit, sign_in):
    same = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    for _ in range(52):
        visit(Outcome.ANSWERED, at=same)
    browser = sign_in(world.manager)
    first = browser.get(DAY.format(world.phone_queue_id) + "/visits?figure=answered").text
    onward = re.search(r'rel="next" href="([^"]+)"', first)
    assert onward
    second = browser.get(onward[1].replace("&amp;", "&")).text
    assert (first.count("<tr>"), second.count("<tr>")) == (51, 3)
    assert 'rel="next"' not in second


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("figure=nonsense", 404),
        ("from=yesterday&to=today", 422),
        ("day=2026-13-45", 422),
        ("after=x+y", 200),
        ("from=2026-11-23T00:00&to=2026-11-24T00:00", 200),
    ],
)
def test_a_strange_question_gets_its_own_answer(world, sign_in, question, status):
    address = DAY.format(world.phone_queue_id) + "/visits?" + question
    assert sign_in(world.manager).get(address).status_code == status


def test_the_day_can_be_taken_away_as_a_table(world, visit, sign_in):
    visit(Outcome.ANSWERED)
    visit(Outcome.ABANDONED, ago=5)
    answer = sign_in(world.manager).get(DAY.format(world.phone_queue_id) + "/day.csv")
    assert answer.content_type == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")), delimiter=";"))
    assert [line[11] for line in lines] == ["Issue", "Servi", "Parti avant son tour"]
    assert lines[1][4] == "2026-11-23T09:50:00+01:00"
    assert lines[1][2:4] == ["Téléphone", "Nouvelle"]


def test_the_table_has_codes_that_no_language_changes(world, visit, sign_in):
    visit(Outcome.ANSWERED)
    visit(ago=2)
    answer = sign_in(world.manager).get(DAY.format(world.phone_queue_id) + "/day.csv")
    lines = list(csv.reader(io.StringIO(answer.text), delimiter=";"))
    codes = [line[-3:] for line in lines[1:]]
    assert codes == [["phone", "new", "answered"], ["phone", "new", "waiting"]]


def test_what_was_chosen_in_the_menu_stands_where_no_topic_does(app, world, visit, sign_in):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        contact = Interaction(
            channel=Channel.PHONE,
            started_at=datetime(2026, 11, 23, tzinfo=UTC),
            detail={"choice": {"fr": "Cartes et passeports"}},
        )
        db.session.add(contact)
        db.session.flush()
        contact_id = contact.id
    visit(Outcome.ABANDONED, interaction_id=contact_id, caller_key="k")
    browser = sign_in(world.manager)
    day = DAY.format(world.phone_queue_id)
    for page in (f"{day}/visits", f"{day}/day.csv", "/unserved"):
        assert "Cartes et passeports" in browser.get(page).text


def test_a_number_that_looks_like_a_formula_is_text_in_the_table(world, visit, sign_in):
    visit(Outcome.ABANDONED, number='=HYPERLINK("http://x.example")')
    answer = sign_in(world.manager).get(DAY.format(world.phone_queue_id) + "/day.csv")
    assert "\"'=HYPERLINK(" in answer.text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", " =", "\r@"])
def test_what_a_spreadsheet_would_run_is_quoted(start):
    assert harmless(f"{start}1").startswith("'")


@pytest.mark.parametrize("cell", ["A012", "12.5", "", "2026-11-23"])
def test_what_is_plain_stays_as_it_is(cell):
    assert harmless(cell) == cell


def test_no_list_and_no_table_names_a_citizen_or_a_number(app, world, visit, sign_in):
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        contact = Interaction(
            channel=Channel.PHONE,
            started_at=datetime(2026, 11, 23, tzinfo=UTC),
            detail={"from": "+33639980264"},
        )
        db.session.add(contact)
        db.session.flush()
        contact_id = contact.id
    visit(Outcome.ABANDONED, interaction_id=contact_id, caller_key="key of somebody")
    browser = sign_in(world.manager)
    for page in ("", "/visits", "/day.csv"):
        text = browser.get(DAY.format(world.phone_queue_id) + page).text
        assert "39980264" not in text.replace(" ", "")
        assert "key of somebody" not in text


def test_another_day_is_shown_as_it_was(world, visit, sign_in):
    visit(Outcome.ANSWERED, ago=60 * 24)
    browser = sign_in(world.manager)
    page = browser.get(DAY.format(world.phone_queue_id) + "?day=2026-11-22").text
    assert "Lendemain" in page
    assert 'data-live="queue' not in page


def test_names_of_figures_are_those_that_can_be_listed(app):
    with app.test_request_context():
        assert set(words.figures()) == set(FIGURES)


class Measured:
    services, handling, waited, gave_up = 200, 300.0, 18_000.0, 20


def test_one_agent_more_serves_more_and_loses_fewer():
    found = ladder(52, 4, Measured, target_seconds=180)
    assert found is not None
    assert [rung.agents for rung in found.rungs] == [2, 3, 4, 5, 6, 7]
    assert [rung.is_now for rung in found.rungs].index(True) == 2
    lost = [rung.found.p_abandon for rung in found.rungs]
    assert lost == sorted(lost, reverse=True)
    assert found.needed == 5
    assert found.patience_seconds == 900


def test_what_other_queues_ask_of_the_same_agents_is_part_of_their_work():
    alone = ladder(60, 4, Measured, target_seconds=180)
    both = ladder(
        30, 4, Measured, target_seconds=180, erlangs_elsewhere=30 * Measured.handling / 3600
    )
    assert (both.is_shared, alone.is_shared) == (True, False)
    assert [each.found for each in both.rungs] == [each.found for each in alone.rungs]


def test_what_cannot_be_measured_is_not_computed():
    class Few(Measured):
        gave_up = 4

    assert ladder(52, 4, Few, target_seconds=180) is None
    assert ladder(0, 4, Measured, target_seconds=180) is None


def test_a_bar_above_the_limit_says_by_how_much():
    drawn = bars([1, 4], 2, width=100, height=46)
    assert drawn.total == 5
    assert [bar.over for bar in drawn.bars] == [0, 20]
    assert drawn.limit_y == 24


def test_who_came_back_is_a_visit_more_and_nobody_more(world, visit, sign_in, looked):
    first = visit(Outcome.ANSWERED, ago=20)
    visit(Outcome.ANSWERED, ago=4, source=Source.RETURN, previous_id=first)
    shown = looked()
    assert (shown.figures.arrived, shown.figures.served, shown.figures.returned) == (1, 1, 1)
    assert (shown.figures.offered, shown.adds_up) == (2, True)
    assert sum(each.offered for each in shown.half_hours) == 1
    page = sign_in(world.manager).get(DAY.format(world.phone_queue_id)).text
    assert "dont revenus après avoir été mis de côté" in page
    assert "sur 2 visites, retours compris" in page
    assert "Qui a été mis de côté puis revient y compte une visite de plus." in page


def test_one_is_said_in_the_singular(world, visit, sign_in):
    visit(Outcome.ANSWERED)
    page = sign_in(world.manager).get(DAY.format(world.phone_queue_id)).text
    assert re.search(r"1\s+arrivée\.", page.replace("\xa0", " "))
    assert "sur la visite elle-même" in page


def test_a_question_that_was_taken_back_has_not_left(world, visit, sign_in):
    visit(Outcome.WITHDRAWN, queue_id=world.referral_queue_id, channel=Channel.EMAIL)
    page = sign_in(world.manager).get(DAY.format(world.referral_queue_id)).text
    assert "<dt>Retirés avant</dt>" in page
    assert "Partis avant" not in page
