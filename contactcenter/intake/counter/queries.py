"""Questions of the counter: where one may serve, who is at hand, what was done today."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, text

from contactcenter.accounts.models import Person
from contactcenter.accounts.queries import site_ids
from contactcenter.db import current_centre
from contactcenter.directory.models import Counter, Site, Topic
from contactcenter.escalation.queries import with_referent
from contactcenter.queues.models import (
    ChosenStatus,
    Presence,
    Queue,
    QueueKind,
    SaturationLevel,
    Visit,
    VisitState,
)
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.queries import is_here, parked, waiting
from contactcenter.receipts.models import Door, Receipt
from contactcenter.tickets.models import Channel, Interaction, Message, MessageKind, Ticket
from contactcenter.tickets.queries import content_is_for, of_citizen

FEWEST_SERVICES = 5  # of fewer nobody can say how long they take
# Written out, not bound: the partial index on those who are still here carries the same words.
PRESENT = text("visits.state <> 'over'")


def counters_for(person: Person) -> Select[Counter, Site]:
    """The counters of this person's sites, each with its site."""
    return (
        select(Counter, Site)
        .join(Site, (Site.centre_id == Counter.centre_id) & (Site.id == Counter.site_id))
        .where(Counter.centre_id == person.centre_id, Counter.site_id.in_(site_ids(person)))
        .order_by(Site.name, Counter.name)
    )


def present_at_counters(centre_id: int, now: datetime) -> Select[int | None, Person]:
    """Who says they receive, with the counter they chose."""
    return (
        select(Presence.counter_id, Person)
        .join(Person, (Person.centre_id == Presence.centre_id) & (Person.id == Presence.person_id))
        .where(
            Presence.centre_id == centre_id,
            Presence.counter_id.is_not(None),
            Presence.status != ChosenStatus.OFFLINE,
            is_here(now),
        )
    )


def counter_queues(site_id: int) -> Select[Any]:
    return (
        select(Queue)
        .where(
            Queue.centre_id == current_centre(),
            Queue.site_id == site_id,
            Queue.kind == QueueKind.COUNTER,
            Queue.is_active,
        )
        .order_by(Queue.letter, Queue.name)
    )


def active_topics() -> Select[Any]:
    return select(Topic).where(Topic.centre_id == current_centre(), Topic.is_active)


def called_by(person: Person) -> Select[Any]:
    """Who this person has called to a counter and does not receive yet."""
    return select(Visit).where(
        Visit.centre_id == person.centre_id,
        Visit.reserved_for == person.id,
        Visit.state == VisitState.RESERVED,
        Visit.channel == Channel.COUNTER,
    )


def received_by(person: Person) -> Select[Any]:
    """Whom this person receives at a counter now."""
    return select(Visit).where(
        Visit.centre_id == person.centre_id,
        Visit.answered_by == person.id,
        Visit.state == VisitState.SERVING,
        Visit.channel == Channel.COUNTER,
    )


def received_count(person: Person, since: datetime) -> Select[Any]:
    """How many visits this person began to receive since then; who came back counts once."""
    return select(func.count(func.distinct(Visit.interaction_id))).where(
        Visit.centre_id == person.centre_id,
        Visit.answered_by == person.id,
        Visit.channel == Channel.COUNTER,
        Visit.outcome == Outcome.ANSWERED,
        Visit.answered_at >= since,
    )


def line_of(queue_ids: Sequence[int]) -> Select[Any]:
    """Who waits or is called here, each with the words of their request and their topic."""
    return _with_words(waiting(queue_ids))


def set_aside_in(queue_ids: Sequence[int]) -> Select[Any]:
    """Who was set aside and may come back, with the same."""
    return _with_words(parked(queue_ids))


def _with_words(visits: Select[Any]) -> Select[Any]:
    return (
        visits.add_columns(Ticket.subject, Topic)
        .outerjoin(Ticket, (Ticket.centre_id == Visit.centre_id) & (Ticket.id == Visit.ticket_id))
        .outerjoin(Topic, (Topic.centre_id == Visit.centre_id) & (Topic.id == Visit.topic_id))
    )


