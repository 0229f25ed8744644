"""What is proposed for a request, what waits, and what a correction leaves behind."""

from datetime import UTC, datetime

import pytest

from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.directory.models import Site, Team, Topic
from contactcenter.edge import transaction
from contactcenter.errors import Invalid
from contactcenter.events import EventRecord
from contactcenter.queues.models import Queue, QueueKind, Visit
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Priority, Status
from contactcenter.triage.actions import correct, correct_fields
from contactcenter.triage.language import detect
from contactcenter.triage.models import Field, Proposal, TriageRule

pytestmark = pytest.mark.usefixtures("in_centre")


def opened(world, text="", subject="Question", **more):
    settings = {"channel": Channel.EMAIL, "language": "fr", "site_id": world.site_id} | more
    settings.setdefault("queue_id", world.written_queue_id)
    with transaction():
        return tickets.open_ticket(subject, text=text, **settings)


def ruled(**more):
    with transaction():
        db.session.add(TriageRule(**{"position": 1, "name": "Expulsions", "words": []} | more))


def proposed(ticket, field):
    return db.session.scalar(
        db.select(Proposal).where(Proposal.ticket_id == ticket.id, Proposal.field == field)
    )


def visits(ticket):
    return db.session.scalars(
        db.select(Visit).where(Visit.ticket_id == ticket.id).order_by(Visit.id)
    ).all()


def second_queue(world):
    with transaction():
        queue = Queue(name="Lettres", kind=QueueKind.WRITTEN, site_id=world.site_id)
        db.session.add(queue)
    return queue.id


def test_a_new_request_is_open_with_its_four_fields_proposed(world):
    ticket = opened(world, "Bonjour, je ne comprends pas mes impôts de cette année.")
    assert ticket.status is Status.OPEN
    assert {
        p.field: p.value for p in db.session.scalars(db.select(Proposal).order_by(Proposal.id))
    } == {
        Field.TOPIC: str(world.topic_id),
        Field.PRIORITY: "normal",
        Field.LANGUAGE: "fr",
        Field.QUEUE: str(world.written_queue_id),
    }


def test_the_topic_is_told_by_its_words_in_any_language(world):
    ticket = opened(world, "Ik begrijp mijn belasting niet, kan ik langskomen bij u?")
    assert ticket.topic_id == world.topic_id
    assert proposed(ticket, Field.TOPIC).reason == {"code": "words", "words": ["belasting"]}


def test_the_language_of_a_mail_is_told_by_its_words(world):
    ticket = opened(world, "Ik begrijp mijn belasting niet, kan ik langskomen bij u?")
    assert ticket.language == "nl"
    assert proposed(ticket, Field.LANGUAGE).reason == {"code": "detected"}
    assert db.session.scalar(tickets.visible_to(world.agent)).language == "nl"


def test_the_language_chosen_on_the_web_is_kept(world):
    ticket = opened(
        world, "Ik begrijp mijn belasting niet, kan ik u zien?", channel=Channel.WEB, language="de"
    )
    assert ticket.language == "de"


def test_a_topic_already_chosen_is_not_overruled(world):
    with transaction():
        other = Topic(code="x", organisation_id=world.partner_id, label={"fr": "Autre"})
        db.session.add(other)
    ticket = opened(world, "mes impôts", topic_id=other.id)
    assert ticket.topic_id == other.id


def test_a_rule_raises_the_priority_and_says_which(world):
    ruled(words=["expulsion"], sets={"priority": "high"})
    ticket = opened(world, "On me menace d’Expulsion.")
    assert ticket.priority is Priority.HIGH
    assert proposed(ticket, Field.PRIORITY).reason == {"code": "rule", "name": "Expulsions"}


def test_a_rule_on_the_topic_speaks_once_the_topic_is_found(world):
    queue_id = second_queue(world)
    ruled(topic_id=world.topic_id, sets={"queue_id": queue_id})
    ticket = opened(world, "mes impôts")
    assert ticket.queue_id == queue_id
    assert visits(ticket)[0].queue_id == queue_id


def test_an_inactive_rule_is_silent(world):
    ruled(sets={"priority": "high"}, is_active=False)
    assert opened(world).priority is Priority.NORMAL


def test_without_a_queue_a_request_waits_where_written_ones_do(world):
    ticket = opened(world, queue_id=None)
    assert ticket.queue_id == world.written_queue_id
    assert proposed(ticket, Field.QUEUE).reason == {"code": "default", "of": "centre"}


