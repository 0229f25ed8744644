"""The counter through its pages: from the door to the end of service."""

import re

from contactcenter.accounts.models import Centre
from contactcenter.citizens.models import Citizen
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.models import PriorityClass, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Channel, Status, Ticket


def test_a_topic_and_enter_give_a_number(desk, load, visit_of, world):
    visit = visit_of(desk.admit("avis"))
    ticket = load(Ticket, visit.ticket_id)
    assert visit.number == "A001"
    assert visit.state is VisitState.WAITING
    assert (ticket.topic_id, ticket.subject) == (world.topic_id, "Avis d’impôt")
    assert (ticket.channel, ticket.site_id) == (Channel.COUNTER, world.site_id)


def test_nothing_at_all_gives_a_number_too(desk, load, visit_of):
    visit = visit_of(desk.admit())
    assert load(Ticket, visit.ticket_id).subject == "Sans motif"


def test_the_page_shows_the_number_and_the_code_just_given(desk):
    page = desk.browser.get(f"/counter?given={desk.admit()}").text
    assert "A001" in page
    assert "Code de suivi" in page


def test_what_comes_in_during_a_rehearsal_is_marked(app, desk, load, visit_of, world):
    with app.app_context(), transaction():
        db.session.get(Centre, world.centre_id).rehearsing = True
    visit = visit_of(desk.admit("avis", name="Zoé Exemple", phone="01 99 00 12 34"))
    ticket = load(Ticket, visit.ticket_id)
    assert visit.is_rehearsal
    assert ticket.is_rehearsal
    assert load(Citizen, ticket.citizen_id).is_rehearsal


def test_words_that_are_no_topic_become_the_subject_when_told_so(desk, load, visit_of):
    visit = visit_of(desk.admit("Chien perdu", chosen="none"))
    assert load(Ticket, visit.ticket_id).subject == "Chien perdu"


def test_one_of_the_topics_proposed_is_chosen(desk, visit_of, world):
    visit = visit_of(desk.admit("aivs", chosen=world.topic_id))
    assert visit.topic_id == world.topic_id


def test_called_then_received_then_finished(desk, load, visit_of, records, clock):
    visit = desk.admit("avis")
    clock.advance(minutes=4)
    desk.call()
    assert visit_of(visit).state is VisitState.RESERVED
    desk.receive(visit)
    clock.advance(minutes=9)
    desk.post(f"visits/{visit}/end", visit=visit, done="Avis expliqué, échéancier remis.")
    over = visit_of(visit)
    assert (over.state, over.outcome) == (VisitState.OVER, Outcome.ANSWERED)
    assert (over.left_at - over.entered_at).total_seconds() == 240
    assert (over.ended_at - over.answered_at).total_seconds() == 540
    assert load(Ticket, over.ticket_id).status is Status.RESOLVED
    assert records() == ["Avis expliqué, échéancier remis."]


def test_the_request_of_who_is_received_is_held_by_who_serves(desk, load, visit_of, world):
    visit = desk.admit("avis")
    ticket_id = visit_of(visit).ticket_id
    desk.call()
    assert load(Ticket, ticket_id).assigned_to is None
    desk.receive(visit)
    assert load(Ticket, ticket_id).assigned_to == world.agent.id
    desk.post(f"visits/{visit}/return", visit=visit)
    assert load(Ticket, ticket_id).assigned_to is None


def test_calling_the_next_finishes_whom_one_receives(desk, visit_of, records):
    first, second = desk.admit(), desk.admit()
    desk.call()
    desk.receive(first)
    desk.call(first, done="Formulaire rempli.")
    assert visit_of(first).state is VisitState.OVER
    assert visit_of(second).state is VisitState.RESERVED
    assert records() == ["Formulaire rempli."]


def test_what_is_not_settled_waits_for_a_written_answer(app, desk, load, visit_of, world):
    visit = desk.admit("avis")
    desk.call()
    desk.receive(visit)
    desk.post(f"visits/{visit}/end", visit=visit, done="À vérifier.", settled="no")
    ticket = load(Ticket, visit_of(visit).ticket_id)
    assert ticket.status is Status.OPEN
    with app.app_context(), within(Scope(world.centre_id)):
        query = db.select(Visit).where(Visit.ticket_id == ticket.id, Visit.outcome.is_(None))
        assert db.session.scalars(query).one().queue_id == world.written_queue_id


def test_someone_set_aside_keeps_number_and_place(desk, visit_of, clock):
    first = desk.admit()
    clock.advance(minutes=1)
    later = desk.admit()
    desk.call()
    desk.receive(first)
    desk.post(f"visits/{first}/pause", visit=first, done="Cherche une photo.")
    assert visit_of(first).state is VisitState.PARKED
    desk.post(f"visits/{first}/return")
    desk.call()
    page = desk.page()
    assert visit_of(later).state is VisitState.WAITING
    assert "Recevoir" in page
    assert page.index("A001") < page.index("A002")


