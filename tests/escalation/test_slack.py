"""The order of the experts' list: what must be begun first, by the right and by the promise."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from contactcenter import clock as the_clock
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.edge import transaction
from contactcenter.escalation import actions, asking, words
from contactcenter.escalation.asking import Told
from contactcenter.escalation.list_queries import inbox
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.tickets import actions as tickets
from tests.conftest import MovableClock
from tests.escalation.matter import Matter
from tests.factories import World

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)  # ten o'clock at the team, open until five
Ask = Callable[..., Referral]


@pytest.fixture
def ask(in_centre: None, world: World, matter: Matter, clock: MovableClock) -> Ask:
    clock.time = MONDAY

    def asked(words: str, *, due: timedelta, lost: timedelta | None = None) -> Referral:
        now = the_clock.now()
        with transaction():
            return asking.ask(
                tickets.get(matter.ticket_id),
                db.session.get_one(Team, (world.centre_id, world.team_id)),
                question=words,
                by=world.agent,
                told=Told(right_lost="Un droit", right_lost_at=now + lost if lost else None),
                due_at=now + due,
            )

    return asked


@pytest.fixture
def order(world: World) -> Callable[[], list[str]]:
    return lambda: [each.question for each in db.session.scalars(inbox(world.referent))]


def test_the_right_and_the_promise_are_looked_at_and_the_first_of_both_counts(
    ask: Ask, order: Callable[[], list[str]]
) -> None:
    ask("Promise dans deux jours", due=timedelta(days=2))
    ask("Droit demain", due=timedelta(days=3), lost=timedelta(days=1))
    ask("Droit dans dix mois, promise ce soir", due=timedelta(hours=6), lost=timedelta(days=300))
    ask("Droit dans un an", due=timedelta(days=3), lost=timedelta(days=365_000))
    assert order() == [
        "Droit dans dix mois, promise ce soir",
        "Droit demain",
        "Promise dans deux jours",
        "Droit dans un an",
    ]


def test_what_takes_longer_is_begun_sooner(
    ask: Ask, order: Callable[[], list[str]], world: World
) -> None:
    short = ask("Courte", due=timedelta(days=1))
    _answered(short, took=timedelta(hours=6), many=10)
    ask("Longue, promise un peu plus tard", due=timedelta(days=1, hours=2))
    assert order() == ["Longue, promise un peu plus tard", "Courte"]


def test_the_latest_moment_to_begin_lies_in_the_open_time_of_the_team(ask: Ask) -> None:
    asked = ask("Mardi à neuf heures", due=timedelta(hours=23))
    assert asked.begin_by == datetime(2026, 11, 23, 15, 30, tzinfo=UTC)  # an hour, half on Monday


def test_a_right_that_must_be_saved_now_goes_before_a_promise_that_is_late(
    ask: Ask, order: Callable[[], list[str]], clock: MovableClock
) -> None:
    ask("Promise tenue trop tard", due=timedelta(hours=2))
    ask("Droit ce soir", due=timedelta(days=2), lost=timedelta(hours=6, minutes=30))
    assert order() == ["Promise tenue trop tard", "Droit ce soir"]
    clock.advance(hours=6)
    assert order() == ["Droit ce soir", "Promise tenue trop tard"]


def test_within_an_hour_the_right_that_is_lost_first_goes_first(
    ask: Ask, order: Callable[[], list[str]]
) -> None:
    ask("Sans droit", due=timedelta(days=1))
    ask("Droit en semaine deux", due=timedelta(days=1, minutes=2), lost=timedelta(days=10))
    ask("Droit en semaine une", due=timedelta(days=1, minutes=4), lost=timedelta(days=4))
    assert order() == ["Droit en semaine une", "Droit en semaine deux", "Sans droit"]


def test_what_waits_on_us_comes_last_and_its_place_is_reckoned_anew(
    ask: Ask, order: Callable[[], list[str]], world: World, clock: MovableClock
) -> None:
    first = ask("À préciser", due=timedelta(hours=3))
    ask("Une autre", due=timedelta(days=1))
    with transaction():
        actions.ask_back(first, "Quelle année ?", by=world.referent)
    assert (order(), first.begin_by) == (["Une autre", "À préciser"], None)
    clock.advance(hours=1)
    with transaction():
        actions.give_precision(first, "2025", by=world.agent)
    assert order() == ["À préciser", "Une autre"]
    assert first.begin_by == datetime(2026, 11, 23, 11, tzinfo=UTC)  # lunch


def test_each_row_says_in_words_why_it_stands_there(ask: Ask, clock: MovableClock) -> None:
    right = ask("Droit", due=timedelta(days=2), lost=timedelta(days=1))
    promise = ask("Promesse", due=timedelta(hours=7))
    now = the_clock.now()

    def said(referral: Referral, later: timedelta) -> str:
        return words.why_here(referral, now + later)

    assert "sinon le droit se perd" in said(right, timedelta(0))
    assert said(promise, timedelta(0)).startswith("À commencer avant")
    assert said(right, timedelta(hours=23)) == "À commencer maintenant, sinon le droit se perd"
    assert said(promise, timedelta(hours=6, minutes=30)).startswith("À commencer maintenant pour")
    assert said(promise, timedelta(hours=8)).startswith("Réponse promise avant")


def _answered(like: Referral, *, took: timedelta, many: int) -> None:
    """Answers in the past that took so long once they were taken."""
    at = the_clock.now() - timedelta(days=3)
    with transaction():
        for number in range(many):
            db.session.add(
                Referral(
                    ticket_id=like.ticket_id,
                    team_id=like.team_id,
                    organisation_id=like.organisation_id,
                    topic_id=like.topic_id,
                    status=ReferralStatus.ANSWERED,
                    question=f"Passée {number}",
                    asked_by=like.asked_by,
                    asked_at=at,
                    closed_at=at + took,
                    take_seconds=60,
                    answer_seconds=int(took.total_seconds()) + 60,
                )
            )
