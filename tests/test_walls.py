"""Two walls around a case, each tested with the other taken away.

The first is the code's: what a person may not see is a 404. The second is PostgreSQL's: row-level
security shows an organisation what was shared with it and another centre nothing, whatever the code
asks for.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from contactcenter import clock as times
from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.attachments.models import Attachment
from contactcenter.citizens.models import Citizen
from contactcenter.db import NOBODY, PARTNER_ROLE, Scope, db, within
from contactcenter.edge import ContactCenter, transaction
from contactcenter.escalation import actions, ending, mandates
from contactcenter.escalation.list_queries import inbox
from contactcenter.escalation.models import (
    Mandate,
    MandateKind,
    Referral,
    ReferralMessage,
    SharedPaper,
    Side,
    TicketAccess,
)
from contactcenter.escalation.queries import visible_to
from contactcenter.events import EventRecord
from contactcenter.notices.models import Notice
from contactcenter.queues.models import Visit
from contactcenter.tickets import search
from contactcenter.tickets.models import Message, SearchDocument, Ticket
from tests.conftest import MovableClock, SignIn, Worker
from tests.escalation.matter import Matter
from tests.factories import World

Look = Callable[[Scope, type], list[object]]

OF_THE_CASE = (Ticket, Citizen, Attachment, Referral, Mandate, TicketAccess, SharedPaper, Visit)
OF_THE_HOUSE = (Message, Notice, SearchDocument)
READ_ONLY = ("tickets", "citizens", "attachments", "mandates", "ticket_access")


@pytest.fixture
def look(app: ContactCenter) -> Iterator[Look]:
    """Every row of a table that PostgreSQL shows in a scope: the code's own wall is taken away."""

    def rows(scope: Scope, model: type) -> list[object]:
        with app.app_context(), within(scope):
            return list(db.session.scalars(db.select(model)))

    return rows


# --- The code's wall ---


@pytest.mark.parametrize(
    "page", ["/referrals/{id}", "/referrals/{id}?reply=note", "/referrals/{id}/papers/{paper}"]
)
def test_another_organisation_gets_404_for_every_page_of_a_case(
    asked_id: int,
    matter: Matter,
    world: World,
    sign_in: SignIn,
    page: str,
) -> None:
    url = page.format(id=asked_id, paper=matter.papers[0])
    assert sign_in(world.referent).get(url).status_code == 200
    assert sign_in(world.other_referent).get(url).status_code == 404


@pytest.mark.parametrize("door", ["taking", "answers", "precision-requests", "refusal", "notes"])
def test_another_organisation_gets_404_for_every_act_on_a_case(
    asked_id: int,
    world: World,
    sign_in: SignIn,
    door: str,
) -> None:
    sent = {"text": "Essai", "code": "other"}
    answer = sign_in(world.other_referent).post(f"/referrals/{asked_id}/{door}", data=sent)
    assert answer.status_code == 404


def test_the_refusal_of_a_case_that_is_not_ours_is_that_of_one_that_does_not_exist(
    asked_id: int,
    world: World,
    sign_in: SignIn,
) -> None:
    browser = sign_in(world.other_referent)

    def words(number: int) -> str:
        page = browser.get(f"/referrals/{number}").text
        return page.split("<main")[1].split("</main>")[0]

    assert words(asked_id) == words(asked_id + 1000)


def test_another_organisation_finds_nothing_in_its_list(
    asked_id: int,
    world: World,
    sign_in: SignIn,
) -> None:
    assert f"/referrals/{asked_id}" not in sign_in(world.other_referent).get("/referrals").text


@pytest.mark.parametrize("path", ["/tickets", "/tickets?q=Lambertin", "/tickets/{reference}"])
def test_no_referent_reads_or_searches_tickets(
    asked_id: int,
    matter: Matter,
    world: World,
    sign_in: SignIn,
    path: str,
) -> None:
    for person in (world.referent, world.other_referent):
        answer = sign_in(person).get(path.format(reference=matter.reference))
        assert answer.status_code in (403, 404)
        assert "Lambertin" not in answer.text


