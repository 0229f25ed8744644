"""Who acts when, and what becomes of an act that fails."""

import threading
from collections.abc import Iterator

import pytest

from contactcenter.rehearsal.agenda import Agenda
from contactcenter.rehearsal.browser import NotLetIn, Unreachable

PATIENCE = 60


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def agenda(said: list[str]) -> Iterator[Agenda]:
    agenda = Agenda(speed=100, report=said.append)
    agenda.start(hands=1)
    yield agenda
    agenda.stop()


def test_a_player_acts_again_when_they_said(agenda):
    third = threading.Semaphore(0)

    def act() -> float:
        third.release()
        return 0.1

    agenda.play(act, first=0)
    assert all(third.acquire(timeout=PATIENCE) for _time in range(3))


def test_an_act_that_found_no_answer_is_tried_until_it_is_done(agenda, said):
    done, tries = threading.Event(), []

    def act() -> None:
        tries.append(1)
        if len(tries) == 1:
            raise Unreachable("the door is shut")
        done.set()

    agenda.after(0, act)
    assert done.wait(PATIENCE)
    assert said == ["later: the door is shut"]


def test_whoever_is_not_let_in_stays_away(agenda, said):
    tries, next_one = [], threading.Event()

    def act() -> float:
        tries.append(1)
        raise NotLetIn("somebody")

    agenda.play(act, first=0)
    agenda.after(1, next_one.set)
    assert next_one.wait(PATIENCE)
    assert (len(tries), said) == (1, ["not let in: somebody"])


def test_a_fault_of_one_player_does_not_end_the_day(agenda, said):
    next_one = threading.Event()

    def act() -> float:
        raise KeyError("a page we cannot read")

    agenda.play(act, first=0)
    agenda.after(1, next_one.set)
    assert next_one.wait(PATIENCE)
    assert "a page we cannot read" in said[0]
