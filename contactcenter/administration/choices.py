"""What the fields of a form offer: entries of this centre, with the words to know them by."""

from flask import g
from sqlalchemy import Select, select

from contactcenter.accounts.models import Membership, Organisation, Person
from contactcenter.accounts.permissions import Role
from contactcenter.db import db
from contactcenter.directory.models import Site, Team, Topic
from contactcenter.languages import language
from contactcenter.queues.models import Queue, QueueKind

Choices = dict[int, str]
WAITING_ROOMS = (QueueKind.COUNTER, QueueKind.PHONE, QueueKind.WRITTEN)


def _entries(statement: Select[int, str]) -> Choices:
    return {row[0]: row[1] for row in db.session.execute(statement)}


def organisations() -> Choices:
    return _entries(
        select(Organisation.id, Organisation.name)
        .where(Organisation.centre_id == g.centre.id)
        .order_by(Organisation.is_own.desc(), Organisation.name)
    )


def partners() -> Choices:
    return _entries(
        select(Organisation.id, Organisation.name)
        .where(Organisation.centre_id == g.centre.id, Organisation.is_own.is_(False))
        .order_by(Organisation.name)
    )


def sites() -> Choices:
    return _entries(
        select(Site.id, Site.name).where(Site.centre_id == g.centre.id).order_by(Site.name)
    )


def queues() -> Choices:
    """Those where citizens wait; a team's own queues are not chosen but come with the team."""
    return _entries(_queues_of(*WAITING_ROOMS))


def phone_queues() -> Choices:
    return _entries(_queues_of(QueueKind.PHONE))


def written_queues() -> Choices:
    return _entries(_queues_of(QueueKind.WRITTEN))


def _queues_of(*kinds: QueueKind) -> Select[int, str]:
    return (
        select(Queue.id, Queue.name)
        .where(Queue.centre_id == g.centre.id, Queue.kind.in_(kinds), Queue.is_active)
        .order_by(Queue.name)
    )


def queue_lettered(letter: str, site_id: int | None, *, but: int | None) -> str | None:
    """The name of the counter queue of this site that gives numbers with this letter, if any."""
    name: str | None = db.session.scalar(
        select(Queue.name).where(
            Queue.centre_id == g.centre.id,
            Queue.kind == QueueKind.COUNTER,
            Queue.letter == letter,
            Queue.site_id.is_not_distinct_from(site_id),
            Queue.id.is_distinct_from(but),
        )
    )
    return name


def fallback_of(organisation_id: int | None, *, but: int | None) -> str | None:
    """The name of the fallback team of this organisation, if it has another."""
    name: str | None = db.session.scalar(
        select(Team.name).where(
            Team.centre_id == g.centre.id,
            Team.organisation_id == organisation_id,
            Team.is_fallback,
            Team.id.is_distinct_from(but),
        )
    )
    return name


def teams() -> Choices:
    statement = (
        select(Team.id, Team.name, Organisation.name)
        .join(
            Organisation,
            (Organisation.centre_id == Team.centre_id) & (Organisation.id == Team.organisation_id),
        )
        .where(Team.centre_id == g.centre.id)
        .order_by(Organisation.name, Team.name)
    )
    return {row[0]: f"{row[2]} · {row[1]}" for row in db.session.execute(statement)}


def referents() -> Choices:
    statement = (
        select(Person.id, Person.name, Organisation.name)
        .join(
            Organisation,
            (Organisation.centre_id == Person.centre_id)
            & (Organisation.id == Person.organisation_id),
        )
        .where(
            Person.centre_id == g.centre.id,
            Person.role == Role.REFERENT,
            Person.disabled_at.is_(None),
        )
        .order_by(Organisation.name, Person.name)
    )
    return {row[0]: f"{row[2]} · {row[1]}" for row in db.session.execute(statement)}


def is_in_team(person_id: int, team_id: int) -> bool:
    member = select(Membership.id).where(
        Membership.centre_id == g.centre.id,
        Membership.person_id == person_id,
        Membership.team_id == team_id,
    )
    return db.session.scalar(member.limit(1)) is not None


def may_stand_in(substitute_id: int | None, person_id: int | None) -> bool:
    """Nobody may; else another referent of the same organisation."""
    if substitute_id is None:
        return True
    organisations_of = select(Person.organisation_id).where(Person.centre_id == g.centre.id)
    own = db.session.scalar(organisations_of.where(Person.id == person_id))
    other = db.session.scalar(organisations_of.where(Person.id == substitute_id))
    return substitute_id != person_id and own == other


def topics() -> Choices:
    found = db.session.scalars(
        select(Topic).where(Topic.centre_id == g.centre.id, Topic.is_active)
    ).all()
    labels = {topic.id: topic.label_in(language()) for topic in found}
    return dict(sorted(labels.items(), key=lambda each: each[1]))


def all_topics() -> Choices:
    """Those no longer in use too, in the order of the alphabet."""
    found = db.session.scalars(select(Topic).where(Topic.centre_id == g.centre.id))
    labels = {topic.id: topic.label_in(language()) for topic in found}
    return dict(sorted(labels.items(), key=lambda each: each[1]))