@pytest.mark.parametrize("topic", ["referral:{id}", "referrals:{team}", "ticket:{ticket}"])
def test_another_organisation_follows_no_live_topic_of_a_case(
    app: ContactCenter,
    asked_id: int,
    matter: Matter,
    world: World,
    topic: str,
) -> None:
    named = topic.format(id=asked_id, team=world.team_id, ticket=matter.ticket_id)

    def may_follow(person: Person) -> bool:
        with app.app_context(), within(person.scope):
            return live.may_follow(person, named)

    assert not may_follow(world.other_referent)
    assert may_follow(world.agent if named.startswith("ticket:") else world.referent)


def test_an_agent_of_another_site_gets_404_for_the_questions_of_a_ticket(
    asked_id: int,
    matter: Matter,
    world: World,
    sign_in: SignIn,
) -> None:
    browser = sign_in(world.outsider)
    for page in ("referrals", "referrals/new"):
        assert browser.get(f"/tickets/{matter.reference}/{page}").status_code == 404
    assert browser.post(f"/referrals/{asked_id}/withdrawal", data={"text": "x"}).status_code == 404


def test_the_code_alone_keeps_another_organisation_out(
    asked: Referral,
    world: World,
) -> None:
    # The staff's scope: row-level security would show everything of the centre.
    for question in (visible_to, inbox):
        assert db.session.scalars(question(world.referent)).all() == [asked]
        assert db.session.scalars(question(world.other_referent)).all() == []


# --- PostgreSQL's wall ---


@pytest.mark.parametrize("model", OF_THE_CASE)
def test_postgresql_alone_shows_a_case_to_its_organisation_and_to_no_other(
    asked_id: int,
    world: World,
    look: Look,
    model: type,
) -> None:
    assert look(Scope(world.centre_id, world.partner_id), model)
    assert look(Scope(world.centre_id, world.other_partner_id), model) == []


@pytest.mark.parametrize("model", OF_THE_HOUSE)
def test_postgresql_shows_no_organisation_what_is_said_in_the_house(
    asked_id: int,
    world: World,
    worker: Worker,
    look: Look,
    model: type,
) -> None:
    worker.run_all()
    assert look(Scope(world.centre_id), model)
    for organisation_id in (world.partner_id, world.other_partner_id):
        assert look(Scope(world.centre_id, organisation_id), model) == []


@pytest.mark.parametrize("model", [*OF_THE_CASE, *OF_THE_HOUSE, EventRecord])
def test_postgresql_shows_nothing_to_another_centre_or_to_nobody(
    asked_id: int,
    world: World,
    other_world: World,
    look: Look,
    model: type,
) -> None:
    for scope in (Scope(other_world.centre_id), NOBODY):
        assert look(scope, model) == []


def test_a_transaction_asks_as_staff_or_as_a_partner(app: ContactCenter, world: World) -> None:
    def role(scope: Scope) -> object:
        with app.app_context(), within(scope):
            return db.session.scalar(text("SELECT current_user"))

    assert role(Scope(world.centre_id)) == "contactcenter_app"
    assert role(Scope(world.centre_id, world.partner_id)) == PARTNER_ROLE
    assert role(NOBODY) == "contactcenter_app"


def test_each_wall_is_for_staff_or_for_partners_unless_it_is_the_centre_s(owner: Engine) -> None:
    with owner.connect() as connection:
        for_all = connection.scalars(
            text("SELECT DISTINCT qual FROM pg_policies WHERE roles = '{public}'")
        ).all()
        inherits = connection.scalar(
            text("SELECT pg_has_role('contactcenter_app', 'contactcenter_partner', 'USAGE')")
        )
    assert for_all == ["((centre_id = app_centre()) AND true)"]
    assert inherits is False


def test_an_organisation_sees_the_papers_sent_along_and_no_other(
    asked_id: int,
    matter: Matter,
    world: World,
    look: Look,
) -> None:
    shown = look(Scope(world.centre_id, world.partner_id), Attachment)
    assert [paper.id for paper in shown] == matter.papers[:1]  # type: ignore[attr-defined]


def test_an_organisation_does_not_see_the_private_notes_of_the_asker(
    app: ContactCenter,
    asked_id: int,
    world: World,
    look: Look,
) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        referral = actions.get(asked_id)
        actions.note(referral, "Entre nous.", side=Side.ASKER, by=world.agent)
        actions.note(referral, "Entre eux.", side=Side.REFERENT, by=world.referent)
    shown = look(Scope(world.centre_id, world.partner_id), ReferralMessage)
    assert [message.text for message in shown] == ["Entre eux."]  # type: ignore[attr-defined]