def test_the_answer_is_due_in_the_open_hours_of_the_site(world, clock):
    clock.time = datetime(2026, 11, 27, 15, 0, tzinfo=UTC)  # Friday, 16:00 in Paris
    ticket = opened(world, "mes impôts")  # 16 hours: 1 that day, 7 on Monday, 7 on Tuesday
    assert ticket.due_at == datetime(2026, 12, 2, 8, 30, tzinfo=UTC)


def test_a_written_request_waits_as_a_visit_of_its_channel(world):
    ticket = opened(world, channel=Channel.LETTER)
    (visit,) = visits(ticket)
    assert (visit.channel, visit.queue_id) == (Channel.LETTER, world.written_queue_id)
    assert visit.outcome is None


def test_who_stands_at_the_counter_does_not_wait_twice(world):
    ticket = opened(world, channel=Channel.COUNTER, queue_id=world.counter_queue_id)
    assert visits(ticket) == []


def test_a_reply_ends_the_wait_as_answered(world):
    ticket = opened(world)
    with transaction():
        tickets.reply(ticket, "Voici.", by=world.agent)
    (visit,) = visits(ticket)
    assert (visit.outcome, visit.answered_by) == ("answered", world.agent.id)
    assert visit.ended_at is not None


def test_resolving_without_a_reply_ends_the_wait_once(world):
    ticket = opened(world)
    with transaction():
        tickets.reply(ticket, "Voici.", by=world.agent)
        tickets.resolve(ticket, by=world.agent)
    assert [visit.outcome for visit in visits(ticket)] == ["answered"]


def test_who_writes_again_waits_again_with_a_new_deadline(world, clock):
    ticket = opened(world)
    first_due = ticket.due_at
    with transaction():
        tickets.reply(ticket, "Voici.", by=world.agent)
    clock.advance(days=7)
    with transaction():
        tickets.hear(ticket, "Merci, mais il manque une page.")
    _old, new = visits(ticket)
    assert (new.source, new.outcome) == ("return", None)
    assert ticket.due_at > first_due


def test_who_writes_twice_waits_once(world):
    ticket = opened(world)
    with transaction():
        tickets.hear(ticket, "Et encore ceci.")
    assert len(visits(ticket)) == 1


def test_a_reopened_request_waits_again_once(world):
    ticket = opened(world)
    with transaction():
        tickets.resolve(ticket, by=world.agent)
    with transaction():
        tickets.hear(ticket, "Ce n’est pas fini.")
    assert [visit.outcome for visit in visits(ticket)] == ["answered", None]
    assert ticket.status is Status.OPEN


def test_a_request_of_the_counter_reopened_by_mail_waits_in_a_written_queue(world):
    ticket = opened(world, channel=Channel.COUNTER, queue_id=world.counter_queue_id)
    with transaction():
        tickets.resolve(ticket, by=world.agent)
    with transaction():
        tickets.reopen(ticket, by=world.agent)
    (visit,) = visits(ticket)
    assert visit.queue_id == world.written_queue_id


def test_a_correction_is_recorded_with_who_and_when(world, clock):
    ticket = opened(world, "mes impôts")
    with transaction():
        correct(ticket, Field.PRIORITY, "high", by=world.agent)
    proposal = proposed(ticket, Field.PRIORITY)
    assert (proposal.value, proposal.corrected_to) == ("normal", "high")
    assert (proposal.corrected_by, proposal.corrected_at) == (world.agent.id, clock.time)
    event = db.session.scalar(db.select(EventRecord).filter_by(kind="TicketCorrected"))
    assert event.detail == {"field": "priority", "before": "normal", "after": "high"}


def test_what_no_rule_found_is_recorded_when_a_person_says_it(world):
    ticket = opened(world, "bonjour")
    assert ticket.topic_id is None
    with transaction():
        correct(ticket, Field.TOPIC, str(world.topic_id), by=world.agent)
    proposal = proposed(ticket, Field.TOPIC)
    assert (proposal.value, proposal.corrected_to) == ("", str(world.topic_id))


def test_the_same_value_is_no_correction(world):
    ticket = opened(world)
    with transaction():
        correct(ticket, Field.LANGUAGE, "fr", by=world.agent)
    assert proposed(ticket, Field.LANGUAGE).corrected_to is None


def test_correcting_the_queue_moves_the_visit(world):
    ticket, queue_id = opened(world), second_queue(world)
    with transaction():
        correct(ticket, Field.QUEUE, str(queue_id), by=world.agent)
    old, new = visits(ticket)
    assert (old.outcome, new.queue_id, new.outcome) == ("moved", queue_id, None)


