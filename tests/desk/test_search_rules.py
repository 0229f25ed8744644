"""How a search is read: any text gives terms, or a kind word on what was not understood."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from contactcenter import clock
from contactcenter.desk.box import read_box, read_wanted, write_box
from contactcenter.desk.box_words import FIELD_OF
from contactcenter.desk.filters import READ, Filters
from contactcenter.languages import zone
from contactcenter.tickets.models import Channel, Status
from contactcenter.tickets.search_rules import Terms, read_terms

NAMES = {"queue_id": {3: "Courrier", 4: "Courrier du soir"}, "assignee": {7: "Ana Moreau"}}
PIECES = some.one_of(
    some.text(max_size=30),
    some.sampled_from([*FIELD_OF, "statut", "canal"]).map(lambda name: f"{name}:"),
    some.sampled_from(['"', "-", ":", "«", "»", "''", "2026-02-31", "moi", "99999999999999999999"]),
)
TYPED = some.lists(PIECES, max_size=12).map(" ".join) | some.lists(PIECES, max_size=12).map("".join)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", Terms()),
        ("avis impôt", Terms(("avis", "impôt"))),
        ("avis avis", Terms(("avis",))),
        ('"avis d’impôt" -relevé', Terms(("avis d’impôt",), ("relevé",))),
        ('-"avis d’impôt" x', Terms(("x",), ("avis d’impôt",))),
        ("« carte de séjour »", Terms(("carte de séjour",))),
        ('un "guillemet ouvert', Terms(("un", "guillemet ouvert"))),
        ("porte-monnaie", Terms(("porte-monnaie",))),
        ("objet:avis 12:30", Terms(("objet:avis", "12:30"))),
        ("https://site.example/x", Terms(("https://site.example/x",))),
        ("- -- ::: ()", Terms()),
        ("Re: TR: avis", Terms(("avis",))),
    ],
)
def test_terms_are_read(typed, terms):
    assert read_terms(typed) == terms


@given(TYPED)
def test_what_is_read_reads_the_same_again(typed):
    once = read_terms(typed)
    assert all(term.strip() for term in (*once.wanted, *once.unwanted))


@pytest.fixture
def page(app, world):
    with app.test_request_context("/?lang=fr"):
        yield


@pytest.mark.parametrize(
    ("typed", "field", "value"),
    [
        ("file:courrier", "queue_id", 3),
        ('file:"courrier du soir"', "queue_id", 4),
        ("wachtrij:soir", "queue_id", 4),
        ("file:4", "queue_id", 4),
        ("responsable:moi", "assignee", "me"),
        ("pour:moreau", "assignee", "7"),
        ("État : À-faire", "status", Status.OPEN),
        ('statut:"à faire"', "status", Status.OPEN),
        ("KANAL:E-Mail", "channel", Channel.EMAIL),
        ("langue:allemand", "language", "de"),
        ("plus-tard:oui", "snoozed", "yes"),
    ],
)
def test_filters_are_read(page, typed, field, value):
    box = read_box(f"avis {typed} impôt", Filters(), NAMES)
    assert box.filters.chosen == {field: value}
    assert box.words == "avis impôt"
    assert not box.problems


def test_days_count_back_and_for_what_is_due_ahead(page):
    today, week = clock.now().astimezone(zone()).date(), timedelta(days=7)
    found = read_box("après:7j due-après:7j", Filters(), NAMES).filters
    assert (found.opened_from, found.due_from) == (today - week, today + week)


@settings(max_examples=300)
@given(typed=TYPED)
def test_any_text_gives_an_answer_or_a_kind_word(page_once, typed):
    with page_once:
        box = read_box(typed, Filters(), NAMES)
        assert all(problem.words for problem in box.problems)
        again = read_box(write_box(box.words, box.filters, NAMES), Filters(), NAMES)
        assert again.filters == box.filters
        assert read_wanted(again.words).terms == read_wanted(box.words).terms


@pytest.fixture(scope="module")
def page_once(app):
    class Page:
        def __enter__(self):
            self.context = app.test_request_context("/?lang=fr")
            self.context.push()

        def __exit__(self, *_what):
            self.context.pop()

    return Page()


def test_every_filter_of_the_panel_has_its_name(page):
    assert set(READ) < set(FIELD_OF.values())
