"""A permission is for some topics and organisations, looked at each time something is shown."""

import re

import pytest

from contactcenter import clock as times
from contactcenter.accounts import actions as accounts
from contactcenter.attachments.models import Attachment
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.directory.models import Team, Topic
from contactcenter.edge import transaction
from contactcenter.errors import Invalid
from contactcenter.escalation import actions, asking, ending, mandates
from contactcenter.escalation.models import Mandate, MandateKind, Referral
from contactcenter.escalation.rules import EXPIRES_AFTER
from contactcenter.live import LiveChange
from contactcenter.notices.models import Notice
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from tests.escalation.matter import form


@pytest.fixture
def inside(app, world):
    """Do something in the centre, committed."""

    def do(act):
        with app.test_request_context(), within(Scope(world.centre_id)), transaction():
            return act()

    return do


@pytest.fixture
def other_topic(inside, world):
    def make():
        topic = Topic(
            code="autre",
            organisation_id=world.partner_id,
            label={"fr": "Succession"},
            shared=["name"],
        )
        db.session.add(topic)
        db.session.flush()
        return topic.id

    return inside(make)


@pytest.fixture
def limited(inside, world, matter):
    """The permission of the matter is for its topic alone."""

    def limit():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        mandate.topic_ids = [world.topic_id]

    inside(limit)


@pytest.fixture
def asked_about(inside, world, matter, limited, other_topic):
    """The id of a question under it, with a paper, and how to say what the request is about."""

    def ask():
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        ticket = tickets.get(matter.ticket_id)
        question = "Est-il définitif ?"
        return asking.ask(
            ticket, team, question=question, by=world.agent, papers=matter.papers[:1]
        ).id

    def about(topic_id):
        def change():
            tickets.get(matter.ticket_id).topic_id = topic_id

        inside(change)

    return inside(ask), about


def seen(app, world):
    """What PostgreSQL itself lets the partner see of the case."""
    with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
        models = (Ticket, Citizen, Attachment, Referral)
        return [len(db.session.scalars(db.select(model)).all()) for model in models]


def test_another_topic_ends_the_showing_and_the_first_one_opens_it_again(
    app, world, asked_about, other_topic
):
    _number, about = asked_about
    assert seen(app, world) == [1, 1, 1, 1]
    about(other_topic)
    assert seen(app, world) == [0, 0, 0, 0]
    about(None)
    assert seen(app, world) == [0, 0, 0, 0]
    about(world.topic_id)
    assert seen(app, world) == [1, 1, 1, 1]


def test_who_looks_at_an_answered_question_is_told_when_the_permission_ends(
    inside, world, matter, asked_about
):
    number, _about = asked_about

    def answered():
        question = actions.lock_id(number)
        actions.answer(question, "Oui.", by=world.referent)

    def ended():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        ending.revoke(mandate, by=world.agent)

    inside(answered)
    inside(ended)
    last = db.select(LiveChange.topics).order_by(LiveChange.id.desc()).limit(1)
    assert f"referral:{number}" in inside(lambda: db.session.scalars(last).one())


def test_every_door_of_the_expert_looks_at_the_topic(
    app, world, matter, asked_about, other_topic, sign_in
):
    number, about = asked_about
    expert, paper = sign_in(world.referent), matter.papers[0]
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        token = accounts.make_api_token(world.referent, ["tickets:read"])
    program = {"Authorization": f"Bearer {token}"}
    doors = [
        lambda: expert.get(f"/referrals/{number}"),
        lambda: expert.get(f"/referrals/{number}/papers/{paper}"),
        lambda: expert.post(f"/referrals/{number}/taking"),
        lambda: expert.get(f"/api/v1/referrals/{number}", headers=program),
    ]

    def search():
        return expert.get("/referrals", query_string={"q": "définitif"}).text

    about(other_topic)
    assert [door().status_code for door in doors] == [404] * 4
    assert f"/referrals/{number}" not in search()
    assert sign_in(world.other_referent).get(f"/referrals/{number}").status_code == 404
    about(world.topic_id)
    assert [door().status_code for door in doors] == [200, 200, 303, 200]
    assert f"/referrals/{number}" in search()


def test_a_question_outside_the_permission_says_what_to_ask_for(
    world, matter, asked_about, other_topic, sign_in
):
    _number, about = asked_about
    about(other_topic)
    agent = sign_in(world.agent)
    sent = form(world, mandate="already")
    refused = agent.post(f"/tickets/{matter.reference}/referrals", data=sent)
    assert refused.status_code == 422
    assert "Accord inscrit, mais pas pour ce motif" in refused.text
    assert "ne vaut pas pour le motif «\xa0Succession\xa0»" in refused.text
    panel = agent.get(f"/tickets/{matter.reference}/referrals").text
    assert "L’expert ne voit plus cette question." in panel
    assert f"/tickets/{matter.reference}/mandates/new?for={world.partner_id}" in panel


