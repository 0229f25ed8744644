"""The API as another program uses it: tokens, scopes, pages, repetitions, problems."""

import base64
import json
import threading

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from contactcenter import rehearsing
from contactcenter.accounts.actions import make_api_token
from contactcenter.accounts.models import Centre, Person
from contactcenter.accounts.scopes import SCOPES
from contactcenter.api import queries
from contactcenter.api.jobs import forget_answers
from contactcenter.api.models import IdempotencyKey
from contactcenter.api.openapi import describe
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.receipts.models import Door, Fate, Receipt
from contactcenter.teamwork import actions as teamwork
from contactcenter.teamwork.models import Tag
from contactcenter.tickets import search
from contactcenter.tickets.models import Ticket
from tests.desk.stage import heard, opened

TICKET = {"subject": "Avis perdu", "text": "Je n’ai pas reçu mon avis d’impôt."}


def _cursor(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode()


class Program:
    """Another program, with the token of a person."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client, self._headers = client, {"Authorization": f"Bearer {token}"}

    def get(self, path: str):
        return self._client.get(f"/api/v1{path}", headers=self._headers)

    def post(self, path: str, body: object, **headers: str):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._client.post(f"/api/v1{path}", json=body, headers=self._headers | named)


@pytest.fixture
def program(app, world):
    def of(person: Person, *scopes: str) -> Program:
        with app.app_context(), within(Scope(person.centre_id)), transaction():
            token = make_api_token(
                db.session.get_one(Person, (person.centre_id, person.id)), scopes or SCOPES
            )
        return Program(app.test_client(), token)

    return of


def test_a_ticket_is_opened_triaged_and_read_again(program, world):
    agent = program(world.agent)
    made = agent.post("/tickets", TICKET | {"topic": "impots-avis"})
    assert made.status_code == 201
    assert made.json["status"] == "open"
    assert made.json["queue"] == world.written_queue_id
    read = agent.get(f"/tickets/{made.json['reference']}").json
    assert read["topic"] == "impots-avis"
    assert [message["text"] for message in read["messages"]] == [TICKET["text"]]


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/referrals", {"due_at": "2026-12-01T09:00:00"}, "due_at"),
        ("/referrals", {"due_at": "0001-01-01T00:00:00+14:00"}, "due_at"),
        ("/referrals", {"team": 10**30}, "team"),
    ],
)
def test_what_the_database_cannot_hold_is_named(program, world, app, path, body, field):
    ticket = opened(app, world)
    sent = {"team": world.team_id, "question": "Est-ce juste ?"} | body
    answer = program(world.agent).post(f"/tickets/{ticket.reference}{path}", sent)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["errors"][0]["field"] == field


@pytest.mark.parametrize(
    ("path", "field"),
    [
        (f"/tickets?cursor={_cursor('2026-11-23T09:00:00+00:00 ' + '9' * 30)}", "cursor"),
        (f"/tickets?cursor={_cursor('2026-11-23T09:00:00 5')}", "cursor"),
        (f"/tickets?q=impot&cursor={_cursor('below -' + '9' * 30)}", "cursor"),
        ("/tickets?updated_since=0001-01-01T00:00:00%2B14:00", "updated_since"),
        ("/metrics/queues?from=0001-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", "from"),
        ("/metrics/queues?from=2026-01-01T00:00:00Z&to=9999-12-31T23:59:59Z", "to"),
        ("/metrics/queues?from=2025-01-01T00:00:00Z&to=2026-11-01T00:00:00Z", "to"),
        ("/metrics/queues?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", "to"),
    ],
)
def test_a_question_out_of_bounds_is_a_problem_and_no_crash(program, world, path, field):
    answer = program(world.manager).get(path)
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json")
    assert answer.json["errors"][0]["field"] == field


def test_a_long_ticket_shows_its_newest_words_and_leads_to_those_before(
    program, world, app, monkeypatch
):
    monkeypatch.setattr(queries, "MOST_MESSAGES", 2)
    ticket = opened(app, world)
    for number in range(5):
        heard(app, ticket, f"Mot {number}")
    agent = program(world.agent)
    whole = agent.get(f"/tickets/{ticket.reference}").json
    assert [each["text"] for each in whole["messages"]] == ["Mot 3", "Mot 4"]
    page = agent.get(f"/tickets/{ticket.reference}/messages?cursor={whole['earlier']}").json
    assert [each["text"] for each in page["items"]] == ["Mot 2", "Mot 1"]
    page = agent.get(f"/tickets/{ticket.reference}/messages?cursor={page['next']}").json
    assert ([each["text"] for each in page["items"]], page["next"]) == (["Mot 0"], None)


def test_a_list_is_paged_and_filtered(program, world):
    agent = program(world.agent)
    references = [
        agent.post("/tickets", TICKET | {"subject": f"Numéro {n}", "topic": "impots-avis"}).json[
            "reference"
        ]
        for n in range(55)
    ]
    first = agent.get("/tickets").json
    second = agent.get(f"/tickets?cursor={first['next']}").json
    listed = [item["reference"] for item in first["items"] + second["items"]]
    assert sorted(listed) == sorted(references)
    assert second["next"] is None
    assert agent.get("/tickets?q=perdu").json["items"] == []
    assert agent.get("/tickets?topic=impots-avis&status=resolved").json["items"] == []


@pytest.mark.parametrize("played", [False, True])
def test_what_is_played_says_so_to_programs(program, world, app, played):
    with app.app_context(), transaction():
        db.session.get_one(Centre, world.centre_id).rehearsing = played
    agent = program(world.agent)
    agent.post("/tickets", TICKET)
    assert [item["rehearsal"] for item in agent.get("/tickets").json["items"]] == [played]


def test_a_repetition_is_done_once_and_answered_alike(program, world, app):
    agent = program(world.agent)
    first = agent.post("/tickets", TICKET, Idempotency_Key="k1")
    again = agent.post("/tickets", TICKET, Idempotency_Key="k1")
    assert (again.status_code, again.json) == (201, first.json)
    assert again.headers["Idempotency-Replayed"] == "true"
    with app.app_context(), within(Scope(world.centre_id)):
        assert db.session.scalar(db.select(db.func.count(Ticket.id))) == 1


def test_ten_repetitions_at_once_make_one_ticket(program, world, app):
    answers = []

    def post(one: Program) -> None:
        answers.append(one.post("/tickets", TICKET, Idempotency_Key="k2").json["reference"])

    programs = [program(world.agent) for _ in range(10)]
    threads = [threading.Thread(target=post, args=[one]) for one in programs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 10
    assert len(set(answers)) == 1


def test_a_key_may_not_serve_another_request(program, world):
    agent = program(world.agent)
    agent.post("/tickets", TICKET, Idempotency_Key="k3")
    other = agent.post("/tickets", TICKET | {"subject": "Autre"}, Idempotency_Key="k3")
    assert other.status_code == 422


def test_a_refused_request_may_be_mended_with_its_key(program, world):
    agent = program(world.agent)
    assert agent.post("/tickets", {"subject": "x"}, Idempotency_Key="k4").status_code == 422
    assert agent.post("/tickets", TICKET, Idempotency_Key="k4").status_code == 201


def test_errors_are_problem_documents_that_name_the_field(program, world):
    refused = program(world.agent).post("/tickets", {"text": "x", "colour": "red"})
    assert refused.content_type == "application/problem+json"
    fields = {each["field"] for each in json.loads(refused.text)["errors"]}
    assert fields == {"subject", "colour"}


def test_a_refusal_leaves_a_trace(program, world, app):
    program(world.agent).post("/tickets", {"text": "x"})
    with app.app_context(), within(Scope(world.centre_id)):
        receipt = db.session.scalars(db.select(Receipt).where(Receipt.door == Door.API)).one()
        assert receipt.fate is Fate.REJECTED
        assert "subject" in receipt.problem


@pytest.mark.parametrize(
    ("path", "status"),
    [("/tickets/2026-999999", 404), ("/nowhere", 404), ("/tickets?status=odd", 422)],
)
def test_what_does_not_exist_says_so(program, world, path, status):
    refused = program(world.agent).get(path)
    assert (refused.status_code, refused.content_type) == (status, "application/problem+json")


def test_a_scope_that_is_missing_is_refused(program, world):
    reader = program(world.agent, "tickets:read")
    assert reader.post("/tickets", TICKET).status_code == 403
    assert reader.get("/queues").status_code == 403


def test_a_stranger_is_told_how_to_come_in(client):
    refused = client.get("/api/v1/tickets", headers={"Authorization": "Bearer wrong"})
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith("Bearer")


def test_another_centre_and_another_site_do_not_exist(program, world, other_world):
    reference = program(world.agent).post("/tickets", TICKET).json["reference"]
    assert program(other_world.agent).get(f"/tickets/{reference}").status_code == 404
    assert program(world.outsider).get(f"/tickets/{reference}").status_code == 404
    assert program(world.outsider).get("/tickets").json["items"] == []


def test_messages_are_added_and_bounded(program, world):
    agent = program(world.agent)
    reference = agent.post("/tickets", TICKET).json["reference"]
    path = f"/tickets/{reference}/messages"
    assert agent.post(path, {"text": "Vu.", "kind": "note"}).status_code == 201
    assert agent.post(path, {"text": "Bonjour.", "kind": "reply"}).json["kind"] == "reply"
    assert agent.post(path, {"text": "x", "kind": "citizen"}).status_code == 422


def test_a_refusal_says_whether_the_scope_or_the_role_is_missing(program, world):
    for refused, reason in (
        (program(world.referent, "tickets:read"), "rôle"),
        (program(world.agent, "queues:read"), "tickets:read"),
    ):
        answer = refused.get("/tickets")
        assert answer.status_code == 403
        assert reason in answer.json["detail"]


def test_both_sides_of_a_referral_read_it_and_nobody_else(program, world):
    agent = program(world.agent)
    reference = agent.post("/tickets", TICKET).json["reference"]
    teams = agent.get("/teams").json
    team = next(each["id"] for each in teams if each["id"] == world.team_id)
    asked = agent.post(
        f"/tickets/{reference}/referrals", {"team": team, "question": "Quel délai ?"}
    )
    assert asked.status_code == 201
    path = f"/referrals/{asked.json['id']}"
    assert agent.get(path).json["ticket"] == reference
    assert program(world.referent).get(path).json["question"] == "Quel délai ?"
    assert program(world.referent).get(path).json["ticket"] is None
    assert program(world.other_referent).get(path).status_code == 404
    assert program(world.outsider).get(path).status_code == 404


def test_a_visit_gets_a_number(program, world):
    made = program(world.agent).post(
        f"/queues/{world.counter_queue_id}/visits", {"topic": "impots-avis"}
    )
    assert (made.status_code, made.json["number"]) == (201, "A001")


def test_a_queue_tells_its_load(program, world):
    agent = program(world.agent)
    queue = f"/queues/{world.counter_queue_id}"
    agent.post(f"{queue}/visits", {})
    assert agent.get(f"{queue}/load").json["waiting"] == 1
    assert world.counter_queue_id in {each["id"] for each in agent.get("/queues").json}


def test_the_figures_of_a_window_balance(program, world, clock):
    agent = program(world.agent)
    agent.post(f"/queues/{world.counter_queue_id}/visits", {})
    clock.advance(minutes=1)
    window = "from=2026-11-23T00:00:00%2B01:00&to=2026-11-24T00:00:00%2B01:00"
    figures = agent.get(f"/metrics/queues?{window}").json["queue:Guichet"]
    assert figures["legs_offered"] == sum(figures["outcomes"].values()) + figures["waiting"] == 1
    assert agent.get("/metrics/queues?from=yesterday").status_code == 422


def test_the_document_names_every_address(app):
    served = {
        (method.lower(), rule.rule.removeprefix("/api/v1").replace("<int:", "{").replace("<", "{"))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {
        (method, path) for path, methods in describe()["paths"].items() for method in methods
    }
    assert {(method, path.replace(">", "}")) for method, path in served} == described


def test_words_find_own_tickets_behind_many_newer_ones_of_others(program, app, world, monkeypatch):
    monkeypatch.setattr(search, "LOOKS", (2, 3))
    elsewhere = {"site_id": world.other_site_id, "queue_id": world.referral_queue_id}
    mine = opened(app, world, "la filature")
    for _ in range(7):
        opened(app, world, "la filature", **elsewhere)
    agent = program(world.agent)
    page = agent.get("/tickets?q=filature").json
    assert page["items"] == []
    while page["next"]:
        page = agent.get(f"/tickets?q=filature&cursor={page['next']}").json
    assert [each["reference"] for each in page["items"]] == [mine.reference]


def test_words_leave_out_what_is_not_wanted(program, app, world):
    kept = opened(app, world, "la filature du moulin")
    opened(app, world, "la filature du canal")
    found = program(world.agent).get("/tickets?q=filature -canal").json["items"]
    assert [each["reference"] for each in found] == [kept.reference]


def test_a_cursor_of_another_order_is_refused(program, world):
    answer = program(world.agent).get("/tickets?q=filature&cursor=MjAyNiAx")
    assert answer.status_code == 422


def test_tags_are_shown_and_filter_a_list(app, program, world):
    ticket, _other = opened(app, world), opened(app, world)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        tag = Tag(name="Presse")
        db.session.add(tag)
        db.session.flush()
        teamwork.tag(db.session.merge(ticket), tag.id, by=world.agent)
    agent = program(world.agent)
    (found,) = agent.get("/tickets?tag=Presse").json["items"]
    assert (found["reference"], found["tags"]) == (ticket.reference, ["Presse"])
    assert agent.get(f"/tickets/{ticket.reference}").json["tags"] == ["Presse"]


def test_a_refusal_is_said_in_the_language_of_who_asks(program, world):
    agent = program(world.agent)
    wrong = agent.post("/tickets", {})
    shapeless = agent.post("/tickets", ["x"])
    assert wrong.json["detail"] == "Des champs manquent ou sont faux."
    assert shapeless.json["detail"].startswith("Envoyez un objet JSON")


def test_an_answer_is_kept_for_a_week_and_one_of_a_play_until_it_is_wiped(
    app, program, world, clock
):
    agent = program(world.agent)

    def left_after(act) -> int:
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            act()
            return db.session.scalar(db.select(db.func.count(IdempotencyKey.id)))

    agent.post("/tickets", TICKET, Idempotency_Key="1")
    clock.advance(days=6)
    assert left_after(forget_answers) == 1
    clock.advance(days=2)
    assert left_after(forget_answers) == 0
    left_after(lambda: rehearsing.begin(db.session.get_one(Centre, world.centre_id), None))
    agent.post("/tickets", TICKET, Idempotency_Key="2")
    assert left_after(lambda: db.session.execute(text("SELECT wipe_rehearsal()"))) == 0
