"""Propose what a request is about and where it belongs; record what a person makes of it."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.errors import Invalid
from contactcenter.languages import LANGUAGES, zone
from contactcenter.queues.models import Queue
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Message, Priority, Status, Ticket
from contactcenter.triage import placing, queries
from contactcenter.triage.catalogue import Catalogue, catalogue
from contactcenter.triage.deadlines import USUAL_TARGET, due_after
from contactcenter.triage.language import detect
from contactcenter.triage.models import Field, Proposal
from contactcenter.triage.rules import Case, Rule, first_to_set, plain, topic_named

# On the other channels the citizen, or the agent before them, chose the language.
LANGUAGE_IS_GUESSED = frozenset({Channel.EMAIL, Channel.SMS, Channel.API})


def propose(ticket: Ticket, text: str) -> None:
    """New becomes open: topic, priority, language and queue are filled in, each with its reason."""
    known = catalogue()
    words = f"{ticket.subject}\n{text}"
    case = Case(plain(words), ticket.channel, ticket.topic_id, ticket.site_id)
    _propose_topic(ticket, known, case)
    case = replace(case, topic_id=ticket.topic_id)
    _propose_priority(ticket, known, case)
    _propose_language(ticket, known, case, words)
    _propose_queue(ticket, known, case)
    set_deadline(ticket)
    if ticket.status is Status.NEW:
        tickets.triage(ticket)
    placing.place(ticket)


def correct(ticket: Ticket, field: Field, value: str, *, by: Person) -> None:
    """Set one field to what a person says it is; what was proposed keeps the correction.

    Raises Invalid for a value that does not exist here. Correcting the queue moves the visit.
    """
    if value == _current(ticket, field):
        return
    _SETTERS[field](ticket, value, by)
    _record_correction(ticket, field, value, by)


def set_deadline(ticket: Ticket) -> None:
    """The answer is due by the topic's target in the site's hours, from now or the letter's day."""
    known = catalogue()
    topic = known.topics.get(ticket.topic_id or 0)
    target = timedelta(minutes=topic.target_minutes) if topic else USUAL_TARGET
    site_id = ticket.site_id or known.site_of_queue.get(ticket.queue_id or 0)
    tickets.set_due(ticket, due_after(_starting(ticket), target, known.hours.get(site_id or 0)))


def _starting(ticket: Ticket) -> datetime:
    """A letter has waited since the day it reached us, not since it was typed."""
    if ticket.channel is not Channel.LETTER or ticket.replied_at is not None:
        return clock.now()
    received_on = db.session.scalar(queries.received_on(ticket))
    if received_on is None:
        return clock.now()
    return min(clock.now(), datetime.combine(received_on, time(), zone()))


def _propose_topic(ticket: Ticket, known: Catalogue, case: Case) -> None:
    if ticket.topic_id is not None:
        return _keep(ticket, Field.TOPIC, ticket.topic_id, {"code": "default", "of": "given"})
    if rule := first_to_set("topic_id", known.rules, case):
        ticket.topic_id = rule.sets["topic_id"]
        return _keep_ruled(ticket, Field.TOPIC, rule, ticket.topic_id)
    if named := topic_named(known.words, case.text):
        ticket.topic_id, found = named
        _keep(ticket, Field.TOPIC, ticket.topic_id, {"code": "words", "words": found[:3]})
    return None


def _propose_priority(ticket: Ticket, known: Catalogue, case: Case) -> None:
    if rule := first_to_set("priority", known.rules, case):
        ticket.priority = Priority(rule.sets["priority"])
        return _keep_ruled(ticket, Field.PRIORITY, rule, ticket.priority)
    return _keep(ticket, Field.PRIORITY, ticket.priority, {"code": "default", "of": "usual"})


def _propose_language(ticket: Ticket, known: Catalogue, case: Case, words: str) -> None:
    if rule := first_to_set("language", known.rules, case):
        _speak(ticket, rule.sets["language"])
        return _keep_ruled(ticket, Field.LANGUAGE, rule, ticket.language)
    detected = detect(words) if ticket.channel in LANGUAGE_IS_GUESSED else None
    if detected:
        _speak(ticket, detected)
        return _keep(ticket, Field.LANGUAGE, detected, {"code": "detected"})
    return _keep(ticket, Field.LANGUAGE, ticket.language, {"code": "default", "of": "given"})