def topic_with_queue(world, queue_id):
    with transaction():
        topic = Topic(
            code="x", organisation_id=world.partner_id, label={"fr": "Autre"}, queue_id=queue_id
        )
        db.session.add(topic)
    return str(topic.id)


def last_proposed(ticket, field):
    wanted = db.select(Proposal).where(Proposal.ticket_id == ticket.id, Proposal.field == field)
    return db.session.scalars(wanted.order_by(Proposal.id.desc())).first()


def test_the_queue_follows_a_corrected_topic_and_says_why(world):
    ticket, queue_id = opened(world), second_queue(world)
    topic_id = topic_with_queue(world, queue_id)
    with transaction():
        correct(ticket, Field.TOPIC, topic_id, by=world.agent)
    assert ticket.queue_id == queue_id
    assert [visit.queue_id for visit in visits(ticket)] == [world.written_queue_id, queue_id]
    latest = last_proposed(ticket, Field.QUEUE)
    assert (latest.value, latest.reason) == (str(queue_id), {"code": "default", "of": "topic"})


def test_the_queue_goes_back_to_its_door_with_a_topic_that_has_none(world):
    ticket, queue_id = opened(world), second_queue(world)
    with transaction():
        correct(ticket, Field.TOPIC, topic_with_queue(world, queue_id), by=world.agent)
        correct(ticket, Field.TOPIC, "", by=world.agent)
    assert ticket.queue_id == world.written_queue_id
    assert last_proposed(ticket, Field.QUEUE).reason == {"code": "default", "of": "door"}


def test_a_queue_that_a_person_chose_stays_when_the_topic_is_corrected(world):
    ticket, chosen, usual = opened(world), second_queue(world), world.written_queue_id
    topic_id = topic_with_queue(world, usual)
    with transaction():
        correct_fields(ticket, {Field.TOPIC: topic_id, Field.QUEUE: str(chosen)}, by=world.agent)
    assert ticket.queue_id == chosen
    assert last_proposed(ticket, Field.QUEUE).corrected_by == world.agent.id


def test_a_form_that_repeats_the_queue_has_not_chosen_it(world):
    ticket, queue_id = opened(world), second_queue(world)
    sent = {
        Field.TOPIC: topic_with_queue(world, queue_id),
        Field.QUEUE: str(world.written_queue_id),
    }
    with transaction():
        correct_fields(ticket, sent, by=world.agent)
    assert ticket.queue_id == queue_id


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (Field.TOPIC, "999999"),
        (Field.TOPIC, "x"),
        (Field.PRIORITY, "urgent"),
        (Field.LANGUAGE, "es"),
        (Field.QUEUE, ""),
        (Field.QUEUE, "9" * 30),
    ],
)
def test_a_value_that_does_not_exist_is_refused(world, field, value):
    ticket = opened(world)
    with pytest.raises(Invalid):
        correct(ticket, field, value, by=world.agent)


def test_another_centres_queue_does_not_exist(world, other_world):
    ticket = opened(world)
    with pytest.raises(Invalid):
        correct(ticket, Field.QUEUE, str(other_world.written_queue_id), by=world.agent)


def test_a_word_added_to_a_topic_counts_from_the_next_request_on(world):
    assert opened(world, "ma redevance d’archéologie").topic_id is None
    with transaction():
        topic = db.session.get_one(Topic, (world.centre_id, world.topic_id))
        topic.synonyms = {"fr": ["redevance"]}
    assert opened(world, "ma redevance d’archéologie").topic_id == world.topic_id


def test_every_change_of_the_directory_renews_its_version(world):
    def version():
        with transaction():
            return db.session.get_one(Centre, world.centre_id).directory_version

    seen = [version()]
    for entry in (Site, Team, Topic, Queue):
        with transaction():
            db.session.execute(db.update(entry).values(id=entry.id))
        seen.append(version())
    ruled(sets={"priority": "high"})
    seen.append(version())
    assert len(set(seen)) == 6


def test_french_without_accents_is_no_dutch_for_its_little_words():
    text = "Bonjour, le service de declaration de revenus en ligne affiche une erreur."
    assert detect(f"Declaration de revenus en panne\n{text}") == "fr"
    assert (
        detect("Goedendag, de aangifte van de belasting werkt niet en ik kan niets doen.") == "nl"
    )
