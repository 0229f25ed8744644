"""Questions about the rules and what they proposed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Delete, Select, Text, and_, any_, cast, delete, exists, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre
from contactcenter.directory.models import Site, Team, Topic
from contactcenter.queues.models import Queue, QueueKind, Visit, VisitState
from contactcenter.tickets.models import Channel, Interaction, Message, MessageKind, Ticket
from contactcenter.triage.models import (
    Field,
    LearntTopic,
    LearntWord,
    Proposal,
    RuleVersion,
    Settled,
    Suggestion,
    TriageRule,
    Trial,
    TrialChange,
)

# Someone is there, or on the line: their visit is led by the counter or the telephone.
SPOKEN = (Channel.COUNTER, Channel.PHONE)
# On the other channels the citizen, or the agent before them, chose the language.
LANGUAGE_IS_GUESSED = frozenset({Channel.EMAIL, Channel.SMS, Channel.API})


def rules() -> Select[Any]:
    """The active rules of the centre, the one that speaks first first."""
    return (
        select(
            TriageRule.id,
            TriageRule.name,
            TriageRule.sets,
            TriageRule.topic_id,
            TriageRule.words,
            TriageRule.site_id,
            TriageRule.channel,
            TriageRule.language,
            TriageRule.sender_domain,
            TriageRule.citizen_known,
        )
        .where(
            TriageRule.centre_id == current_centre(),
            TriageRule.is_active,
            TriageRule.removed_at.is_(None),
        )
        .order_by(TriageRule.position, TriageRule.id)
    )


def rule(rule_id: int) -> Select[Any]:
    return select(TriageRule).where(
        TriageRule.centre_id == current_centre(), TriageRule.id == rule_id
    )


def listed_rules() -> Select[Any]:
    """Every rule that was not removed, speaking or silent, in order."""
    return (
        select(TriageRule)
        .where(TriageRule.centre_id == current_centre(), TriageRule.removed_at.is_(None))
        .order_by(TriageRule.position, TriageRule.id)
    )


def removed_rules() -> Select[Any]:
    return (
        select(TriageRule)
        .where(TriageRule.centre_id == current_centre(), TriageRule.removed_at.is_not(None))
        .order_by(TriageRule.removed_at.desc(), TriageRule.id)
    )


def versions(rule_id: int) -> Select[Any]:
    """The history of a rule, the latest first."""
    return (
        select(RuleVersion)
        .where(RuleVersion.centre_id == current_centre(), RuleVersion.rule_id == rule_id)
        .order_by(RuleVersion.number.desc())
    )


def latest_number(rule_id: int) -> Select[Any]:
    return select(func.max(RuleVersion.number)).where(
        RuleVersion.centre_id == current_centre(), RuleVersion.rule_id == rule_id
    )


def trial(trial_id: int) -> Select[Any]:
    return select(Trial).where(Trial.centre_id == current_centre(), Trial.id == trial_id)


def changes_of(trial: Trial) -> Select[Any]:
    """What would have changed, the newest request first."""
    return (
        select(TrialChange)
        .where(TrialChange.centre_id == trial.centre_id, TrialChange.trial_id == trial.id)
        .order_by(TrialChange.ticket_id.desc(), TrialChange.id)
    )


def changes_in_short(trial: Trial) -> Select[*tuple[Any, ...]]:
    """How many requests would go from one value to another, the most frequent first."""
    return (
        select(
            TrialChange.field,
            TrialChange.before,
            TrialChange.after,
            func.count().label("requests"),
        )
        .where(TrialChange.centre_id == trial.centre_id, TrialChange.trial_id == trial.id)
        .group_by(TrialChange.field, TrialChange.before, TrialChange.after)
        .order_by(func.count().desc(), TrialChange.field, TrialChange.after)
    )


def to_try(since: datetime, most: int) -> Select[*tuple[Any, ...]]:
    """How many requests a trial looks at, at most so many, and the newest of them."""
    newest = (
        select(Ticket.id)
        .where(
            Ticket.centre_id == current_centre(),
            Ticket.opened_at >= since,
            Ticket.is_rehearsal.is_(False),
        )
        .order_by(Ticket.id.desc())
        .limit(most)
        .subquery()
    )
    return select(func.count(newest.c.id), func.max(newest.c.id))


def stretch(trial: Trial, most: int) -> Select[*tuple[Any, ...]]:
    """The next requests of a trial with their first words, sender, and whether they were known."""
    earlier = aliased(Ticket)
    first = (
        select(Message.text)
        .where(
            Message.centre_id == Ticket.centre_id,
            Message.ticket_id == Ticket.id,
            Message.kind == MessageKind.CITIZEN,
        )
        .order_by(Message.written_at, Message.id)
        .limit(1)
        .scalar_subquery()
    )
    before = exists().where(
        earlier.centre_id == Ticket.centre_id,
        earlier.citizen_id == Ticket.citizen_id,
        earlier.id < Ticket.id,
    )
    return (
        select(Ticket, first.label("first_words"), Citizen.email, before.label("asked_before"))
        .outerjoin(
            Citizen, and_(Citizen.centre_id == Ticket.centre_id, Citizen.id == Ticket.citizen_id)
        )
        .where(
            Ticket.centre_id == trial.centre_id,
            Ticket.id < trial.next_id,
            Ticket.opened_at >= trial.since,
            Ticket.is_rehearsal.is_(False),
        )
        .order_by(Ticket.id.desc())
        .limit(most)
    )


def given_fields(ticket_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """What was not proposed but chosen before: by the citizen, an agent or the door."""
    return select(Proposal.ticket_id, Proposal.field, Proposal.value).where(
        Proposal.centre_id == current_centre(),
        Proposal.ticket_id.in_(ticket_ids),
        Proposal.reason["of"].astext.in_(("given", "door")),
    )


def forget_trials(before: datetime) -> Delete:
    """Trials and what they found, once they are as old as what they looked at."""
    old = select(Trial.id).where(Trial.centre_id == current_centre(), Trial.asked_at < before)
    gone = (
        delete(TrialChange)
        .where(TrialChange.centre_id == current_centre(), TrialChange.trial_id.in_(old))
        .cte("gone")
    )
    return (
        delete(Trial)
        .where(Trial.centre_id == current_centre(), Trial.asked_at < before)
        .add_cte(gone)
    )


def known_topics() -> Select[*tuple[Any, ...]]:
    return select(
        Topic.id,
        Topic.label,
        Topic.synonyms,
        Topic.queue_id,
        Topic.target_minutes,
        Topic.is_active,
    ).where(Topic.centre_id == current_centre())


def known_queues() -> Select[*tuple[Any, ...]]:
    takes_written = and_(Queue.is_active, Queue.kind == QueueKind.WRITTEN)
    return (
        select(Queue.id, Queue.site_id, Queue.is_active, takes_written.label("takes_written"))
        .where(Queue.centre_id == current_centre())
        .order_by(Queue.id)
    )


def known_teams() -> Select[*tuple[int]]:
    return select(Team.id).where(Team.centre_id == current_centre())


def known_sites() -> Select[*tuple[Any, ...]]:
    return select(Site.id, Site.hours, Site.timezone, Site.country, Site.region).where(
        Site.centre_id == current_centre()
    )


def proposals_of(ticket: Ticket) -> Select[Any]:
    """What was proposed for a ticket, in the order of the fields, the latest of each last."""
    return (
        select(Proposal)
        .where(Proposal.centre_id == ticket.centre_id, Proposal.ticket_id == ticket.id)
        .order_by(Proposal.id)
    )


def guessed_topic(ticket: Ticket) -> Select[Any]:
    """The proposal of a topic that only the words of the request speak for, and nobody yet."""
    return select(Proposal.id).where(
        Proposal.centre_id == ticket.centre_id,
        Proposal.ticket_id == ticket.id,
        Proposal.field == Field.TOPIC,
        Proposal.reason["code"].as_string() == "words",
        Proposal.corrected_at.is_(None),
    )


def sender_address(ticket: Ticket) -> Select[Any]:
    """The e-mail address of who asks."""
    return select(Citizen.email).where(
        Citizen.centre_id == ticket.centre_id, Citizen.id == ticket.citizen_id
    )


def asked_before(ticket: Ticket) -> Select[Any]:
    """An earlier request of the same citizen."""
    return (
        select(Ticket.id)
        .where(
            Ticket.centre_id == ticket.centre_id,
            Ticket.citizen_id == ticket.citizen_id,
            Ticket.id < ticket.id,
        )
        .limit(1)
    )


def written_visit(ticket: Ticket) -> Select[Any]:
    """The visit by which a request waits for a written answer, if it does."""
    return (
        select(Visit)
        .join(Queue, (Queue.centre_id == Visit.centre_id) & (Queue.id == Visit.queue_id))
        .where(
            Visit.centre_id == ticket.centre_id,
            Visit.ticket_id == ticket.id,
            Visit.outcome.is_(None),
            Queue.kind == QueueKind.WRITTEN,
        )
    )


def present_visit(ticket: Ticket) -> Select[Any]:
    """Any stay of the citizen's own that is not over: written, at the counter or on the line."""
    return select(Visit.id).where(
        Visit.centre_id == ticket.centre_id,
        Visit.ticket_id == ticket.id,
        Visit.referral_id.is_(None),
        Visit.state != VisitState.OVER,
    )