def _propose_queue(ticket: Ticket, known: Catalogue, case: Case) -> None:
    if rule := first_to_set("queue_id", known.rules, case):
        ticket.queue_id = rule.sets["queue_id"]
        return _keep_ruled(ticket, Field.QUEUE, rule, ticket.queue_id)
    topic = known.topics.get(ticket.topic_id or 0)
    is_written = ticket.channel not in queries.SPOKEN
    if is_written and topic and topic.queue_id is not None:
        ticket.queue_id = topic.queue_id
        return _keep(ticket, Field.QUEUE, ticket.queue_id, {"code": "default", "of": "topic"})
    if ticket.queue_id is not None:
        return _keep(ticket, Field.QUEUE, ticket.queue_id, {"code": "default", "of": "door"})
    if usual := known.usual_queue(ticket.site_id):
        ticket.queue_id = usual
        _keep(ticket, Field.QUEUE, usual, {"code": "default", "of": "centre"})
    return None


def _speak(ticket: Ticket, language: str) -> None:
    """The citizen's words so far are in this language too."""
    if language == ticket.language or language not in LANGUAGES:
        return
    db.session.execute(
        db.update(Message)
        .where(Message.centre_id == ticket.centre_id, Message.ticket_id == ticket.id)
        .values(language=language)
    )
    ticket.language = language


def _keep_ruled(ticket: Ticket, field: Field, rule: Rule, value: object) -> None:
    _keep(ticket, field, value, {"code": "rule", "name": rule.name}, rule.id)


def _keep(
    ticket: Ticket, field: Field, value: object, reason: dict[str, Any], rule_id: int | None = None
) -> None:
    db.session.add(
        Proposal(
            ticket_id=ticket.id,
            field=field,
            value=str(value),
            reason=reason,
            rule_id=rule_id,
            proposed_at=clock.now(),
        )
    )


def _of(kind: type[Any], ticket: Ticket, row_id: int | None) -> Any:
    return db.session.get(kind, (ticket.centre_id, row_id)) if row_id is not None else None


def _current(ticket: Ticket, field: Field) -> str:
    value = {
        Field.TOPIC: ticket.topic_id,
        Field.PRIORITY: ticket.priority,
        Field.LANGUAGE: ticket.language,
        Field.QUEUE: ticket.queue_id,
    }[field]
    return "" if value is None else str(value)


def _correct_topic(ticket: Ticket, value: str, by: Person) -> None:
    topic = _of(Topic, ticket, _number(value))
    if value and topic is None:
        raise Invalid(_("Choisissez un motif de la liste."), "topic")
    tickets.set_topic(ticket, topic.id if topic else None, by=by)
    if ticket.is_open and ticket.replied_at is None:
        set_deadline(ticket)


def _correct_priority(ticket: Ticket, value: str, by: Person) -> None:
    if value not in set(Priority):
        raise Invalid(_("Choisissez une priorité de la liste."), "priority")
    tickets.set_priority(ticket, Priority(value), by=by)


def _correct_language(ticket: Ticket, value: str, by: Person) -> None:
    if value not in LANGUAGES:
        raise Invalid(_("Choisissez une langue de la liste."), "language")
    tickets.set_language(ticket, value, by=by)


def _correct_queue(ticket: Ticket, value: str, by: Person) -> None:
    queue = _of(Queue, ticket, _number(value))
    if queue is None or not queue.is_active:
        raise Invalid(_("Choisissez une file de la liste."), "queue")
    tickets.set_queue(ticket, queue.id, by=by)
    placing.move(ticket, queue, by=by)


_SETTERS = {
    Field.TOPIC: _correct_topic,
    Field.PRIORITY: _correct_priority,
    Field.LANGUAGE: _correct_language,
    Field.QUEUE: _correct_queue,
}


def _number(value: str) -> int | None:
    return int(value) if value.isdecimal() and len(value) < 19 else None


def _record_correction(ticket: Ticket, field: Field, value: str, by: Person) -> None:
    latest = db.session.scalars(queries.proposals_of(ticket).where(Proposal.field == field)).all()
    if not latest:
        _keep(ticket, field, "", {"code": "nothing"})
        db.session.flush()  # what was missing is recorded like what was wrong
        return _record_correction(ticket, field, value, by)
    proposal = latest[-1]
    proposal.corrected_to, proposal.corrected_by = value, by.id
    proposal.corrected_at = clock.now()
    return None
