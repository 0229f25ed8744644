"""Working a list off, and going anywhere by a few letters."""

import re
from datetime import timedelta

import pytest

from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel
from tests.desk.stage import change, far, opened, reload


@pytest.fixture
def three(app, world, clock):
    found = []
    for hours in (1, 2, 3):
        ticket = opened(app, world, subject=f"Question {hours}")
        change(app, ticket, lambda t, h=hours: tickets.set_due(t, clock.time + timedelta(hours=h)))
        found.append(ticket)
    return found


def begin(browser, **asked):
    return browser.get("/tickets/next", query_string=asked).location


def act(browser, address, noun, **sent):
    """Post to a noun of the open request, as its page does, and follow to the next one."""
    path, _question, kept = address.partition("?")
    answer = browser.post(f"{path}/{noun}?{kept}", data=sent)
    return browser.get(answer.location).location or answer.location


def test_a_list_is_worked_off_in_its_order_and_ends(agent, three):
    at, seen = begin(agent), []
    for _turn in range(3):
        seen.append(re.search(r"\d{4}-\d+", at)[0])
        at = act(agent, at, "resolution")
    assert seen == [ticket.reference for ticket in three]
    assert at == "/tickets"
    assert "C’était la dernière de «\xa0À faire\xa0»." in agent.get(at).text


def test_the_place_in_the_list_is_said(agent, three):
    at = begin(agent)
    assert "1 sur 3" in agent.get(at).text
    assert "2 sur 3" in agent.get(act(agent, at, "resolution")).text


def test_a_reply_leads_to_the_next(agent, app, three):
    at = begin(agent)
    page = agent.get(at).text
    seen = re.search(r'name="seen" value="([^"]*)"', page)[1]
    onwards = act(agent, at, "replies", text="Voici", seen=seen)
    assert three[1].reference in onwards


def test_a_note_and_reopening_stay_where_they_are(agent, three):
    at = begin(agent)
    path, _question, kept = at.partition("?")
    for noun, sent in (("notes", {"text": "À voir"}), ("assignee", {"person": "me"})):
        location = agent.post(f"{path}/{noun}?{kept}", data=sent).location
        assert three[0].reference in location


def test_one_can_pass_over_a_request_and_leave(agent, three):
    page = agent.get(begin(agent)).text
    bar = page[page.index('<nav class="play"') :].split("</nav>")[0]
    links = re.findall(r'<a class="button[^>]* href="([^"]+)"', bar)
    passing, leaving = (each.replace("&amp;", "&") for each in links)
    assert three[1].reference in agent.get(passing).location
    assert 'class="play"' not in agent.get(leaving).text


def test_a_narrowed_list_is_worked_off_too(agent, app, world, three):
    letter = opened(app, world, channel=Channel.LETTER)
    at = begin(agent, channel="letter")
    assert letter.reference in at
    assert "1 sur 1" in agent.get(at).text


def test_what_a_colleague_took_meanwhile_is_passed_over(agent, app, world, three):
    at = begin(agent)
    change(app, three[1], lambda t: tickets.resolve(t, by=world.second_agent))
    assert three[2].reference in act(agent, at, "resolution")
    assert reload(app, three[0]).resolved_at is not None


def places(browser, words):
    answer = browser.get(
        "/palette", query_string={"q": words}, headers={"Accept": "application/json"}
    )
    return [place["word"] for place in answer.json]


def test_views_and_requests_are_found_by_a_few_letters(agent, three):
    assert places(agent, "retard")[0] == "En retard"
    assert any(three[0].reference in word for word in places(agent, three[0].reference))


def test_what_one_may_not_read_is_known_by_its_reference_alone(agent, app, world):
    hidden = far(app, world, subject="Secret lointain")
    found = [word for word in places(agent, hidden.reference) if word.startswith(hidden.reference)]
    assert found
    assert "Secret" not in found[0]


def test_the_same_is_a_page_without_scripts(agent, three):
    assert f"/tickets/{three[0].reference}" in agent.get(f"/palette?q={three[0].reference}").text
