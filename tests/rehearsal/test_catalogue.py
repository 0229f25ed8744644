"""What is played is made up, complete and cannot reach anybody."""

import random
import tomllib

import pytest

from contactcenter.rehearsal.cast import LEFT_ALONE, read_cast
from contactcenter.rehearsal.words import CATALOGUE, LANGUAGES, Words


@pytest.fixture
def words() -> Words:
    return Words(random.Random(1))


def test_nobody_acts_for_those_whom_a_visitor_signs_in_as():
    cast = read_cast("val-dorme")
    playing = {clerk.email for clerk in cast.clerks} | {expert.email for expert in cast.experts}
    playing |= {*cast.writers, *cast.speakers}
    assert not playing & LEFT_ALONE
    assert cast.clerks
    assert cast.writers
    assert cast.speakers


def test_citizens_have_numbers_and_addresses_of_nobody(words):
    citizens = [words.citizen() for _each in range(200)]
    assert {citizen.email.rpartition(".")[2] for citizen in citizens} == {"example"}
    assert {citizen.phone[:8] for citizen in citizens} == {"+3319900", "+3363998"}


def test_letters_are_written_in_every_language():
    letters = tomllib.loads((CATALOGUE / "letters.toml").read_text())["letters"]
    assert {letter["language"] for letter in letters} == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_staff_and_citizens_have_words_in_every_language(words, language):
    for what in ("reply", "paper", "thanks", "with_paper"):
        assert words.say(what, language)
    assert all(words.away(language))


def test_the_same_seed_draws_the_same_day():
    first, second = (Words(random.Random(7)) for _time in range(2))
    assert [first.citizen() for _each in range(20)] == [second.citizen() for _each in range(20)]
