"""Filters, order, and lists that are kept under a name."""

import re
from datetime import timedelta

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.desk import queries, walks
from contactcenter.edge import transaction
from contactcenter.teamwork import actions as teamwork
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Priority
from tests.desk.stage import change, listed, opened, shown


def keep(browser, **sent):
    answer = browser.post("/views", data={"name": "Ma vue", "shared": "own"} | sent)
    assert answer.status_code == 303
    return re.search(r"saved=(\d+)", answer.location)[1]


@pytest.fixture
def two(app, world, clock):
    """A plain request, and a day later one that differs in every field."""
    plain = opened(app, world, subject="Ordinaire")
    clock.advance(days=1)
    other = opened(app, world, channel=Channel.LETTER, language="nl", topic_id=world.topic_id)

    def differ(ticket):
        tickets.set_priority(ticket, Priority.HIGH, by=world.agent)
        tickets.assign(ticket, world.agent, by=world.agent)
        tickets.set_due(ticket, clock.time + timedelta(days=30))

    change(app, other, differ)
    return plain, other


@pytest.mark.parametrize(
    "asked",
    [
        {"priority": "high"},
        {"language": "nl"},
        {"channel": "letter"},
        {"assignee": "me"},
        {"opened_from": "2026-11-24"},
        {"updated_from": "2026-11-24"},
        {"due_from": "2026-12-20"},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_each_filter_finds_the_request_that_differs(two, agent, asked):
    assert listed(agent, view="all", **asked) == [two[1].reference]


@pytest.mark.parametrize(
    "asked",
    [
        {"priority": "normal"},
        {"assignee": "none"},
        {"opened_to": "2026-11-23"},
        {"updated_to": "2026-11-23"},
        {"due_to": "2026-12-01"},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_each_filter_leaves_the_request_that_differs(two, agent, asked):
    assert listed(agent, view="all", **asked) == [two[0].reference]


def test_what_waits_for_whom_is_a_filter(two, agent, app, world):
    change(app, two[0], lambda t: tickets.await_citizen(t, by=world.agent))
    assert listed(agent, view="all", waits="citizen") == [two[0].reference]
    assert listed(agent, view="all", waits="us") == [two[1].reference]
    assert listed(agent, view="all", waits="expert") == []


def test_what_was_put_away_is_a_filter(two, agent, app, world, clock):
    later = clock.time + timedelta(days=2)
    change(app, two[0], lambda t: teamwork.snooze(t, later, by=world.agent))
    assert listed(agent, view="all", snoozed="yes") == [two[0].reference]
    assert listed(agent, view="all", snoozed="no") == [two[1].reference]


@pytest.mark.parametrize("sort", ["due", "-due", "opened", "-opened", "updated", "-updated"])
def test_a_list_is_ordered_by_the_moment_that_is_asked_for(two, agent, sort):
    first, second = (two[0], two[1]) if not sort.startswith("-") else (two[1], two[0])
    view = "all" if "updated" in sort else "todo"
    assert listed(agent, view=view, sort=sort) == [first.reference, second.reference]


@pytest.mark.parametrize("sort", ["-due", "opened", "-opened", "updated"])
def test_pages_follow_each_other_in_every_order(agent, app, world, clock, sort):
    references = []
    for _number in range(queries.PAGE + 2):
        clock.advance(minutes=1)
        references.append(opened(app, world).reference)
    first = agent.get("/tickets", query_string={"view": "todo", "sort": sort}).text
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    found = shown(first) + shown(agent.get(following).text)
    assert found == (references[::-1] if sort.startswith("-") else references)


def test_a_list_can_begin_on_a_day(two, agent):
    assert listed(agent, sort="opened", **{"from": "2026-11-24"}) == [two[1].reference]
    assert listed(agent, sort="-opened", **{"from": "2026-11-23"}) == [two[0].reference]


def test_what_lies_beyond_the_first_stretch_is_found_by_going_on(agent, app, world, monkeypatch):
    monkeypatch.setattr(walks, "LOOKED_THROUGH", 2)
    for cached in (queries._page_of, queries._ends):
        cached.cache_clear()
    for _number in range(4):
        opened(app, world)
    letter = opened(app, world, channel=Channel.LETTER)
    found, address = [], "/tickets?channel=letter&sort=opened"
    while address:
        page = agent.get(address).text
        found += shown(page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    for cached in (queries._page_of, queries._ends):
        cached.cache_clear()
    assert found == [letter.reference]


def test_a_filter_is_a_chip_that_takes_it_off(two, agent):
    page = agent.get("/tickets?view=all&channel=letter&language=nl").text
    chip = re.search(
        r'<a class="chip inset" href="([^"]+)">[^<]*<span[^>]*>[^<]*</span> Langue', page
    )
    assert chip
    assert chip[1].replace("&amp;", "&") == "/tickets?view=all&channel=letter"


def test_a_list_is_kept_under_a_name_and_opens_at_an_address(two, agent):
    saved = keep(agent, view="all", channel="letter", sort="opened", name="Les lettres")
    page = agent.get(f"/tickets?saved={saved}").text
    assert shown(page) == [two[1].reference]
    assert re.search(r'<h1 id="list-title">Les lettres', page)


def test_a_kept_list_is_shared_with_its_site_or_the_centre(sign_in, world):
    agent = sign_in(world.agent)
    own = keep(agent, name="À moi")
    site = keep(agent, name="Du site", shared=f"site:{world.site_id}")
    centre = keep(agent, name="De tous", shared="centre")
    seen = [
        (f"saved={each}" in sign_in(person).get("/tickets").text)
        for person in (world.second_agent, world.outsider)
        for each in (own, site, centre)
    ]
    assert seen == [False, True, True, False, False, True]


def test_a_list_cannot_be_shared_with_a_site_one_does_not_serve(agent, world):
    sent = {"name": "Ailleurs", "shared": f"site:{world.other_site_id}"}
    assert agent.post("/views", data=sent).status_code == 422


def test_a_kept_list_of_someone_else_is_read_and_not_changed(sign_in, world):
    saved = keep(sign_in(world.agent), shared="centre")
    other = sign_in(world.second_agent)
    assert other.get(f"/tickets?saved={saved}").status_code == 200
    assert other.post(f"/views/{saved}", data={"name": "x"}).status_code == 404
    assert other.post(f"/views/{saved}/deletion").status_code == 404


def test_kept_lists_are_renamed_ordered_and_taken_away(agent):
    first, second = keep(agent, name="Ancienne"), keep(agent, name="Deux")
    agent.post(f"/views/{second}", data={"name": "Seconde", "shared": "own"})
    agent.post(f"/views/{second}/place", data={"step": "up"})
    page = agent.get("/views").text
    assert page.index("Seconde") < page.index("Ancienne")
    agent.post(f"/views/{first}/deletion")
    assert f"saved={first}" not in agent.get("/views").text


def test_kept_lists_are_counted_after_the_page(two, agent):
    keep(agent, view="all", channel="letter", name="Les lettres")
    assert re.search(r'Les lettres</span> <span class="count">1<', agent.get("/views/counts").text)


def test_what_another_shares_is_counted_too(two, sign_in, world):
    keep(sign_in(world.agent), view="all", channel="letter", name="De tous", shared="centre")
    answer = sign_in(world.second_agent).get("/views/counts")
    assert "partagée" in answer.text
    assert '<span class="count">1<' in answer.text


def test_what_lines_say_is_chosen_and_kept(two, agent):
    assert (
        agent.post("/views/look", data={"facts": ["reference"], "view": "all"}).status_code == 303
    )
    assert f"<span>{two[0].reference}</span>" in agent.get("/tickets?view=all").text


def test_a_kept_list_of_another_centre_is_nobody_here(sign_in, world, other_world, app):
    saved = keep(sign_in(world.agent), shared="centre", channel="letter", view="all")
    assert "chip inset" not in sign_in(other_world.agent).get(f"/tickets?saved={saved}").text
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        assert db.session.scalar(db.text("SELECT count(*) FROM saved_views")) == 1