def latest_channel(ticket: Ticket) -> Select[Any]:
    """How the citizen last spoke to us."""
    return (
        select(Message.channel)
        .where(
            Message.centre_id == ticket.centre_id,
            Message.ticket_id == ticket.id,
            Message.kind == MessageKind.CITIZEN,
        )
        .order_by(Message.written_at.desc(), Message.id.desc())
        .limit(1)
    )


def first_contact(ticket: Ticket) -> Select[Channel, datetime, date | None]:
    """How and when the contact that opened a ticket began, and the day it reached us if written."""
    return (
        _contact()
        .where(Interaction.centre_id == ticket.centre_id, Interaction.ticket_id == ticket.id)
        .order_by(Interaction.id)
        .limit(1)
    )


def contact_of(message_id: int) -> Select[Channel, datetime, date | None]:
    """The same of the contact that brought a message."""
    return (
        _contact()
        .join(
            Message,
            and_(
                Message.centre_id == Interaction.centre_id,
                Message.interaction_id == Interaction.id,
            ),
        )
        .where(Message.centre_id == current_centre(), Message.id == message_id)
    )


def _contact() -> Select[Channel, datetime, date | None]:
    return select(Interaction.channel, Interaction.started_at, Interaction.received_on)


def told_after(ticket: Ticket, message_id: int) -> Select[int]:
    """Something that was said or written to the citizen after that message."""
    return (
        select(Message.id)
        .where(
            Message.centre_id == ticket.centre_id,
            Message.ticket_id == ticket.id,
            Message.kind.in_((MessageKind.REPLY, MessageKind.RECORD)),
            Message.id > message_id,
        )
        .limit(1)
    )


