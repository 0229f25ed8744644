"""Questions about the directory."""

from typing import Any

from sqlalchemy import Select, select

from contactcenter.accounts.models import Membership, Organisation, Person
from contactcenter.db import current_centre
from contactcenter.directory.models import Team, Topic, TopicTeam


def teams_of(topic: Topic) -> Select[Any]:
    """Ids of the teams that answer questions about the topic, best first."""
    return (
        select(TopicTeam.team_id)
        .where(TopicTeam.centre_id == topic.centre_id, TopicTeam.topic_id == topic.id)
        .order_by(TopicTeam.rank, TopicTeam.id)
    )


def members_of(team: Team) -> Select[Person, bool]:
    """(person, whether they lead the team), who leads first."""
    return (
        select(Person, Membership.leads)
        .join(
            Membership,
            (Membership.centre_id == Person.centre_id) & (Membership.person_id == Person.id),
        )
        .where(
            Membership.centre_id == team.centre_id,
            Membership.team_id == team.id,
            Person.disabled_at.is_(None),
        )
        .order_by(Membership.leads.desc(), Person.name)
    )


def offered_topics() -> Select[Topic, str]:
    """Each topic that is offered, with the name of its organisation; the centre's own first."""
    return (
        select(Topic, Organisation.name)
        .join(
            Organisation,
            (Organisation.centre_id == Topic.centre_id)
            & (Organisation.id == Topic.organisation_id),
        )
        .where(Topic.centre_id == current_centre(), Topic.is_active)
        .order_by(Organisation.is_own.desc(), Organisation.name, Topic.code)
    )