@pytest.mark.parametrize("table", READ_ONLY)
def test_an_organisation_changes_nothing_of_what_it_was_shown(
    app: ContactCenter,
    asked_id: int,
    world: World,
    table: str,
) -> None:
    with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
        touched = db.session.execute(text(f"UPDATE {table} SET centre_id = centre_id"))
        assert touched.rowcount == 0
        db.session.rollback()


def test_an_organisation_cannot_write_a_question_into_another_ones_name(
    app: ContactCenter,
    asked_id: int,
    world: World,
) -> None:
    with app.app_context(), within(Scope(world.centre_id, world.partner_id)):
        with pytest.raises(DBAPIError, match="row-level security"):
            db.session.execute(
                text("UPDATE referrals SET organisation_id = :other WHERE id = :id"),
                {"other": world.other_partner_id, "id": asked_id},
            )
        db.session.rollback()


def test_search_answers_the_house_and_no_organisation(
    app: ContactCenter,
    asked_id: int,
    matter: Matter,
    world: World,
    other_world: World,
) -> None:
    def found(scope: Scope) -> list[int]:
        with app.app_context(), within(scope):
            return search.ticket_ids("Lambertin")

    assert found(Scope(world.centre_id)) == [matter.ticket_id]
    for scope in (
        Scope(world.centre_id, world.partner_id),
        Scope(world.centre_id, world.other_partner_id),
        Scope(other_world.centre_id),
        NOBODY,
    ):
        assert found(scope) == []


def test_taking_the_permission_back_closes_postgresqls_door_too(
    app: ContactCenter,
    asked_id: int,
    matter: Matter,
    world: World,
    look: Look,
) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        mandate = db.session.get_one(Mandate, (world.centre_id, matter.mandate_id))
        ending.revoke(mandate, by=world.agent)
    for model in (Ticket, Citizen, Attachment, TicketAccess, SharedPaper):
        assert look(Scope(world.centre_id, world.partner_id), model) == []


@pytest.mark.parametrize("model", OF_THE_CASE)
def test_postgresql_alone_shuts_a_case_when_the_permission_ends(
    asked_id: int,
    world: World,
    look: Look,
    clock: MovableClock,
    model: type,
) -> None:
    # No sweeper runs here, and the code's own wall is taken away.
    clock.advance(days=121)
    assert look(Scope(world.centre_id), model)
    assert look(Scope(world.centre_id, world.partner_id), model) == []


def test_a_longer_permission_keeps_postgresqls_door_open(
    app: ContactCenter,
    asked_id: int,
    matter: Matter,
    world: World,
    look: Look,
    clock: MovableClock,
) -> None:
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ticket = db.session.get_one(Ticket, (world.centre_id, matter.ticket_id))
        longer = mandates.record_mandate(
            ticket,
            world.partner_id,
            kind=MandateKind.PAPER,
            expires_at=times.now() + timedelta(days=150),
            by=world.agent,
        )
        mandates.open_ticket_to(ticket, longer)
    clock.advance(days=121)
    assert look(Scope(world.centre_id, world.partner_id), Ticket)
    with app.app_context(), within(Scope(world.centre_id)), transaction():
        ending.revoke(db.session.merge(longer), by=world.agent)
    assert look(Scope(world.centre_id, world.partner_id), Ticket) == []


def test_the_products_role_owns_nothing_and_cannot_pass_the_wall(
    app: ContactCenter, owner: Engine
) -> None:
    with app.app_context():
        [role] = db.session.execute(
            text("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        )
        owned = db.session.scalar(
            text("SELECT count(*) FROM pg_class WHERE pg_get_userbyid(relowner) = current_user")
        )
    assert tuple(role) == (False, False)
    assert owned == 0


def test_every_table_that_holds_case_data_has_its_wall(owner: Engine) -> None:
    with owner.connect() as connection:
        open_tables = connection.scalars(
            text(
                "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
                " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace"
                " AND a.attname IN ('ticket_id', 'referral_id', 'citizen_id')"
                " AND NOT c.relrowsecurity"
            )
        ).all()
    assert open_tables == []
