"""Work that wears people out: what counts, and what is never shown."""

from datetime import UTC, datetime, timedelta

import pytest

from contactcenter.queues.rows import AgentSession
from contactcenter.queues.spans import ticks
from contactcenter.queues.strain import strain
from contactcenter.queues.working_time import Served

START = datetime(2026, 3, 17, 8, tzinfo=UTC)
END = START + timedelta(hours=9)


def session(agent: str, begins: float = 0, ends: float = 3) -> AgentSession:
    return AgentSession(agent, None, START + timedelta(hours=begins), START + timedelta(hours=ends))


def service(agent: str, at: float, lasts: float) -> Served:
    """Minutes after the start."""
    answered = START + timedelta(minutes=at)
    return agent, ticks(answered), ticks(answered + timedelta(minutes=lasts))


def found(sessions, rows=()):
    return strain(sessions, rows, ticks(START), ticks(END))


TEAM = [session(agent) for agent in "abcde"]


def test_four_people_are_not_shown():
    assert found(TEAM[:4]) is None
    assert found(TEAM).people == 5


def test_an_hour_nine_tenths_spent_serving_is_heavy_and_two_of_them_are_told():
    rows = [service("a", 60 * hour, 55) for hour in range(3)] + [service("b", 0, 53)]
    told = found(TEAM, rows)
    assert told.hours == 15
    assert told.heavy == pytest.approx(3 / 15)
    assert told.in_a_row == 1


def test_an_hour_of_a_few_minutes_does_not_count():
    short = [session(agent, 0, 1.5) for agent in "abcde"]
    assert found(short).hours == 5


def test_more_than_four_hours_without_ten_minutes_off_is_told():
    tired = [session("a", 0, 2), session("a", 2.1, 4.5)]
    rested = [session("b", 0, 2), session("b", 2.2, 4.5)]
    told = found([*tired, *rested, *TEAM[2:]])
    assert told.without_break == pytest.approx(1 / 6)


def test_conversations_that_follow_each_other_at_once_are_told():
    rows = [service("a", 0, 5), service("a", 5.1, 5), service("a", 12, 5), service("a", 60, 5)]
    assert found(TEAM, rows).at_once == pytest.approx(1 / 2)
    assert found(TEAM).at_once is None


@pytest.mark.parametrize(
    ("begin", "told"),
    [
        ((60, 75, 90), 1),
        ((60, 75, 90, 105), 1),  # one run, however long
        ((60, 75), 0),
        ((60, 90, 105), 0),  # with a break between them
    ],
)
def test_three_conversations_twice_as_long_as_usual_without_a_break_are_told(begin, told):
    usual = [service(agent, 6 * number, 5) for agent in "abc" for number in range(4)]
    assert found(TEAM, usual + [service("a", at, 12) for at in begin]).hard_in_a_row == told


def test_what_others_did_is_not_the_team_s():
    rows = [service("z", 15 * number, 14.9) for number in range(12)]
    assert found(TEAM, rows) == found(TEAM)
