"""What is read to show one request: everything beside the ticket itself."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, or_, select

from contactcenter.accounts.models import Membership, Organisation, Person
from contactcenter.db import current_centre
from contactcenter.directory.models import Team, Topic
from contactcenter.escalation.models import Referral, ReferralMessage, Side
from contactcenter.events import EventRecord
from contactcenter.notices.models import Notice
from contactcenter.queues.known import known_queues
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.tickets.models import Interaction, MessageKind, Ticket
from contactcenter.tickets.queries import with_merged

FOR_REQUESTS = frozenset({QueueKind.WRITTEN, QueueKind.COUNTER, QueueKind.PHONE})
# What is worth a line in the story; the rest of the history stays in the table.
TOLD = (
    "TicketAssigned",
    "TicketCorrected",
    "CitizenAwaited",
    "TicketResolved",
    "TicketReopened",
    "TicketClosed",
    "TicketRead",
    "TicketsMerged",
    "TicketsParted",
    "TicketSplit",
    "MandateRecorded",
    "MandateReceiptGiven",
    "MandateRevoked",
    "ReferralAsked",
    "ReferralTaken",
    "ReferralHandedOn",
    "ReferralPutAgain",
    "ReferralRerouted",
    "ReferralWithdrawn",
    "ReferralExpired",
    "LateSidePressed",
    "TicketTagged",
    "TicketUntagged",
    "SolvedSaid",
    "VisitReserved",
    "VisitHeld",
    "TalkTransferred",
    "FileRefused",
    "MailCut",
)
WITH_REASON = ("VisitReserved", "VisitHeld")  # what an agent chose by hand says no more
TOLD_ONCE = ("TicketsMerged", "TicketsParted", "TicketSplit")  # in the history of both
MOST_TOLD = 200
SAID = (MessageKind.CITIZEN, MessageKind.REPLY)


def contacts(ticket: Ticket) -> Select[Any]:
    """The visits, calls, mails and letters of a ticket, in order."""
    return (
        select(Interaction)
        .where(Interaction.centre_id == ticket.centre_id, Interaction.ticket_id == ticket.id)
        .order_by(Interaction.started_at, Interaction.id)
    )


def told_events(ticket: Ticket) -> Select[Any]:
    """The latest of what is worth telling here and in what was joined to it, newest first."""
    return (
        select(EventRecord)
        .where(
            EventRecord.centre_id == ticket.centre_id,
            EventRecord.ticket_id.in_(with_merged(ticket)),
            or_(
                EventRecord.ticket_id == ticket.id,
                EventRecord.kind.not_in(TOLD_ONCE),
            ),
            EventRecord.kind.in_(TOLD),
            or_(
                EventRecord.kind.not_in(WITH_REASON),
                EventRecord.detail["why"]["reason"].astext.is_not(None),
            ),
        )
        .order_by(EventRecord.id.desc())
        .limit(MOST_TOLD)
    )


def words_with_experts(ticket: Ticket) -> Any:
    """What was said with the teams asked: (message, team, organisation's name).

    An answer that left for the citizen is not said twice: it stands there as what they were told.
    """
    return (
        select(ReferralMessage, Team.name, Organisation.name)
        .join(
            Referral,
            and_(
                Referral.centre_id == ReferralMessage.centre_id,
                Referral.id == ReferralMessage.referral_id,
            ),
        )
        .join(Team, and_(Team.centre_id == Referral.centre_id, Team.id == Referral.team_id))
        .join(
            Organisation,
            and_(Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id),
        )
        .where(
            Referral.centre_id == ticket.centre_id,
            Referral.ticket_id == ticket.id,
            or_(~ReferralMessage.is_private, ReferralMessage.side == Side.ASKER),
            or_(ReferralMessage.kind != "answer", Referral.told_citizen_at.is_(None)),
        )
        .order_by(ReferralMessage.written_at, ReferralMessage.id)
    )


def notices_of(ticket: Ticket) -> Select[Any]:
    return select(Notice).where(
        Notice.centre_id == ticket.centre_id, Notice.ticket_id == ticket.id, Notice.kind == "reply"
    )


def names_of(person_ids: Iterable[int]) -> Any:
    return select(Person.id, Person.name).where(
        Person.centre_id == current_centre(), Person.id.in_(set(person_ids))
    )


def topic_labels() -> Any:
    return select(Topic.id, Topic.label, Topic.is_active).where(Topic.centre_id == current_centre())


def queues_for_requests() -> list[Queue]:
    """Where a request of a citizen can belong: every queue that is not a referent team's.

    To be read, never changed; by name.
    """
    known = (each.row for each in known_queues().values())
    return [queue for queue in known if queue.is_active and queue.kind in FOR_REQUESTS]


def colleagues(ticket: Ticket) -> Select[Any]:
    """Who serves the queue or the site of a ticket."""
    return (
        select(Person)
        .join(
            Membership,
            and_(Membership.centre_id == Person.centre_id, Membership.person_id == Person.id),
        )
        .where(
            Person.centre_id == ticket.centre_id,
            Person.disabled_at.is_(None),
            or_(
                Membership.queue_id == ticket.queue_id,
                Membership.site_id == ticket.site_id,
            ),
        )
        .distinct()
        .order_by(Person.name, Person.id)
    )


def team_mates(person: Person, queue_ids: Iterable[int]) -> Any:
    """Who serves one of these queues, and the person: (id, name)."""
    serves = (
        select(Membership.person_id)
        .where(Membership.centre_id == person.centre_id, Membership.queue_id.in_(queue_ids))
        .scalar_subquery()
    )
    return select(Person.id, Person.name).where(
        Person.centre_id == person.centre_id,
        Person.disabled_at.is_(None),
        or_(Person.id == person.id, Person.id.in_(serves)),
    )