def test_back_in_line_from_a_call_keeps_the_place(desk, visit_of):
    visit = desk.admit()
    desk.call()
    desk.post(f"visits/{visit}/return")
    waiting = visit_of(visit)
    assert (waiting.state, waiting.outcome) == (VisitState.WAITING, None)


def test_who_leaves_before_is_counted_as_abandoned(desk, load, visit_of, clock):
    visit = desk.admit()
    clock.advance(minutes=5)
    desk.post(f"visits/{visit}/departure")
    gone = visit_of(visit)
    assert gone.outcome is Outcome.ABANDONED
    assert load(Ticket, gone.ticket_id).status is Status.RESOLVED


def test_who_leaves_within_a_minute_is_counted_apart(desk, visit_of, clock):
    visit = desk.admit()
    clock.advance(seconds=60)
    desk.post(f"visits/{visit}/departure")
    assert visit_of(visit).outcome is Outcome.ABANDONED_SHORT


def test_the_request_of_who_can_be_called_back_stays_open(desk, load, visit_of, clock):
    visit = desk.admit(name="Camille Exemple", phone="01 99 00 12 34")
    clock.advance(minutes=5)
    desk.post(f"visits/{visit}/departure")
    assert load(Ticket, visit_of(visit).ticket_id).status is Status.OPEN


def test_nobody_is_absent_before_the_second_call(desk, visit_of):
    visit = desk.admit()
    desk.call()
    assert desk.post(f"visits/{visit}/absence").status_code == 409
    desk.post(f"visits/{visit}/calls")
    assert desk.post(f"visits/{visit}/absence").status_code == 303
    assert visit_of(visit).calls == 2
    assert visit_of(visit).outcome in (Outcome.ABANDONED, Outcome.ABANDONED_SHORT)


def test_priority_goes_first_and_says_why(desk, visit_of, clock):
    desk.admit()
    clock.advance(minutes=1)
    before = desk.admit(priority="standing")
    page = desk.page()
    assert "Passe avant : Station debout pénible" in page.replace("\u00a0", " ")
    assert visit_of(before).priority_class is PriorityClass.PRIORITY
    desk.call()
    assert visit_of(before).state is VisitState.RESERVED
    desk.receive(before)
    assert "Dépassée par 1" in desk.page()


def test_someone_may_be_called_out_of_turn(desk, visit_of, clock):
    first = desk.admit()
    clock.advance(minutes=1)
    second = desk.admit()
    desk.post(f"visits/{second}/calls")
    assert visit_of(second).state is VisitState.RESERVED
    assert visit_of(first).overtaken == 1


def test_who_comes_back_with_a_reference_joins_the_same_request(desk, load, visit_of):
    first = desk.admit("avis")
    desk.call()
    desk.receive(first)
    desk.post(f"visits/{first}/end", visit=first, done="Répondu.")
    ticket = load(Ticket, visit_of(first).ticket_id)
    again = visit_of(desk.admit(ticket.reference))
    assert again.ticket_id == ticket.id
    assert load(Ticket, ticket.id).status is Status.OPEN


def test_the_citizen_can_be_named_afterwards(desk, load, visit_of):
    visit = desk.admit()
    desk.post(f"visits/{visit}/citizen", name="Zoé Exemple", birth_year=1958)
    ticket = load(Ticket, visit_of(visit).ticket_id)
    found = desk.browser.get(f"/counter/visits/{visit}/citizen?who=zoe+1958").text
    assert "Zoé Exemple" in found
    desk.post(f"visits/{visit}/citizen", anonymous="yes")
    assert load(Ticket, ticket.id).citizen_id is None
    desk.post(f"visits/{visit}/citizen", citizen=ticket.citizen_id)
    assert load(Ticket, ticket.id).citizen_id == ticket.citizen_id


def test_what_this_citizen_asked_before_is_shown(desk):
    desk.admit("Chien perdu", chosen="none", name="Zoé Exemple", phone="01 99 00 12 34")
    desk.admit("avis", name="Zoé Exemple", phone="01 99 00 12 34")
    desk.call()
    assert "Rien avant" not in desk.page()
    assert "Déjà demandé" in desk.page()


def test_papers_print_in_the_language_of_the_citizen(desk):
    visit = desk.admit("avis", language="nl")
    page = desk.browser.get(f"/counter/visits/{visit}/papers?paper=1").text
    assert "Aanslagbiljet" in page
    assert "Pièce d’identité" in page
    assert "Dernier avis" not in page


def test_a_slip_printed_again_has_the_same_code(desk):
    visit = desk.admit()
    first, again = (desk.browser.get(f"/counter/visits/{visit}/slip").text for _ in range(2))
    assert _code(first) == _code(again)
    assert "<svg" in first


def test_a_slip_says_where_to_call_and_what_to_type(desk, world, visit_of):
    visit = visit_of(desk.admit())
    slip = desk.browser.get(f"/counter/visits/{visit.id}/slip").text
    assert world.line_number.removeprefix("+33") in re.sub(r"\s", "", slip)
    assert f'"num">{str(visit.interaction_id)[:4]}' in slip
    assert "touche étoile" in slip


def _code(page: str) -> str:
    return page.split('class="code">')[1].split("<")[0]
