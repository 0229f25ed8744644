"""Propose what a request is about and where it belongs; record what a person makes of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db, write
from contactcenter.directory.models import Topic
from contactcenter.errors import Invalid
from contactcenter.languages import LANGUAGES, zone
from contactcenter.queues.models import Queue
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Message, Priority, Status, Ticket
from contactcenter.triage import placing, queries, suggestions
from contactcenter.triage.catalogue import catalogue
from contactcenter.triage.deadlines import USUAL_TARGET, due_after
from contactcenter.triage.deciding import Asked, Decision, decide
from contactcenter.triage.language import detect
from contactcenter.triage.models import Field, Proposal
from contactcenter.triage.rules import Case, Rule, plain
from contactcenter.triage.stems import stemmed


def propose(ticket: Ticket, text: str) -> None:
    """New becomes open: topic, priority, language and queue are filled in, each with its reason."""
    known = catalogue()
    with db.session.no_autoflush:  # a new ticket is written when all is known of it
        asked = asked_of(ticket, text, known.rules)
        decided = decide(known, asked)
    for field, decision in decided.items():
        _fill_in(ticket, field, decision.value)
        _keep(ticket, field, decision)
    if Field.TOPIC not in decided:
        suggestions.suggest(ticket, asked.case)
    set_deadline(ticket)
    if ticket.status is Status.NEW:
        tickets.triage(ticket)
    placing.place(ticket)


def asked_of(ticket: Ticket, text: str, rules: Iterable[Rule]) -> Asked:
    """A request as it came, before anything was proposed for it.

    Who sent it is only looked up for rules that ask.
    """
    words = f"{ticket.subject}\n{text}"
    detected = detect(words) if ticket.channel in queries.LANGUAGE_IS_GUESSED else None
    said = plain(words)
    case = Case(
        said,
        ticket.channel,
        topic_id=ticket.topic_id,
        site_id=ticket.site_id,
        language=detected or ticket.language,
        sender_domain=_sender_domain(ticket, rules),
        citizen_known=_is_known(ticket, rules),
        stemmed=stemmed(said),
    )
    return Asked(
        case=case,
        language=ticket.language,
        detected=detected,
        priority=ticket.priority,
        queue_id=ticket.queue_id,
        is_written=ticket.channel not in queries.SPOKEN,
    )


def correct(ticket: Ticket, field: Field, value: str, *, by: Person) -> None:
    """Set one field to what a person says it is; what was proposed keeps the correction.

    Raises Invalid for a value that does not exist here. Correcting the queue moves the visit.
    """
    if field not in _SETTERS or value == _current(ticket, field):
        return
    _SETTERS[field](ticket, value, by)
    _record_correction(ticket, field, value, by)


def correct_fields(ticket: Ticket, values: Mapping[Field, str], *, by: Person) -> None:
    """Set those that are not yet so; a queue chosen together with a topic stays the one chosen."""
    changed = {field: value for field, value in values.items() if value != _current(ticket, field)}
    for field in sorted(changed, key=lambda each: each is not Field.QUEUE):
        correct(ticket, field, changed[field], by=by)


def set_deadline(ticket: Ticket, message_id: int | None = None) -> None:
    """The answer is due by the topic's target in the site's hours, from now or what came's day.

    What came is that message, or else what opened the request while nobody answered it.
    """
    known = catalogue()
    topic = known.topics.get(ticket.topic_id or 0)
    target = timedelta(minutes=topic.target_minutes) if topic else USUAL_TARGET
    site_id = ticket.site_id or known.site_of_queue.get(ticket.queue_id or 0)
    since = _starting(ticket, message_id)
    tickets.set_due(ticket, due_after(since, target, known.hours.get(site_id or 0)))


def _starting(ticket: Ticket, message_id: int | None) -> datetime:
    """A letter has waited since the day it reached us, a mail since the moment it did."""
    is_old = ticket.channel not in _KEPT_WAITING or ticket.replied_at is not None
    if message_id is None and is_old:
        return clock.now()
    came = queries.contact_of(message_id) if message_id else queries.first_contact(ticket)
    contact = db.session.execute(came).first()
    if contact is None or contact.received_on is None or contact.channel not in _KEPT_WAITING:
        return clock.now()
    if contact.channel is Channel.EMAIL:
        return min(clock.now(), contact.started_at)
    return min(clock.now(), datetime.combine(contact.received_on, time(), zone()))


_KEPT_WAITING = (Channel.LETTER, Channel.EMAIL)


def _sender_domain(ticket: Ticket, rules: Iterable[Rule]) -> str | None:
    if ticket.citizen_id is None or all(rule.sender_domain is None for rule in rules):
        return None
    address = db.session.scalar(queries.sender_address(ticket))
    return address.rpartition("@")[2].lower() if address else None


def _is_known(ticket: Ticket, rules: Iterable[Rule]) -> bool:
    if ticket.citizen_id is None or all(rule.citizen_known is None for rule in rules):
        return False
    return db.session.scalar(queries.asked_before(ticket)) is not None


def _fill_in(ticket: Ticket, field: Field, value: Any) -> None:
    if field is Field.TOPIC:
        ticket.topic_id = value
    elif field is Field.PRIORITY:
        ticket.priority = Priority(value)
    elif field is Field.LANGUAGE:
        _speak(ticket, value)
    elif field is Field.QUEUE:
        ticket.queue_id = value


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


def _keep(ticket: Ticket, field: Field, decision: Decision) -> None:
    write(
        Proposal,
        ticket_id=ticket.id,
        field=field,
        value=str(decision.value),
        reason=dict(decision.reason),
        rule_id=decision.rule_id,
        proposed_at=clock.now(),
    )


def _of(kind: type[Any], ticket: Ticket, row_id: int | None) -> Any:
    return db.session.get(kind, (ticket.centre_id, row_id)) if row_id is not None else None


def _current(ticket: Ticket, field: Field) -> str:
    value = {
        Field.TOPIC: ticket.topic_id,
        Field.PRIORITY: ticket.priority,
        Field.LANGUAGE: ticket.language,
        Field.QUEUE: ticket.queue_id,
    }.get(field)
    return "" if value is None else str(value)


def _correct_topic(ticket: Ticket, value: str, by: Person) -> None:
    topic = _of(Topic, ticket, _number(value))
    if value and topic is None:
        raise Invalid(_("Choisissez un motif de la liste."), "topic")
    tickets.set_topic(ticket, topic.id if topic else None, by=by)
    suggestions.settle(ticket, ticket.topic_id, by=by)
    _follow_topic(ticket, by)
    if ticket.is_open and ticket.replied_at is None:
        set_deadline(ticket)


def _follow_topic(ticket: Ticket, by: Person) -> None:
    """A written request goes where its new topic belongs, unless a person chose its queue."""
    proposals = _proposals(ticket, Field.QUEUE)
    if ticket.channel in queries.SPOKEN or not ticket.is_open:
        return
    if any(proposal.corrected_by is not None for proposal in proposals):
        return
    known = catalogue()
    door = next((p.value for p in proposals if p.reason.get("of") == "door"), "")
    asked = replace(asked_of(ticket, ticket.first_words, known.rules), queue_id=_number(door))
    decision = decide(known, asked).get(Field.QUEUE)
    queue = _of(Queue, ticket, decision.value) if decision else None
    if decision is None or queue is None or not queue.is_active:
        return
    _keep(ticket, Field.QUEUE, decision)
    if queue.id != ticket.queue_id:
        tickets.set_queue(ticket, queue.id, by=by)
        placing.move(ticket, queue, by=by)


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


def _proposals(ticket: Ticket, field: Field) -> Sequence[Proposal]:
    return db.session.scalars(queries.proposals_of(ticket).where(Proposal.field == field)).all()


def _record_correction(ticket: Ticket, field: Field, value: str, by: Person) -> None:
    latest = _proposals(ticket, field)
    if not latest:
        _keep(ticket, field, Decision("", {"code": "nothing"}))
        return _record_correction(ticket, field, value, by)
    proposal = latest[-1]
    proposal.corrected_to, proposal.corrected_by = value, by.id
    proposal.corrected_at = clock.now()
    return None
