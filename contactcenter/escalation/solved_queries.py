"""Whom to ask whether it is solved, what they said, and whom to call."""

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, select
from sqlalchemy.orm import aliased

from contactcenter.accounts.models import Organisation, Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre
from contactcenter.directory.models import Team
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.escalation.solved_models import AskedBy, SolvedQuestion
from contactcenter.tickets.models import Status, Ticket
from contactcenter.tickets.queries import content_is_for

MOST_COUNTED = 100
FINISHED = (Status.RESOLVED, Status.CLOSED)


def to_ask(since: datetime, until: datetime, spared_from: datetime, most: int) -> Select[Ticket]:
    """Finished in that time with a partner's answer, and not asked yet.

    Who was asked about another request since `spared_from` is left in peace.
    """
    return (
        select(Ticket)
        .where(
            Ticket.centre_id == current_centre(),
            Ticket.status.in_(FINISHED),
            Ticket.resolved_at >= since,
            Ticket.resolved_at < until,
            Ticket.merged_into.is_(None),
            Ticket.citizen_id.is_not(None),
            ~Ticket.is_rehearsal,
            exists().where(*_answered(Ticket)),
            ~exists().where(
                SolvedQuestion.centre_id == Ticket.centre_id,
                SolvedQuestion.ticket_id == Ticket.id,
            ),
            ~_asked_lately(spared_from),
        )
        .order_by(Ticket.resolved_at)
        .limit(most)
        .with_for_update(skip_locked=True, of=Ticket)
    )


def _answered(ticket: type[Ticket]) -> tuple[ColumnElement[bool], ...]:
    return (
        Referral.centre_id == ticket.centre_id,
        Referral.ticket_id == ticket.id,
        Referral.status == ReferralStatus.ANSWERED,
    )


def _asked_lately(since: datetime) -> ColumnElement[bool]:
    other = aliased(Ticket)
    return exists().where(
        SolvedQuestion.centre_id == Ticket.centre_id,
        SolvedQuestion.asked_at >= since,
        other.centre_id == SolvedQuestion.centre_id,
        other.id == SolvedQuestion.ticket_id,
        other.citizen_id == Ticket.citizen_id,
    )


def last_answer(ticket: Ticket) -> Select[int]:
    """The team whose answer came last."""
    return (
        select(Referral.team_id)
        .where(
            Referral.centre_id == ticket.centre_id,
            Referral.ticket_id == ticket.id,
            Referral.status == ReferralStatus.ANSWERED,
        )
        .order_by(Referral.closed_at.desc(), Referral.id.desc())
        .limit(1)
    )


def by_token(token_hash: str, asked_from: datetime) -> Select[SolvedQuestion]:
    return select(SolvedQuestion).where(
        SolvedQuestion.centre_id == current_centre(),
        SolvedQuestion.token_hash == token_hash,
        SolvedQuestion.asked_at > asked_from,
    )


def to_call(person: Person) -> Select[Ticket, SolvedQuestion, Citizen]:
    """Requests whose content is this person's and whose citizen must be called, oldest first."""
    return (
        _asked_about(person)
        .where(SolvedQuestion.asked_by == AskedBy.CALL, SolvedQuestion.answered_at.is_(None))
        .order_by(SolvedQuestion.asked_at, SolvedQuestion.id)
    )


def to_call_back(person: Person) -> Select[Ticket, SolvedQuestion, Citizen]:
    """Who said "no", of a request that is still finished, until somebody sees to it."""
    return (
        _asked_about(person)
        .where(
            SolvedQuestion.is_solved == false(),
            SolvedQuestion.settled_at.is_(None),
            Ticket.status.in_(FINISHED),
            Ticket.merged_into.is_(None),
        )
        .order_by(SolvedQuestion.answered_at, SolvedQuestion.id)
    )


def said_no_count(person: Person) -> Select[int]:
    """How many are to be called back, up to a bound."""
    found = to_call_back(person).with_only_columns(SolvedQuestion.id).limit(MOST_COUNTED)
    return select(func.count()).select_from(found.order_by(None).subquery())


def _asked_about(person: Person) -> Select[Ticket, SolvedQuestion, Citizen]:
    return (
        select(Ticket, SolvedQuestion, Citizen)
        .join(
            SolvedQuestion,
            and_(
                SolvedQuestion.centre_id == Ticket.centre_id,
                SolvedQuestion.ticket_id == Ticket.id,
            ),
        )
        .join(
            Citizen,
            and_(Citizen.centre_id == Ticket.centre_id, Citizen.id == Ticket.citizen_id),
        )
        .where(Ticket.centre_id == person.centre_id, content_is_for(person))
    )


def said_by_team(
    begins_at: datetime, ends_at: datetime
) -> Select[Team, Organisation, int, int, int]:
    """By team: of how many citizens it was asked in the period, how many said, how many "yes"."""
    return (
        select(
            Team,
            Organisation,
            func.count(),
            func.count(SolvedQuestion.answered_at),
            func.count().filter(SolvedQuestion.is_solved.is_(True)),
        )
        .join(
            SolvedQuestion,
            and_(SolvedQuestion.centre_id == Team.centre_id, SolvedQuestion.team_id == Team.id),
        )
        .join(
            Organisation,
            and_(Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id),
        )
        .where(
            Team.centre_id == current_centre(),
            SolvedQuestion.asked_at >= begins_at,
            SolvedQuestion.asked_at < ends_at,
        )
        .group_by(Team.centre_id, Team.id, Organisation.centre_id, Organisation.id)
        .order_by(Organisation.name, Team.name, Team.id)
    )