def test_a_permission_for_the_new_topic_shows_the_open_question_again(
    app, world, matter, asked_about, other_topic, sign_in
):
    number, about = asked_about
    about(other_topic)
    sent = {
        "organisations": [world.partner_id],
        "scope": "topic",
        "kind": "paper",
        "valid_days": 31,
    }
    path = f"/tickets/{matter.reference}/mandates"
    assert sign_in(world.agent).post(path, data=sent).status_code == 303
    assert seen(app, world) == [1, 1, 1, 1]
    assert sign_in(world.referent).get(f"/referrals/{number}").status_code == 200


def test_experts_are_not_written_to_about_what_they_may_not_see(
    app, world, asked_about, other_topic, worker, inside, clock
):
    number, about = asked_about
    worker.run_all()
    about(other_topic)
    clock.advance(hours=2)
    inside(lambda: actions.chase(actions.get(number), "Et alors ?", by=world.agent))
    worker.run_all()
    with app.app_context(), within(Scope(world.centre_id)):
        kinds = set(db.session.scalars(db.select(Notice.kind)))
    assert "referral_asked" in kinds
    assert "referral_chased" not in kinds


def test_a_live_question_without_a_permission_for_its_topic_shares_nobody(
    inside, world, matter, limited, other_topic
):
    def ask():
        ticket = tickets.get(matter.ticket_id)
        ticket.topic_id = other_topic
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        asked = asking.ask_live(ticket, team, question="Qui ?", may_share=False, by=world.agent)
        return asked.mandate_id

    assert inside(ask) is None


def test_taking_back_one_of_two_permissions_leaves_what_the_other_is_for(
    app, inside, world, matter, asked_about, other_topic
):
    _number, about = asked_about

    def allow_the_other():
        given = mandates.Given(
            MandateKind.PAPER, times.now() + EXPIRES_AFTER, topic_ids=[other_topic]
        )
        mandates.record_all(
            tickets.get(matter.ticket_id), [world.partner_id], given, by=world.agent
        )

    def take_back():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        ending.revoke(mandate, by=world.agent)

    inside(allow_the_other)
    inside(take_back)
    assert seen(app, world) == [0, 0, 0, 0]
    about(other_topic)
    assert seen(app, world)[0] == 1  # the request, and no question or paper of the other topic
    assert seen(app, world)[2:] == [0, 0]


def test_a_question_may_not_leave_under_a_permission_for_another_topic(
    inside, world, matter, limited, other_topic
):
    def ask():
        ticket = tickets.get(matter.ticket_id)
        ticket.topic_id = other_topic
        team = db.session.get_one(Team, (world.centre_id, world.team_id))
        with pytest.raises(Invalid) as refused:
            asking.ask(ticket, team, question="Qui ?", by=world.agent)
        return refused.value.field

    assert inside(ask) == "mandate"


def test_the_form_gives_a_permission_for_the_topic_unless_all_are_chosen(
    app, world, matter, sign_in, inside
):
    agent, path = sign_in(world.agent), f"/tickets/{matter.reference}/referrals"
    assert agent.post(path, data=form(world, mandate="paper")).status_code == 303
    more = form(world, mandate="paper", scope="all", question="Et sinon ?")
    assert agent.post(path, data=more).status_code == 303

    def scopes():
        given = db.session.scalars(db.select(Mandate).order_by(Mandate.id))
        return [mandate.topic_ids for mandate in given]

    assert inside(scopes)[1:] == [[world.topic_id], []]


def test_without_a_topic_the_only_choice_is_made(world, matter, sign_in, inside):
    inside(lambda: setattr(tickets.get(matter.ticket_id), "topic_id", None))
    page = sign_in(world.agent).get(f"/tickets/{matter.reference}/referrals/new").text
    assert re.search(r'<input checked[^>]*name="scope"[^>]*value="all"', page)


@pytest.mark.parametrize("page", ["referrals", "mandates"])
def test_a_topic_that_changed_while_the_page_was_open_is_not_allowed_with_it(
    page, world, matter, sign_in, inside, other_topic
):
    shown = {"scope": "topic", "about": other_topic, "valid_days": 31}
    sent = {
        "referrals": form(world, mandate="paper", **shown),
        "mandates": {"organisations": [world.partner_id], "kind": "paper", **shown},
    }
    answer = sign_in(world.agent).post(f"/tickets/{matter.reference}/{page}", data=sent[page])
    assert answer.status_code == 422
    assert "a changé entre-temps" in answer.text
    assert f'name="about" value="{world.topic_id}"' in answer.text
    assert len(inside(lambda: db.session.scalars(db.select(Mandate)).all())) == 1