def asked_before(person: Person, citizen_id: int, ticket_id: int | None) -> Select[Any]:
    """What this citizen asked elsewhere: the ticket, its topic, whether an expert has it.

    `is_mine` says whether its content may be shown to this person.
    """
    return (
        of_citizen(person, citizen_id)
        .where(Ticket.id != ticket_id)
        .add_columns(
            Topic,
            with_referent().label("with_referent"),
            content_is_for(person).label("is_mine"),
        )
        .outerjoin(Topic, (Topic.centre_id == Ticket.centre_id) & (Topic.id == Ticket.topic_id))
        .limit(8)
    )


def records_of(interaction: Interaction) -> Select[Any]:
    return select(Message.id).where(
        Message.centre_id == interaction.centre_id,
        Message.ticket_id == interaction.ticket_id,
        Message.interaction_id == interaction.id,
        Message.kind == MessageKind.RECORD,
    )


def long_topics(queue_ids: Sequence[int], longest: timedelta, since: datetime) -> Select[Any]:
    """Topics whose services in these queues took longer on average, of at least five."""
    took = Visit.ended_at - Visit.answered_at
    return (
        select(Visit.topic_id)
        .where(
            Visit.centre_id == current_centre(),
            Visit.queue_id.in_(queue_ids),
            Visit.entered_at >= since,
            Visit.topic_id.is_not(None),
            Visit.outcome == Outcome.ANSWERED,
            Visit.ended_at.is_not(None),
        )
        .group_by(Visit.topic_id)
        .having(and_(func.count() >= FEWEST_SERVICES, func.avg(took) > longest))
    )


def admitted_with(key: str) -> Select[Any]:
    """The visit a form gave that was sent twice."""
    return (
        select(Visit)
        .join(
            Receipt,
            and_(
                Receipt.centre_id == Visit.centre_id,
                or_(Receipt.ticket_id == Visit.ticket_id, Receipt.visit_id == Visit.id),
            ),
        )
        .where(Receipt.door == Door.COUNTER, Receipt.dedupe_key == key)
        .order_by(Visit.id.desc())
        .limit(1)
    )


def calls_run_out(now: datetime, most: int) -> Select[Any]:
    """Called to a counter, and the time a call lasts has passed; held for change."""
    return (
        select(Visit)
        .where(
            Visit.centre_id == current_centre(),
            Visit.state == VisitState.RESERVED,
            Visit.reserved_until < now,
            Visit.counter_id.is_not(None),
        )
        .limit(most)
        .with_for_update(skip_locked=True)
    )


def sites_with_visits(entered_before: datetime) -> Select[Any]:
    """The sites at whose counters someone who came before then is still not seen off."""
    present = _present().where(Visit.entered_at < entered_before)
    return select(Site).where(
        Site.centre_id == current_centre(), Site.id.in_(present.with_only_columns(Queue.site_id))
    )


def visits_before(site_id: int, ended: datetime, most: int) -> Select[Any]:
    """Who came before the day ended and is still not seen off there; held for change."""
    return (
        _present()
        .where(Queue.site_id == site_id, Visit.entered_at < ended)
        .limit(most)
        .with_for_update(of=Visit, skip_locked=True)
    )


def _present() -> Select[Any]:
    return (
        select(Visit)
        .join(Queue, (Queue.centre_id == Visit.centre_id) & (Queue.id == Visit.queue_id))
        .where(
            Visit.centre_id == current_centre(),
            PRESENT,
            Queue.kind == QueueKind.COUNTER,
        )
    )


def level_of(queue_ids: Sequence[int]) -> Select[Any]:
    return select(SaturationLevel.level).where(
        SaturationLevel.centre_id == current_centre(), SaturationLevel.queue_id.in_(queue_ids)
    )
