"""A tablet in the waiting room: a number without an agent, and what a protocol closes there."""

import re
from datetime import timedelta

import pytest

from contactcenter.db import Scope, db, within
from contactcenter.directory import kiosk
from contactcenter.directory.models import Site
from contactcenter.edge import transaction
from contactcenter.intake.counter.kiosk import BOUNDS
from contactcenter.queues.models import Queue, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.steering import actions as steering
from contactcenter.steering.models import Protocol, Trigger
from contactcenter.tickets.models import Ticket
from tests.reports.conftest import visit as visit_fixture

visit = visit_fixture


@pytest.fixture
def tablet(world, sign_in):
    """The address an administrator made."""
    sign_in(world.administrator).post(f"/directory/sites/{world.site_id}/kiosk")
    page = sign_in(world.administrator).get(f"/directory/sites/{world.site_id}").text
    return re.search(r"(/kiosk/[^\"<]+)", page)[1]


@pytest.fixture
def take(client, tablet):
    any_page = "/ask/orme"  # its seal is that of the browser

    def number(topic="", key="k1", lang="fr"):
        seal = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(any_page).text)[1]
        form = {"topic": topic, "key": key, "lang": lang, "csrf_token": seal}
        return client.post(f"{tablet}/numbers", data=form)

    return number


@pytest.fixture
def inside(app, world):
    def do(work):
        with app.app_context(), within(Scope(world.centre_id)), transaction():
            return work()

    return do


def visits():
    return db.session.execute(
        db.select(Visit.outcome, Visit.topic_id, Visit.language, Visit.number).order_by(Visit.id)
    ).all()


def test_a_language_a_topic_a_number_and_its_code(client, tablet, take, world, inside):
    assert "Nederlands" in client.get(tablet).text
    topics = client.get(f"{tablet}?lang=nl").text
    assert f'value="{world.topic_id}"' in topics
    page = client.get(take(world.topic_id, lang="nl").location).text
    ((outcome, topic_id, language, number),) = inside(visits)
    assert (outcome, topic_id, language) == (None, world.topic_id, "nl")
    assert f'<h1 class="big">{number}</h1>' in page
    assert 'class="code"' in page
    assert inside(lambda: db.session.scalar(db.select(Ticket.language))) == "nl"


def test_the_first_page_says_what_to_do_in_each_language(client, tablet):
    page = client.get(tablet).text.replace("\xa0", " ")
    for words in ("Prenez un numéro", "Neem een nummer", "Take a number", "Nummer ziehen"):
        assert words in page


def test_a_closed_place_promises_no_number(client, tablet, clock):
    clock.advance(hours=12)
    page = client.get(tablet).text
    assert "Prenez un numéro" not in page
    assert "Ce lieu est fermé" in page


def test_the_same_form_twice_gives_one_number(take, world, inside):
    first, second = take(world.topic_id), take(world.topic_id)
    assert first.location == second.location
    assert len(inside(visits)) == 1


def test_a_topic_is_not_needed_and_another_s_is_none(take, other_world, inside):
    assert take("").status_code == take(other_world.topic_id, key="k2").status_code == 303
    assert [row.topic_id for row in inside(visits)] == [None, None]


def test_a_tablet_whose_address_was_changed_or_closed_leads_nowhere(
    client, tablet, take, world, sign_in
):
    admin = sign_in(world.administrator)
    admin.post(f"/directory/sites/{world.site_id}/kiosk")
    assert (client.get(tablet).status_code, take().status_code) == (404, 404)
    admin.post(f"/directory/sites/{world.site_id}/kiosk/closing")
    page = admin.get(f"/directory/sites/{world.site_id}").text
    assert "Faire l’adresse de la borne" in page


def test_nobody_makes_an_address_for_themselves(client, app, world, inside):
    def forged():
        site = db.session.get_one(Site, (world.centre_id, world.other_site_id))
        kiosk.make(site)
        return kiosk.token_of(site).rpartition(".")[0]

    assert client.get(f"/kiosk/{inside(forged)}.AAAA").status_code == 404


def test_one_tablet_gives_so_many_numbers_a_minute(take, inside):
    most = BOUNDS[0][1]
    codes = [take(key=f"k{number}").status_code for number in range(most + 1)]
    assert codes == [303] * most + [429]
    assert len(inside(visits)) == most


def test_a_number_is_shown_for_ten_minutes_and_at_its_own_place_alone(client, take, tablet, clock):
    shown = take().location
    assert client.get(shown).headers["Refresh"].startswith("90")
    assert client.get(shown[:-3] + "AAA").status_code == 303
    clock.advance(minutes=11)
    assert client.get(shown).location == tablet


def test_a_full_queue_says_where_else_to_ask(client, take, world, inside):
    inside(lambda: _fill(world))
    page = client.get(take(world.topic_id).location).text
    assert "La file est pleine." in page
    assert "/ask/orme" in page


def test_a_protocol_closes_long_services_and_ends_by_itself(
    client, take, tablet, world, visit, inside
):
    for number in range(5):
        visit(
            Outcome.ANSWERED,
            ago=number + timedelta(days=2).total_seconds() / 60,
            service=40,
            queue_id=world.counter_queue_id,
            channel="counter",
            topic_id=world.topic_id,
        )

    def begin():
        protocol = Protocol(
            name="Pointe",
            queue_id=world.counter_queue_id,
            level=Trigger.FULL,
            actions={"kiosk_minutes": 30},
        )
        steering.approve(protocol, by=world.administrator)
        return steering.start(protocol, "Pointe", by=None).id

    run_id = inside(begin)
    assert "pas de numéro pour l’instant" in client.get(f"{tablet}?lang=fr").text
    page = client.get(take(world.topic_id).location).text
    assert "Vous pouvez demander autrement" in page
    assert client.get(take(world.topic_id).location).text == page  # sent twice, counted once
    assert len(inside(visits)) == 6
    assert take("", key="k2").status_code == 303  # another need still gets one
    last = [row.outcome for row in inside(visits)][-2:]
    assert last == [Outcome.DIVERTED, None]
    inside(lambda: _fill(world))  # a room that is full besides sends nobody to an error
    assert "La file est pleine." in client.get(take(world.topic_id, key="k4").location).text
    inside(lambda: _fill(world, None))
    inside(lambda: steering.end(steering.locked_run(run_id), "Calme", by=None))
    take(world.topic_id, key="k3")
    assert [row.outcome for row in inside(visits)][-1] is None


def _fill(world, capacity=0):
    db.session.get_one(Queue, (world.centre_id, world.counter_queue_id)).capacity = capacity
