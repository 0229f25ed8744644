"""Questions about who is there: members, substitutes, absences, what is left behind."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from contactcenter.accounts.models import Membership, Person
from contactcenter.accounts.permissions import Role
from contactcenter.db import current_centre
from contactcenter.directory.models import Team
from contactcenter.escalation.models import Referral
from contactcenter.escalation.staffing_models import Absence, CoverageAlarm
from contactcenter.tickets.models import Ticket

Away = aliased(Absence)  # `away` may stand in a question that joins absences itself
Member = aliased(Person)


def away(person_id: InstrumentedAttribute[int], day: date) -> ColumnElement[bool]:
    return exists().where(
        Away.centre_id == current_centre(),
        Away.person_id == person_id,
        Away.from_on <= day,
        Away.to_on >= day,
    )


def serving(ticket: Ticket, *, leads: bool = False) -> Select[Person]:
    """Who serves the queue of a request and may read it; with `leads`, only who leads there."""
    return (
        select(Person)
        .join(
            Membership,
            and_(Membership.centre_id == Person.centre_id, Membership.person_id == Person.id),
        )
        .where(
            Membership.centre_id == ticket.centre_id,
            Membership.queue_id == ticket.queue_id,
            Membership.leads if leads else Membership.person_id.is_not(None),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.id)
    )


def present_of(team_id: int, day: date, *, leads: bool = False) -> Select[Person]:
    """Who serves a team on this day: its people who are there, and who stands in for the others."""
    served = (
        select(Membership.person_id)
        .join(
            Member,
            and_(Member.centre_id == Membership.centre_id, Member.id == Membership.person_id),
        )
        .where(
            Membership.centre_id == current_centre(),
            Membership.team_id == team_id,
            Membership.leads if leads else Membership.person_id.is_not(None),
            Member.disabled_at.is_(None),
        )
    )
    standing_in = select(Absence.substitute_id).where(
        Absence.centre_id == current_centre(),
        Absence.person_id.in_(served),
        Absence.from_on <= day,
        Absence.to_on >= day,
        Absence.substitute_id.is_not(None),
    )
    return (
        select(Person)
        .where(
            Person.centre_id == current_centre(),
            or_(Person.id.in_(served), Person.id.in_(standing_in)),
            Person.disabled_at.is_(None),
            ~away(Person.id, day),
        )
        .order_by(Person.name, Person.id)
    )


def teams_with_questions() -> Select[Team, int]:
    """Teams that have open questions, with how many."""
    return (
        select(Team, func.count(Referral.id))
        .join(Referral, and_(Referral.centre_id == Team.centre_id, Referral.team_id == Team.id))
        .where(Team.centre_id == current_centre(), Referral.closed_at.is_(None))
        .group_by(Team.centre_id, Team.id)
        .order_by(Team.id)
    )


def teams_alarmed() -> Select[CoverageAlarm, Team]:
    return (
        select(CoverageAlarm, Team)
        .join(
            Team,
            and_(Team.centre_id == CoverageAlarm.centre_id, Team.id == CoverageAlarm.team_id),
        )
        .where(CoverageAlarm.centre_id == current_centre(), CoverageAlarm.ended_at.is_(None))
        .order_by(CoverageAlarm.raised_at)
    )


def open_of_team(team_id: int) -> Select[Referral]:
    return (
        select(Referral)
        .where(
            Referral.centre_id == current_centre(),
            Referral.team_id == team_id,
            Referral.closed_at.is_(None),
        )
        .order_by(Referral.id)
    )


def held_by(person_id: int) -> Select[Referral]:
    """The open questions that this person has taken."""
    return select(Referral).where(
        Referral.centre_id == current_centre(),
        Referral.taken_by == person_id,
        Referral.closed_at.is_(None),
    )


def left_behind(day: date) -> Select[Referral]:
    """Open questions whose taker is away on this day, has left, or serves the team no longer.

    Who stands in for a member may hold questions of a team that is not theirs.
    """
    serves = exists().where(
        Membership.centre_id == Referral.centre_id,
        Membership.person_id == Referral.taken_by,
        Membership.team_id == Referral.team_id,
    )
    stands_in = exists().where(
        Absence.centre_id == Referral.centre_id,
        Absence.substitute_id == Referral.taken_by,
        Absence.from_on <= day,
        Absence.to_on >= day,
    )
    return (
        select(Referral)
        .join(
            Person,
            and_(Person.centre_id == Referral.centre_id, Person.id == Referral.taken_by),
        )
        .where(
            Referral.centre_id == current_centre(),
            Referral.closed_at.is_(None),
            or_(
                Person.disabled_at.is_not(None),
                away(Person.id, day),
                and_(~serves, ~stands_in, _has_teams()),
            ),
        )
        .order_by(Referral.id)
    )


def _has_teams() -> ColumnElement[bool]:
    """One who serves no team answers for all of the organisation, and keeps what they took."""
    return exists().where(
        Membership.centre_id == Referral.centre_id,
        Membership.person_id == Referral.taken_by,
        Membership.team_id.is_not(None),
    )


def substitute_for(person_id: int, day: date) -> Select[Person]:
    """Who stands in for someone on this day, if they are there themselves."""
    return (
        select(Person)
        .join(
            Absence,
            and_(Absence.centre_id == Person.centre_id, Absence.substitute_id == Person.id),
        )
        .where(
            Absence.centre_id == current_centre(),
            Absence.person_id == person_id,
            Absence.from_on <= day,
            Absence.to_on >= day,
            Person.disabled_at.is_(None),
            ~away(Person.id, day),
        )
        .order_by(Absence.id)
    )


def fallback_of(organisation_id: int) -> Select[Team]:
    return select(Team).where(
        Team.centre_id == current_centre(),
        Team.organisation_id == organisation_id,
        Team.is_fallback,
    )


def to_warn() -> Select[Person]:
    """Who hears that a team has nobody: managers and administrators."""
    return (
        select(Person)
        .where(
            Person.centre_id == current_centre(),
            Person.role.in_((Role.MANAGER, Role.ADMINISTRATOR)),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.id)
    )


def answering_for(team: Team) -> Select[Person]:
    """Who answers for a team: its people, and those of its organisation who serve no team."""
    serves = exists().where(
        Membership.centre_id == Person.centre_id,
        Membership.person_id == Person.id,
        Membership.team_id.is_not(None),
    )
    return (
        select(Person)
        .where(
            Person.centre_id == team.centre_id,
            Person.organisation_id == team.organisation_id,
            Person.role == Role.REFERENT,
            Person.disabled_at.is_(None),
            or_(serves.where(Membership.team_id == team.id), ~serves),
        )
        .order_by(Person.name, Person.id)
    )


def absent_among(person_ids: Sequence[int], day: date) -> Select[Absence, Person]:
    """Who of these is away on this day, with who stands in for them and is there."""
    stands_in = and_(
        Person.centre_id == Absence.centre_id,
        Person.id == Absence.substitute_id,
        Person.disabled_at.is_(None),
        ~away(Person.id, day),
    )
    return (
        select(Absence, Person)
        .outerjoin(Person, stands_in)
        .where(
            Absence.centre_id == current_centre(),
            Absence.person_id.in_(person_ids),
            Absence.from_on <= day,
            Absence.to_on >= day,
        )
        .order_by(Absence.to_on)
    )


def colleagues_of(person: Person) -> Select[Person]:
    """Who could stand in: other active people of the organisation with the same role."""
    return (
        select(Person)
        .where(
            Person.centre_id == person.centre_id,
            Person.organisation_id == person.organisation_id,
            Person.role == person.role,
            Person.id != person.id,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )


def teams_served(person: Person) -> Select[Team]:
    return (
        select(Team)
        .join(
            Membership,
            and_(Membership.centre_id == Team.centre_id, Membership.team_id == Team.id),
        )
        .where(Membership.centre_id == person.centre_id, Membership.person_id == person.id)
        .order_by(Team.name)
    )


def absences_of(person: Person, since: date) -> Select[Absence]:
    return (
        select(Absence)
        .where(
            Absence.centre_id == person.centre_id,
            Absence.person_id == person.id,
            Absence.to_on >= since,
        )
        .order_by(Absence.from_on)
    )
