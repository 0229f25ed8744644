"""The lists of requests, their counts, and the search."""

import re
from datetime import timedelta

import pytest

from contactcenter.citizens import actions as citizens
from contactcenter.db import Scope, db, within
from contactcenter.desk import search_queries
from contactcenter.desk.queries import PAGE
from contactcenter.edge import transaction
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel
from tests.desk.stage import opened


@pytest.fixture
def agent(sign_in, world):
    return sign_in(world.agent)


def change(app, ticket, act):
    with app.test_request_context(), within(Scope(ticket.centre_id)), transaction():
        act(tickets.get(ticket.id))


def shown(page):
    """References of the rows, in order."""
    body = page.split("data-rows")[1].split("</ul>")[0] if "data-rows" in page else ""
    return re.findall(r'href="/tickets/(\d{4}-\d+)', body)


def listed(browser, **asked):
    answer = browser.get("/tickets", query_string=asked)
    assert answer.status_code == 200
    return shown(answer.text)


def far(app, world, text="", subject="Question lointaine", **more):
    settings = {"site_id": world.other_site_id, "queue_id": world.referral_queue_id} | more
    return opened(app, world, text, subject, channel=Channel.COUNTER, **settings)


def test_the_most_pressing_comes_first(agent, app, world, clock):
    first = opened(app, world)
    clock.advance(hours=1)
    second = opened(app, world)
    change(app, first, lambda t: tickets.set_due(t, clock.time + timedelta(days=9)))
    assert listed(agent) == [second.reference, first.reference]


def test_views_hold_what_they_say(agent, sign_in, app, world, clock):
    fresh, taken, waiting, done = (opened(app, world) for _ in range(4))
    change(app, taken, lambda t: tickets.assign(t, world.second_agent, by=world.agent))
    change(app, waiting, lambda t: tickets.await_citizen(t, by=world.agent))
    change(app, done, lambda t: tickets.resolve(t, by=world.agent))
    assert listed(agent) == [fresh.reference]
    assert listed(agent, view="waiting") == [waiting.reference]
    assert listed(agent, view="resolved") == [done.reference]
    assert listed(agent, view="unassigned") == [fresh.reference]
    assert listed(agent, view="late") == []
    clock.advance(days=20)
    assert set(listed(sign_in(world.agent), view="late")) == {fresh.reference, taken.reference}


def test_what_is_mine_follows_me_out_of_my_queues(sign_in, app, world):
    ticket = far(app, world)
    change(app, ticket, lambda t: tickets.assign(t, world.agent, by=world.outsider))
    browser = sign_in(world.agent)
    assert listed(browser, view="mine") == [ticket.reference]
    assert listed(browser) == [ticket.reference]


def test_what_soon_must_be_answered_is_a_view(agent, app, world, clock):
    ticket = opened(app, world)
    assert listed(agent, view="due") == []
    change(app, ticket, lambda t: tickets.set_due(t, clock.time + timedelta(hours=5)))
    assert listed(agent, view="due") == [ticket.reference]


def test_the_views_are_counted(agent, app, world):
    for _ in range(3):
        opened(app, world)
    page = agent.get("/tickets/views").text
    assert re.search(r'À faire <span class="count">3</span>', page)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"channel": "letter"}, 1),
        ({"channel": "email"}, 1),
        ({"channel": "nonsense"}, 2),
        ({"queue": "999999"}, 0),
        ({"queue": "x"}, 2),
        ({"status": "open"}, 2),
        ({"status": "resolved"}, 0),
    ],
)
def test_filters_narrow_a_list(agent, app, world, asked, found):
    opened(app, world)
    opened(app, world, channel=Channel.LETTER)
    assert len(listed(agent, **asked)) == found


