"""Counts of what was asked of experts, and of requests by topic, each as one grouped question."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from contactcenter.accounts.models import Organisation
from contactcenter.db import current_centre
from contactcenter.directory.models import Team, Topic
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.escalation.slot_models import Booking, BookingStatus, Slot
from contactcenter.tickets.models import Interaction, Message, MessageKind, Status, Ticket

SHARES = [0.5, 0.9]


class Asked(NamedTuple):
    """What was asked of one team in the period, and what became of it until now.

    `hops` came after another team's refusal. `take` and `answer` hold the seconds for half and for
    nine in ten of their cases: open time of the team; for live questions by the clock on the wall.
    """

    team_id: int
    is_live: bool
    asked: int
    taken: int
    answered: int
    refused: int
    withdrawn: int
    expired: int
    hops: int
    take_cases: int
    take: list[float] | None
    answer_cases: int
    answer: list[float] | None


class Opened(NamedTuple):
    """Requests about one topic opened in the period.

    `at_once` are those finished by the first line at the first contact: no expert was asked, and
    the citizen came and wrote once.
    """

    topic_id: int
    opened: int
    escalated: int
    finished: int
    at_once: int


def asked_of_teams(begins_at: datetime, ends_at: datetime) -> Select[*tuple[Any, ...]]:
    """Rows as `Asked`, without what is rehearsed."""
    return (
        select(
            Referral.team_id,
            Referral.is_live,
            func.count(),
            func.count().filter(
                or_(Referral.taken_at.is_not(None), Referral.take_seconds.is_not(None))
            ),
            *[func.count().filter(Referral.status == each) for each in _ENDS],
            func.count(Referral.after_id),
            func.count(Referral.take_seconds),
            func.percentile_cont(SHARES).within_group(Referral.take_seconds),
            func.count(Referral.answer_seconds),
            func.percentile_cont(SHARES).within_group(Referral.answer_seconds),
        )
        .where(
            Referral.centre_id == current_centre(),
            Referral.asked_at >= begins_at,
            Referral.asked_at < ends_at,
            ~Referral.is_rehearsal,
            ~Referral.is_booked,  # by appointment: counted with the slots
        )
        .group_by(Referral.team_id, Referral.is_live)
    )


def opened_by_topic(begins_at: datetime, ends_at: datetime) -> Select[*tuple[Any, ...]]:
    """Rows as `Opened`, without what is rehearsed or was joined to another."""
    finished = Ticket.status.in_((Status.RESOLVED, Status.CLOSED))
    escalated = exists().where(
        Referral.centre_id == Ticket.centre_id, Referral.ticket_id == Ticket.id
    )
    return (
        select(
            Topic.id,
            func.count(),
            func.count().filter(escalated),
            func.count().filter(finished),
            func.count().filter(finished, ~escalated, ~_came_again()),
        )
        .join(Ticket, and_(Ticket.centre_id == Topic.centre_id, Ticket.topic_id == Topic.id))
        .where(
            Topic.centre_id == current_centre(),
            Ticket.opened_at >= begins_at,
            Ticket.opened_at < ends_at,
            Ticket.merged_into.is_(None),
            ~Ticket.is_rehearsal,
        )
        .group_by(Topic.id)
    )


def teams_named(team_ids: Iterable[int]) -> Select[Team, Organisation]:
    return (
        select(Team, Organisation)
        .join(
            Organisation,
            and_(Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id),
        )
        .where(Team.centre_id == current_centre(), Team.id.in_(team_ids))
        .order_by(Organisation.name, Team.name, Team.id)
    )


_ENDS = (
    ReferralStatus.ANSWERED,
    ReferralStatus.REFUSED,
    ReferralStatus.WITHDRAWN,
    ReferralStatus.EXPIRED,
)


def _came_again() -> ColumnElement[bool]:
    """A second contact, or a second message, of the citizen."""
    contacts = select(Interaction.id).where(
        Interaction.centre_id == Ticket.centre_id, Interaction.ticket_id == Ticket.id
    )
    wrote = select(Message.id).where(
        Message.centre_id == Ticket.centre_id,
        Message.ticket_id == Ticket.id,
        Message.kind == MessageKind.CITIZEN,
    )
    return or_(exists(contacts.offset(1)), exists(wrote.offset(1)))


class Kept(NamedTuple):
    """Appointments with one team whose time lies in the period, and what became of them until now.

    `wait` holds the seconds beyond the appointed time until the expert began, for half and for nine
    in ten of those held.
    """

    team_id: int
    made: int
    held: int
    missed: int
    absent: int
    cancelled: int
    wait: list[float] | None


def appointments_of_teams(begins_at: datetime, ends_at: datetime) -> Select[*tuple[Any, ...]]:
    """Rows as `Kept`, without what is rehearsed; changed for another time, it counts there."""
    become = [
        func.count().filter(Booking.status == each)
        for each in (
            BookingStatus.HELD,
            BookingStatus.MISSED,
            BookingStatus.ABSENT,
            BookingStatus.CANCELLED,
        )
    ]
    waited = func.greatest(0, func.extract("epoch", Booking.begun_at - Slot.starts_at))
    return (
        select(
            Slot.team_id,
            func.count(),
            *become,
            func.percentile_cont(SHARES).within_group(waited).filter(Booking.begun_at.is_not(None)),
        )
        .join(Booking, and_(Booking.centre_id == Slot.centre_id, Booking.slot_id == Slot.id))
        .join(
            Referral,
            and_(Referral.centre_id == Booking.centre_id, Referral.id == Booking.referral_id),
        )
        .where(
            Slot.centre_id == current_centre(),
            Slot.starts_at >= begins_at,
            Slot.starts_at < ends_at,
            Booking.status != BookingStatus.CHANGED,
            ~Referral.is_rehearsal,
        )
        .group_by(Slot.team_id)
    )
