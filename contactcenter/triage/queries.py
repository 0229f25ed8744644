"""Questions about the rules and what they proposed."""

from typing import Any

from sqlalchemy import Select, and_, select

from contactcenter.db import current_centre
from contactcenter.directory.models import Site, Topic
from contactcenter.queues.models import Queue, QueueKind, Visit, VisitState
from contactcenter.tickets.models import Channel, Interaction, Message, MessageKind, Ticket
from contactcenter.triage.models import Proposal, TriageRule

# Someone is there, or on the line: their visit is led by the counter or the telephone.
SPOKEN = (Channel.COUNTER, Channel.PHONE)


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
        )
        .where(TriageRule.centre_id == current_centre(), TriageRule.is_active)
        .order_by(TriageRule.position, TriageRule.id)
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
        select(Queue.id, Queue.site_id, takes_written.label("takes_written"))
        .where(Queue.centre_id == current_centre())
        .order_by(Queue.id)
    )


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


def received_on(ticket: Ticket) -> Select[Any]:
    """The day the letter that opened a ticket reached us."""
    return (
        select(Interaction.received_on)
        .where(Interaction.centre_id == ticket.centre_id, Interaction.ticket_id == ticket.id)
        .order_by(Interaction.id)
        .limit(1)
    )
