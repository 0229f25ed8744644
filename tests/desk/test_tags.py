"""Words of the centre on its requests: set, taken off, told, looked for, seen by nobody else."""

import re
from html import unescape

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.teamwork.models import Tag, TicketTag
from contactcenter.tickets.models import Channel
from tests.desk.stage import act, listed, opened, page, seen


@pytest.fixture
def tags(app, world):
    """By name, two that are offered and one that is no longer."""
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        made = [Tag(name="Presse", colour="red"), Tag(name="Élu"), Tag(name="Old", is_active=False)]
        db.session.add_all(made)
        db.session.flush()
        return {tag.name: tag.id for tag in made}


@pytest.fixture
def ticket(app, world):
    return opened(app, world, subject="Avis reçu deux fois")


def set_on(app, world):
    return [(each.ticket_id, each.tag_id) for each in rows_of(app, world)]


def rows_of(app, world):
    with app.app_context(), within(Scope(world.centre_id)):
        return db.session.scalars(db.select(TicketTag)).all()


def test_a_tag_is_set_taken_off_and_told(agent, ticket, tags):
    assert act(agent, ticket, "tags", tag=tags["Presse"]).status_code == 303
    shown = page(agent, ticket)
    assert 'class="tag red"' in shown
    assert "pose l’étiquette «\xa0Presse\xa0»" in shown
    act(agent, ticket, "tags", drop=tags["Presse"])
    shown = page(agent, ticket)
    assert 'class="tag red"' not in shown
    assert "ôte l’étiquette «\xa0Presse\xa0»" in shown


@pytest.mark.parametrize("name", ["Old", "none"])
def test_a_tag_that_is_not_offered_is_refused(agent, app, world, ticket, tags, name):
    assert act(agent, ticket, "tags", tag=tags.get(name, 999)).status_code == 422
    assert set_on(app, world) == []


def test_a_tag_set_twice_is_there_and_told_once(agent, app, world, ticket, tags):
    for _ in range(2):
        act(agent, ticket, "tags", tag=tags["Presse"])
    assert set_on(app, world) == [(ticket.id, tags["Presse"])]
    assert page(agent, ticket).count("pose l’étiquette") == 1


def test_requests_are_found_by_tag_in_the_panel_and_in_the_box(agent, app, world, ticket, tags):
    opened(app, world)
    act(agent, ticket, "tags", tag=tags["Presse"])
    assert listed(agent, tag=tags["Presse"]) == [ticket.reference]
    assert listed(agent, q="etiquette:presse") == [ticket.reference]
    assert listed(agent, tag=tags["Élu"]) == []


def test_many_are_tagged_at_once_and_as_they_were_again(agent, app, world, ticket, tags, worker):
    act(agent, ticket, "tags", tag=tags["Presse"])
    other = opened(app, world)
    chosen = {"id": [ticket.reference, other.reference], "tag": tags["Presse"]}
    done = agent.post("/bulk", data={"act": "tag", **chosen})
    worker.run_all()
    assert sorted(set_on(app, world)) == [(each.id, tags["Presse"]) for each in (ticket, other)]
    agent.post(f"{done.location}/undoing")
    worker.run_all()
    assert set_on(app, world) == [(ticket.id, tags["Presse"])]


def ready(browser, tags, **form):
    """A ready-made reply that sets two tags; gives back its number."""
    kept = {"name": "Classer", "tags": [tags["Presse"], tags["Élu"]], **form}
    assert browser.post("/macros", data=kept).status_code == 303
    (number,) = re.findall(r'href="/macros/([0-9]+)"', browser.get("/macros").text)
    return int(number)


def test_a_ready_made_reply_sets_its_tags_once_it_leaves(agent, app, world, tags):
    macro_id = ready(agent, tags, text_fr="Voilà.")
    ticket = opened(app, world, channel=Channel.COUNTER)
    act(agent, ticket, "drafts/macro", macro_id=macro_id)
    assert "l’étiquette «\xa0Presse\xa0» est posée" in page(agent, ticket)
    assert set_on(app, world) == []
    form = {"text": "Voilà.", "seen": seen(agent, ticket), "macro_id": macro_id}
    act(agent, ticket, "replies", **form)
    assert sorted(tag for _, tag in set_on(app, world)) == sorted([tags["Presse"], tags["Élu"]])


def test_one_that_only_tags_is_undone_where_it_changed_something(agent, app, world, ticket, tags):
    act(agent, ticket, "tags", tag=tags["Presse"])
    agent.post(f"/tickets/{ticket.reference}/macros/{ready(agent, tags)}/acts")
    assert len(set_on(app, world)) == 2
    agent.post(unescape(re.search(r'action="([^"]*/acts/recall[^"]*)"', page(agent, ticket))[1]))
    assert set_on(app, world) == [(ticket.id, tags["Presse"])]


def test_a_tag_no_longer_offered_stops_no_reply(agent, app, world, tags):
    macro_id = ready(agent, tags, text_fr="Voilà.")
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        db.session.get_one(Tag, (world.centre_id, tags["Presse"])).is_active = False
    ticket = opened(app, world, channel=Channel.COUNTER)
    form = {"text": "Voilà.", "seen": seen(agent, ticket), "macro_id": macro_id}
    assert act(agent, ticket, "replies", **form).status_code == 303
    assert [tag for _, tag in set_on(app, world)] == [tags["Élu"]]


def test_only_tags_of_the_centre_can_be_chosen(agent, tags):
    form = {"name": "Classer", "text_fr": "Voilà.", "tags": ["999", str(tags["Old"])]}
    assert agent.post("/macros", data=form).status_code == 422


def test_partners_find_no_tag_in_the_database(agent, app, world, ticket, tags):
    act(agent, ticket, "tags", tag=tags["Presse"])
    with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
        assert db.session.scalars(db.select(Tag)).all() == []
        assert db.session.scalars(db.select(TicketTag)).all() == []