def learnt_topics() -> Select[int, int]:
    return select(LearntTopic.topic_id, LearntTopic.requests).where(
        LearntTopic.centre_id == current_centre()
    )


def learnt_words(stems: Sequence[str], topic_ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    return select(LearntWord.stem, LearntWord.topic_id, LearntWord.requests).where(
        LearntWord.centre_id == current_centre(),
        LearntWord.stem == any_(cast(list(stems), ARRAY(Text))),
        LearntWord.topic_id.in_(topic_ids),
    )


def suggestions_of(ticket: Ticket) -> Select[Any]:
    """Those that nobody has settled, the best first."""
    return (
        select(Suggestion)
        .where(
            Suggestion.centre_id == ticket.centre_id,
            Suggestion.ticket_id == ticket.id,
            Suggestion.settled.is_(None),
        )
        .order_by(Suggestion.rank, Suggestion.id)
    )


def precision(since: datetime) -> Select[*tuple[Any, ...]]:
    """Per topic: how often it was suggested, accepted, refused."""
    return (
        select(
            Suggestion.topic_id,
            func.count().label("suggested"),
            func.count().filter(Suggestion.settled == Settled.ACCEPTED).label("accepted"),
            func.count().filter(Suggestion.settled == Settled.REFUSED).label("refused"),
        )
        .join(
            Ticket,
            and_(Ticket.centre_id == Suggestion.centre_id, Ticket.id == Suggestion.ticket_id),
        )
        .where(
            Suggestion.centre_id == current_centre(),
            Suggestion.suggested_at >= since,
            Ticket.is_rehearsal.is_(False),
        )
        .group_by(Suggestion.topic_id)
    )
