"""The agent's page: what it shows at each stage, and who may do what."""

import pytest

from contactcenter.db import db
from contactcenter.queues import actions as queues
from contactcenter.queues.models import ChosenStatus, Presence, Queue, Visit, VisitState
from contactcenter.tickets.models import Channel, Message, MessageKind, Status, Ticket

pytestmark = pytest.mark.usefixtures("with_menu")


def test_the_page_offers_to_take_calls(sign_in, world):
    page = sign_in(world.agent).get("/phone").text
    assert "Prendre les appels" in page
    assert "Téléphone" in page


def call_someone(world):
    """To the counter of the agent, where somebody has just come in."""
    queue = db.session.get_one(Queue, (world.centre_id, world.counter_queue_id))
    queues.enter(queue, channel=Channel.COUNTER)
    queues.call_next(world.agent, [queue.id])


def test_nothing_is_said_to_ring_for_who_is_with_somebody(sign_in, world, within_centre, telephone):
    agent = sign_in(world.agent)
    agent.post("/desk/availability", data={"status": "ready", "next": "/phone"})
    assert "Le prochain appel sonne ici" in agent.get("/phone").text
    within_centre(lambda: call_someone(world))
    page = agent.get("/phone").text
    assert "Le prochain appel sonne ici" not in page
    assert "Aucun appel ne sonne pendant que vous recevez quelqu’un" in page


def test_nothing_is_said_to_ring_for_who_serves_no_line(sign_in, world):
    agent = sign_in(world.outsider)
    agent.post("/desk/availability", data={"status": "ready", "next": "/phone"})
    page = agent.get("/phone").text
    assert "Le prochain appel sonne ici" not in page
    assert "Aucune file d’appels ne vous est confiée" in page


def test_a_referent_has_no_telephone(sign_in, world):
    assert sign_in(world.referent).get("/phone").status_code == 403


def test_a_call_rings_in_the_page_without_a_number_in_its_ring(ringing):
    page = ringing.get("/phone/live").text
    assert "Appel entrant : Avis d’impôt" in page.replace("\u00a0", " ")
    assert 'data-ring-text="Avis d’impôt"' in page
    assert "06 39 98 00 42" in page


def test_accepting_a_call_that_is_gone_says_so(ringing, telephone, look):
    telephone.ask("/phone/left", QueueResult="hangup")
    answer = ringing.post(f"/phone/offers/{look.visits()[0].id}/acceptance")
    assert answer.status_code == 409


def test_leaving_it_to_a_colleague_keeps_the_caller_s_place(ringing, look):
    ringing.post(f"/phone/offers/{look.visits()[0].id}/refusal")
    assert look.visits()[0].state is VisitState.WAITING


def test_while_talking_the_page_shows_who_and_what(talking, look):
    page = talking.get("/phone").text
    assert "Raccrocher" in page
    assert look.all(Ticket)[0].reference in page
    assert "Rien avant cet appel." in page


def test_each_call_has_a_field_of_its_own_so_that_no_words_stay_for_the_next(talking, look):
    assert f'id="said-{look.calls()[0].id}"' in talking.get("/phone/live").text


def test_hanging_up_keeps_what_was_typed(talking, look):
    call = look.calls()[0]
    talking.post(f"/phone/calls/{call.id}/end", data={"text": "Doit payer avant le 15."})
    record = [m for m in look.all(Message) if m.kind is MessageKind.RECORD]
    assert [message.text for message in record] == ["Doit payer avant le 15."]
    assert look.visits()[0].state is VisitState.OVER
    page = talking.get("/phone").text
    assert "Terminer la demande" in page
    assert "Doit payer avant le 15." in page


def test_a_settled_call_resolves_its_request(talking, look):
    call = look.calls()[0]
    talking.post(f"/phone/calls/{call.id}/end", data={"text": ""})
    talking.post(f"/phone/calls/{call.id}/record", data={"text": "Réglé.", "then": "resolve"})
    assert look.all(Ticket)[0].status is Status.RESOLVED
    assert "Le prochain appel sonne ici" in talking.get("/phone").text


def test_an_unsettled_call_waits_for_a_written_answer(talking, look, world):
    call = look.calls()[0]
    talking.post(f"/phone/calls/{call.id}/end", data={"text": ""})
    talking.post(f"/phone/calls/{call.id}/record", data={"text": "À suivre.", "then": "keep"})
    written = [v for v in look.all(Visit) if v.queue_id == world.written_queue_id]
    assert [visit.state for visit in written] == [VisitState.WAITING]


def test_another_agent_s_call_does_not_exist(talking, sign_in, world, look):
    call = look.calls()[0]
    other = sign_in(world.second_agent)
    assert other.post(f"/phone/calls/{call.id}/end", data={"text": ""}).status_code == 404


def test_a_number_that_cannot_be_rung_is_refused_with_what_was_typed(sign_in, world):
    answer = sign_in(world.agent).post("/phone/post", data={"number": "12"})
    assert answer.status_code == 422
    assert 'value="12"' in answer.text


def test_a_post_with_a_number_is_rung_there(sign_in, world, within_centre):
    from contactcenter.intake.phone import posts

    sign_in(world.agent).post("/phone/post", data={"number": "01 99 00 12 34"})
    assert within_centre(lambda: posts.telephone_of(world.agent)) == "+33199001234"


@pytest.mark.parametrize("status", list(ChosenStatus))
def test_the_button_of_every_page_says_who_is_there(sign_in, world, look, status):
    agent = sign_in(world.agent)
    answer = agent.post("/desk/availability", data={"status": status.value, "next": "/account"})
    assert answer.headers["Location"].endswith("/account")
    assert [presence.status for presence in look.all(Presence)] in ([status], [])
    assert f'value="{status.value}" aria-current="true"' in agent.get("/account").text


def test_an_unheard_of_status_is_refused(sign_in, world):
    agent = sign_in(world.agent)
    assert agent.post("/desk/availability", data={"status": "asleep"}).status_code == 422


def test_the_button_leads_to_no_other_site(sign_in, world):
    agent = sign_in(world.agent)
    answer = agent.post(
        "/desk/availability", data={"status": "ready", "next": "https://elsewhere.example/"}
    )
    assert "elsewhere" not in answer.headers["Location"]