def test_pages_follow_each_other_without_gap_or_repetition(agent, app, world, clock):
    references = []
    for number in range(PAGE + 3):
        ticket = opened(app, world)
        due = clock.time + timedelta(hours=number // 2)  # two by two the same moment
        change(app, ticket, lambda t, due=due: tickets.set_due(t, due))
        references.append(ticket.reference)
    first = agent.get("/tickets").text
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = agent.get(following).text
    assert shown(first) + shown(second) == references
    assert 'rel="next"' not in second


def test_a_broken_place_shows_the_first_page(agent, app, world):
    ticket = opened(app, world)
    for after in ("x", "1-2-3", "9" * 40, "-5"):
        assert listed(agent, after=after) == [ticket.reference]


def test_new_requests_are_announced_and_never_jump_in(agent, app, world):
    opened(app, world)
    page = agent.get("/tickets").text
    address = re.search(r'data-live-url="(/tickets/news[^"]+)"', page)[1].replace("&amp;", "&")
    assert "nouvelle" not in agent.get(address).text
    opened(app, world)
    opened(app, world)
    assert "2 nouvelles demandes, les afficher" in agent.get(address).text


def test_an_empty_list_says_why(agent):
    assert "Rien à faire" in agent.get("/tickets").text


def test_nobody_elses_requests_are_in_a_list(sign_in, app, world, other_world):
    opened(app, world)
    assert listed(sign_in(other_world.agent)) == []
    assert listed(sign_in(world.outsider)) == []


# --- Search ---


def test_a_reference_is_found_exactly(agent, app, world):
    first, second = opened(app, world), opened(app, world, f"comme {2026}-000001 déjà dit")
    assert listed(agent, q=second.reference) == [second.reference]
    assert listed(agent, q=f" {first.reference} ")[0] == first.reference


@pytest.mark.parametrize(
    ("language", "written", "words"),
    [
        ("fr", "J’ai déménagé à l’étranger", "demenage etranger"),
        ("fr", "Les relevés de carrière", "relevé"),
        ("nl", "Ik heb drie aanslagbiljetten ontvangen", "aanslagbiljet"),
        ("de", "Meine Anträge wurden verzögert", "antrag verzogert"),
        ("en", "My pension payments stopped", "payment"),
    ],
)
def test_words_are_found_in_each_language_with_accents_ignored(
    agent, app, world, language, written, words
):
    ticket = opened(app, world, written, channel=Channel.WEB, language=language)
    opened(app, world, "rien à voir")
    assert listed(agent, q=words) == [ticket.reference]


def test_the_words_of_others_requests_answer_nothing(sign_in, agent, app, world, other_world):
    far(app, world, "une maladie grave")
    assert listed(agent, q="maladie") == []
    opened(app, world, "une maladie grave")
    assert listed(sign_in(world.outsider), q="maladie") != listed(agent, q="maladie")
    assert listed(sign_in(other_world.agent), q="maladie") == []


def test_a_reference_elsewhere_shows_its_line_and_not_its_content(agent, app, world):
    ticket = far(app, world, subject="Un sujet privé", topic_id=world.topic_id)
    page = agent.get("/tickets", query_string={"q": ticket.reference}).text
    assert shown(page) == [ticket.reference]
    assert "Avis d’impôt" in page
    assert "s’ouvre avec une raison" in page
    assert "Un sujet privé" not in page


@pytest.mark.parametrize("words", ["lambertin", "Lambertín", "01 99 00 12 34", "j@exemple.example"])
def test_a_citizen_leads_to_their_requests_everywhere(agent, app, world, words):
    with app.test_request_context(), within(Scope(world.centre_id)), transaction():
        citizen = citizens.create(
            name="Josette Lambertin", phone="01 99 00 12 34", email="j@exemple.example"
        )
        citizen_id = citizen.id
    here = opened(app, world, citizen_id=citizen_id)
    there = far(app, world, citizen_id=citizen_id, subject="Un sujet privé")
    page = agent.get("/tickets", query_string={"q": words}).text
    assert set(shown(page)) == {here.reference, there.reference}
    assert "Un sujet privé" not in page


def test_filters_narrow_a_search_too(agent, app, world):
    opened(app, world, "déménagement")
    letter = opened(app, world, "déménagement", channel=Channel.LETTER)
    assert listed(agent, q="déménagement", channel="letter") == [letter.reference]


def test_a_long_search_goes_on_on_the_next_page(agent, app, world):
    for _ in range(PAGE + 2):
        opened(app, world, "déménagement")
    first = agent.get("/tickets?q=déménagement").text
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    assert len(shown(first)) == PAGE
    assert len(shown(agent.get(following).text)) == 2


def test_own_requests_are_found_behind_many_newer_ones_of_others(agent, app, world, monkeypatch):
    monkeypatch.setattr(search_queries, "LOOKS", (2, 4, 8))
    mine = opened(app, world, "déménagement")
    for _ in range(5):
        far(app, world, "déménagement")
    assert listed(agent, q="déménagement") == [mine.reference]


@pytest.mark.parametrize("words", ["'", '"', "& | !", "\\", "%", "a" * 500, "<b>", "\x00", "((("])
def test_no_words_break_the_search(agent, app, world, words):
    opened(app, world, "bonjour")
    assert agent.get("/tickets", query_string={"q": words}).status_code == 200


def test_internal_words_are_found_by_the_house(agent, app, world):
    ticket = opened(app, world)
    change(app, ticket, lambda t: tickets.note(t, "registre de la filature", by=world.agent))
    assert listed(agent, q="filature") == [ticket.reference]


def test_a_referent_finds_nothing_by_searching(sign_in, app, world):
    opened(app, world, "déménagement")
    assert sign_in(world.referent).get("/tickets?q=déménagement").status_code == 403
    with app.app_context(), within(world.referent.scope):
        from contactcenter.tickets.search import ticket_ids

        assert ticket_ids("déménagement") == []
        db.session.rollback()
