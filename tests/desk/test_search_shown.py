"""What is shown of what a search found: excerpts, for whom, and how many."""

import re

from contactcenter.db import Scope, db, within
from contactcenter.desk import searching
from contactcenter.desk.queries import PAGE
from contactcenter.tickets import actions as tickets
from contactcenter.tickets import search
from contactcenter.tickets.excerpts import excerpts
from contactcenter.tickets.models import SearchDocument
from contactcenter.tickets.search_rules import Terms
from tests.desk.stage import change, far, found, heard, lambertin, listed, opened, shown

# --- Excerpts ---


def test_an_excerpt_marks_what_was_found_and_nothing_else(agent, app, world):
    opened(app, world, "Bonjour, je parle du <b>déménagement</b> & du <script>alert(1)</script>")
    page = found(agent, "demenagement")
    assert "<mark>déménagement</mark>" in page
    assert "<script>alert" not in page
    assert "<b>" not in page.split("data-rows")[1].split("</ul>")[0]


def test_marks_in_a_text_are_not_ours(agent, app, world):
    opened(app, world, "un \x02faux\x03 déménagement <mark>vrai</mark>")
    page = found(agent, "déménagement")
    assert "<mark>faux" not in page
    assert "<mark>vrai" not in page
    assert "<mark>déménagement</mark>" in page


def test_the_excerpt_is_of_the_message_that_was_found(agent, app, world):
    ticket = opened(app, world, "les premiers mots")
    heard(app, ticket, "plus tard, la filature")
    change(app, ticket, lambda t: tickets.note(t, "une note sur le moulin", by=world.agent))
    assert "<mark>filature</mark>" in found(agent, "filature")
    page = found(agent, "moulin")
    assert "<mark>moulin</mark>" in page
    assert "Note interne" in page


def test_a_request_known_by_its_line_gives_no_excerpt(agent, app, world):
    ticket = far(app, world, "Lambertin déménage", citizen_id=lambertin(app, world))
    page = found(agent, "lambertin")
    assert shown(page) == [ticket.reference]
    assert "<mark>" not in page
    assert "déménage" not in page


def test_excerpts_themselves_ask_who_reads(app, world):
    ticket = far(app, world, "Lambertin déménage")
    with app.test_request_context(), within(Scope(world.centre_id)):
        assert excerpts([ticket.id], world.agent, Terms(("déménage",))) == {}
        assert excerpts([ticket.id], world.outsider, Terms(("déménage",)))
        db.session.rollback()


def test_postgresql_alone_gives_a_referent_no_excerpt_document_or_match(app, world):
    """The code's own wall is taken away: the tables and functions are asked directly."""
    ticket = opened(app, world, "une maladie grave")
    with app.app_context(), within(world.referent.scope):
        assert search.ticket_ids("maladie") == []
        assert search.among([ticket.id], Terms(("maladie",))) == []
        assert db.session.scalars(db.select(SearchDocument)).all() == []
        db.session.rollback()


def test_a_request_opened_with_a_reason_is_found_by_its_words_for_a_day(
    agent, sign_in, app, world, clock
):
    ticket = far(app, world, "une maladie grave")
    change(app, ticket, lambda t: tickets.read_with_reason(t, "rappel urgent", by=world.agent))
    page = found(agent, "maladie")
    assert shown(page) == [ticket.reference]
    assert "<mark>maladie</mark>" in page
    clock.advance(hours=25)
    assert listed(sign_in(world.agent), q="maladie") == []


# --- How many ---


def test_a_few_are_counted_at_once(agent, app, world):
    for _ in range(3):
        opened(app, world, "déménagement")
    assert "3 demandes" in found(agent, "déménagement")


def test_many_are_counted_up_to_a_bound(agent, app, world, monkeypatch):
    for _ in range(PAGE + 3):
        opened(app, world, "déménagement")
    page = found(agent, "déménagement")
    assert "plus de 25" in page
    address = re.search(r'hx-get="(/tickets/found[^"]+)"', page)[1].replace("&amp;", "&")
    assert "28 demandes" in agent.get(address).text
    monkeypatch.setattr(searching, "MOST_COUNTED", 20)
    assert "plus de 20" in agent.get(address).text


def test_what_others_have_is_not_counted(agent, app, world):
    far(app, world, "déménagement")
    opened(app, world, "déménagement")
    assert "1 demande<" in agent.get("/tickets/found?q=déménagement").text


def test_a_search_that_looked_at_the_newest_only_leads_further(agent, app, world, monkeypatch):
    monkeypatch.setattr(search, "LOOKS", (2, 2))
    mine = opened(app, world, "déménagement")
    for _ in range(6):
        far(app, world, "déménagement")
    page = found(agent, "déménagement")
    assert shown(page) == []
    assert "Chercher plus loin" in page
    following = re.search(r'rel="next" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert shown(agent.get(following).text) == [mine.reference]
