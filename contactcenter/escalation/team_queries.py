"""Questions about expert teams: who they are, who serves them, when, whom a ladder presses."""

from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from contactcenter.accounts.models import Membership, Organisation, Person
from contactcenter.accounts.queries import team_ids
from contactcenter.db import current_centre
from contactcenter.directory.models import Team, TopicTeam
from contactcenter.escalation.models import LadderStep, Referral
from contactcenter.escalation.staffing_models import DutyShift
from contactcenter.escalation.staffing_queries import away
from contactcenter.queues.models import ChosenStatus, Presence, Queue, QueueKind
from contactcenter.tickets.models import Ticket


def teams() -> Select[Team, Organisation]:
    """Every team with its organisation."""
    return (
        select(Team, Organisation)
        .join(
            Organisation,
            and_(Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id),
        )
        .where(Team.centre_id == current_centre())
        .order_by(Organisation.name, Team.name, Team.id)
    )


def teams_besides(organisation_id: int) -> Select[Team, Organisation]:
    """The teams of partners other than this one."""
    return teams().where(Team.organisation_id != organisation_id, ~Organisation.is_own)


def teams_fitting(topic_id: int | None) -> Select[Team, Organisation, int | None]:
    """Every team with its organisation and its rank for the topic; those that fit come first."""
    fits = and_(
        TopicTeam.centre_id == Team.centre_id,
        TopicTeam.team_id == Team.id,
        TopicTeam.topic_id == topic_id,
    )
    return (
        teams()
        .add_columns(TopicTeam.rank)
        .outerjoin(TopicTeam, fits)
        .order_by(None)
        .order_by(TopicTeam.rank.asc().nulls_last(), Organisation.name, Team.name, Team.id)
    )


def team(team_id: int) -> Select[Team]:
    return select(Team).where(Team.centre_id == current_centre(), Team.id == team_id)


def members_of(team_id: int, *, leads: bool = False) -> Select[Person]:
    """The active people of a team; with `leads`, only who is pressed when it is late."""
    members = (
        select(Person)
        .join(
            Membership,
            and_(Membership.centre_id == Person.centre_id, Membership.person_id == Person.id),
        )
        .where(
            Membership.centre_id == current_centre(),
            Membership.team_id == team_id,
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name, Person.id)
    )
    return members.where(Membership.leads) if leads else members


def ready_shifts(day: date) -> Select[DutyShift, Person]:
    """The shifts of everyone who says that they are ready now and is not away, with the person."""
    return (
        select(DutyShift, Person)
        .join(
            Person,
            and_(Person.centre_id == DutyShift.centre_id, Person.id == DutyShift.person_id),
        )
        .join(
            Presence,
            and_(Presence.centre_id == Person.centre_id, Presence.person_id == Person.id),
        )
        .where(
            DutyShift.centre_id == current_centre(),
            Person.disabled_at.is_(None),
            Presence.status == ChosenStatus.READY,
            _still_served(),
            ~away(Person.id, day),
        )
        .order_by(Person.name, DutyShift.from_minute)
    )


def shifts_of(person: Person) -> Select[DutyShift, Team]:
    return (
        select(DutyShift, Team)
        .join(Team, and_(Team.centre_id == DutyShift.centre_id, Team.id == DutyShift.team_id))
        .where(
            DutyShift.centre_id == person.centre_id,
            DutyShift.person_id == person.id,
            _still_served(),
        )
        .order_by(DutyShift.weekday, DutyShift.from_minute)
    )


def _still_served() -> ColumnElement[bool]:
    """On DutyShift: its person serves its team, or no team at all and so each of their own."""
    serves = exists().where(
        Membership.centre_id == DutyShift.centre_id,
        Membership.person_id == DutyShift.person_id,
        Membership.team_id.is_not(None),
    )
    return or_(serves.where(Membership.team_id == DutyShift.team_id), ~serves)


def ladder_of(referral: Referral) -> Select[LadderStep]:
    """The steps for its organisation or for all, for its topic or for all, in order of time."""
    topic = select(Ticket.topic_id).where(
        Ticket.centre_id == referral.centre_id, Ticket.id == referral.shown_ticket_id
    )
    return (
        select(LadderStep)
        .where(
            LadderStep.centre_id == current_centre(),
            or_(
                LadderStep.organisation_id == referral.organisation_id,
                LadderStep.organisation_id.is_(None),
            ),
            or_(LadderStep.topic_id == topic.scalar_subquery(), LadderStep.topic_id.is_(None)),
        )
        .order_by(LadderStep.after_minutes, LadderStep.id)
    )


def queue_of_team(team_id: int, kind: QueueKind) -> Select[Queue]:
    return (
        select(Queue)
        .where(Queue.centre_id == current_centre(), Queue.team_id == team_id, Queue.kind == kind)
        .order_by(Queue.is_active.desc(), Queue.id)
        .limit(1)
    )


def teams_of(person: Person) -> Select[Team]:
    """The teams whose questions this person sees: their own, else all of their organisation."""
    own = team_ids(person)
    return (
        select(Team)
        .where(
            Team.centre_id == person.centre_id,
            Team.organisation_id == person.organisation_id,
            or_(Team.id.in_(own), ~exists(own.correlate(None).subquery())),
        )
        .order_by(Team.name, Team.id)
    )
