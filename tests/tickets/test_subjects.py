"""What a request is called when nobody gave it a subject."""

import pytest

from contactcenter.tickets.rules import is_greeting, subject_in


@pytest.mark.parametrize(
    "line",
    [
        "Bonjour,",
        "Bonjour Madame, Monsieur",
        "Bonjour à toute l’équipe,",
        "Madame, Monsieur,",
        "Bonsoir Monsieur Vasseur,",
        "Hello!",
        "Dear Sir or Madam,",
        "Good morning",
        "Goedendag,",
        "Geachte heer, mevrouw",
        "Guten Tag",
        "Sehr geehrte Damen und Herren,",
    ],
)
def test_a_line_that_only_greets_is_known_in_four_languages(line):
    assert is_greeting(line)


@pytest.mark.parametrize(
    "line",
    [
        "Bonjour, je n’ai pas reçu ma carte grise,",
        "Bonjour, ma carte",
        "Madame Vasseur a perdu sa carte",
        "Hello 112,",
        "Carte grise",
        "Hallo, mijn pas is weg",
        "مرحبا",
        "?",
        "",
    ],
)
def test_a_line_that_says_something_is_no_greeting(line):
    assert not is_greeting(line)


def test_a_request_is_called_by_its_first_line_that_says_something():
    assert subject_in("\nBonjour,\n\nMon  passeport expire.\nMerci", 80) == "Mon passeport expire."


def test_a_request_that_only_greets_is_called_by_its_greeting():
    assert subject_in("Bonjour,", 80) == "Bonjour,"
    assert subject_in(" \n", 80) == ""


def test_a_long_line_is_cut_between_words():
    assert subject_in("un deux trois quatre, cinq six", 22) == "un deux trois quatre…"
    assert subject_in("x" * 30, 10) == "x" * 10 + "…"
