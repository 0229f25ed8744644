"""The lists of requests, their counts, and the search."""

import re
from datetime import timedelta

import pytest

from contactcenter.desk import queries, views
from contactcenter.desk.queries import PAGE
from contactcenter.teamwork import actions as teamwork
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel
from tests.desk.stage import change, far, listed, opened, shown


def test_the_most_pressing_comes_first(agent, app, world, clock):
    first = opened(app, world)
    clock.advance(hours=1)
    second = opened(app, world)
    change(app, first, lambda t: tickets.set_due(t, clock.time + timedelta(days=9)))
    assert listed(agent) == [second.reference, first.reference]


def test_the_address_of_a_list_names_only_what_was_chosen(agent):
    sent = agent.get("/tickets?queue=&topic=&language=fr&sort=&from=")
    assert (sent.status_code, sent.headers["Location"]) == (303, "/tickets?language=fr")
    assert agent.get(sent.headers["Location"]).status_code == 200


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


@pytest.mark.parametrize("few", [0, views.FEW])
def test_what_is_with_an_expert_is_listed_however_many_there_are(
    sign_in, world, clock, monkeypatch, matter, asked_id, few
):
    monkeypatch.setattr(views, "FEW", few)
    queries._crowded_at.cache_clear()  # else it is looked at once a minute
    agent = sign_in(world.agent)
    assert listed(agent, view="referent") == [matter.reference]
    assert listed(agent, view="late") == []
    clock.advance(days=30)
    assert listed(sign_in(world.agent), view="late") == [matter.reference]


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


def test_what_comes_into_a_list_by_a_change_is_announced_too(agent, app, world, clock):
    _first, away = opened(app, world), opened(app, world)
    until = clock.time + timedelta(days=1)
    change(app, away, lambda t: teamwork.snooze(t, until, by=world.agent))
    page = agent.get("/tickets").text
    address = re.search(r'data-live-url="(/tickets/news[^"]+)"', page)[1].replace("&amp;", "&")
    assert "nouvelle" not in agent.get(address).text
    change(app, away, lambda t: teamwork.wake(t.id))
    assert "Une nouvelle demande, l’afficher" in agent.get(address).text


def test_what_moves_up_because_others_left_is_not_announced(agent, app, world):
    every = [opened(app, world) for _ in range(PAGE + 1)]
    page = agent.get("/tickets").text
    address = re.search(r'data-live-url="(/tickets/news[^"]+)"', page)[1].replace("&amp;", "&")
    change(app, every[0], lambda t: tickets.resolve(t, by=world.agent))
    assert "nouvelle" not in agent.get(address).text


def rows_again(agent, page):
    """The rows of a page that stays open, as its live region fetches them."""
    address = re.search(r'data-live-url="(/tickets/rows[^"]+)"', page)[1].replace("&amp;", "&")
    return agent.get(address).text


def test_a_row_changes_in_its_place(agent, app, world, clock):
    first, second = opened(app, world, subject="Bientôt"), opened(app, world, subject="Plus tard")
    change(app, second, lambda t: tickets.set_due(t, clock.time + timedelta(days=9)))
    page = agent.get("/tickets").text
    opened(app, world, subject="Toute neuve")
    change(app, first, lambda t: tickets.set_due(t, clock.time + timedelta(days=20)))
    change(app, first, lambda t: tickets.assign(t, world.agent, by=world.agent))
    again = rows_again(agent, page)
    assert shown(again) == shown(page) == [first.reference, second.reference]
    assert world.agent.name in again
    assert world.agent.name not in page.split("data-rows")[1].split("</ul>")[0]


def test_a_row_that_left_its_list_stays_and_says_so(agent, app, world):
    done, _other = opened(app, world), opened(app, world)
    page = agent.get("/tickets").text
    change(app, done, lambda t: tickets.resolve(t, by=world.agent))
    one, other = rows_again(agent, page).split("<li ")[1:]
    assert "N’est plus dans cette liste" in one
    assert "Terminée" in one
    assert "N’est plus" not in other


def test_a_row_that_went_to_another_team_no_longer_tells_what_it_says(agent, app, world):
    ticket = opened(app, world, subject="Confié ailleurs")
    page = agent.get("/tickets").text
    assert "Confié ailleurs" in page

    def hand_over(moved):
        moved.queue_id, moved.site_id = world.referral_queue_id, world.other_site_id

    change(app, ticket, hand_over)
    again = rows_again(agent, page)
    assert "Confié ailleurs" not in again
    assert ticket.reference in again


def test_rows_of_another_centre_are_not_told(agent, sign_in, app, world, other_world):
    ticket = opened(app, world)
    page = agent.get("/tickets").text
    assert ticket.reference in rows_again(agent, page)
    assert ticket.reference not in rows_again(sign_in(other_world.agent), page)


def test_an_empty_list_says_why(agent):
    assert "Rien à faire" in agent.get("/tickets").text


def test_nobody_elses_requests_are_in_a_list(sign_in, app, world, other_world):
    opened(app, world)
    assert listed(sign_in(other_world.agent)) == []
    assert listed(sign_in(world.outsider)) == []


@pytest.mark.parametrize("word", ["_method=POST", "_scheme=ftp", "endpoint=a", "tag=a&tag=b"])
def test_an_address_keeps_all_that_it_says_but_what_is_empty(world, sign_in, word):
    sent = sign_in(world.agent).get(f"/tickets?q=&{word}&page=")
    assert (sent.status_code, sent.location) == (303, f"/tickets?{word}")
