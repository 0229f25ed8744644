"""Questions about incidents. They are the centre's own: a partner sees the one question asked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import DateTime, Integer, Select, and_, cast, column, func, or_, select, values

from contactcenter.accounts.models import Organisation, Person
from contactcenter.accounts.permissions import Permission
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre
from contactcenter.directory.models import Topic
from contactcenter.escalation.models import Referral
from contactcenter.incidents.models import Incident, IncidentTicket, TopicWatch
from contactcenter.tickets.models import UNFINISHED, Ticket

Rows = Select[*tuple[Any, ...]]
Window = tuple[datetime, datetime]


def visible_to(person: Person) -> Rows:
    """(Incident, Topic, Organisation) for who handles incidents; nothing for others."""
    found = (
        select(Incident, Topic, Organisation)
        .join(Topic, and_(Topic.centre_id == Incident.centre_id, Topic.id == Incident.topic_id))
        .join(
            Organisation,
            and_(
                Organisation.centre_id == Topic.centre_id, Organisation.id == Topic.organisation_id
            ),
        )
        .where(Incident.centre_id == person.centre_id)
    )
    return found if person.may(Permission.HANDLE_INCIDENTS) else found.where(Incident.id.is_(None))


def going_on() -> Rows:
    """(Incident, Topic) that are open, or proposed; the open ones first."""
    return (
        select(Incident, Topic)
        .join(Topic, and_(Topic.centre_id == Incident.centre_id, Topic.id == Incident.topic_id))
        .where(
            Incident.centre_id == current_centre(),
            Incident.ended_at.is_(None),
            Incident.refused_at.is_(None),
        )
        .order_by(Incident.opened_at.is_(None), Incident.begun_at)
        .limit(20)
    )


def of_topic(topic_id: int) -> Select[Incident]:
    """The open or proposed incident of a topic."""
    return select(Incident).where(
        Incident.centre_id == current_centre(),
        Incident.topic_id == topic_id,
        Incident.ended_at.is_(None),
        Incident.refused_at.is_(None),
    )


def refused_since(topic_id: int, since: datetime) -> Select[int]:
    """Whether a person said lately that there is no incident."""
    return select(Incident.id).where(
        Incident.centre_id == current_centre(),
        Incident.topic_id == topic_id,
        or_(Incident.refused_at > since, Incident.ended_at > since),
    )


def to_attach(incident: Incident) -> Select[Ticket]:
    """What was opened on its topic since it began and is not finished."""
    return select(Ticket).where(
        Ticket.centre_id == incident.centre_id,
        Ticket.topic_id == incident.topic_id,
        Ticket.opened_at >= incident.begun_at,
        Ticket.status.in_(UNFINISHED),
        Ticket.merged_into.is_(None),
    )


def attached(incident: Incident) -> Rows:
    """(IncidentTicket, Ticket), the last opened first; not those that were detached."""
    return (
        select(IncidentTicket, Ticket)
        .join(
            Ticket,
            and_(
                Ticket.centre_id == IncidentTicket.centre_id, Ticket.id == IncidentTicket.ticket_id
            ),
        )
        .where(
            IncidentTicket.centre_id == incident.centre_id,
            IncidentTicket.incident_id == incident.id,
            IncidentTicket.detached_at.is_(None),
        )
        .order_by(Ticket.opened_at.desc(), Ticket.id.desc())
    )


def asked_with(ticket_id: int) -> Select[Referral, Incident]:
    """The open question of a living incident that rides on this request; locked."""
    return (
        select(Referral, Incident)
        .join(
            Incident,
            and_(Incident.centre_id == Referral.centre_id, Incident.referral_id == Referral.id),
        )
        .where(
            Referral.centre_id == current_centre(),
            Referral.ticket_id == ticket_id,
            Referral.closed_at.is_(None),
            Incident.ended_at.is_(None),
        )
        .with_for_update(of=Referral)
    )


def next_carrier(incident: Incident) -> Select[int]:
    """Another unfinished request of it, the oldest that nobody is at; held until the commit."""
    return (
        select(Ticket.id)
        .join(
            IncidentTicket,
            and_(
                IncidentTicket.centre_id == Ticket.centre_id, IncidentTicket.ticket_id == Ticket.id
            ),
        )
        .where(
            Ticket.centre_id == incident.centre_id,
            IncidentTicket.incident_id == incident.id,
            IncidentTicket.detached_at.is_(None),
            Ticket.status.in_(UNFINISHED),
        )
        .order_by(Ticket.id)
        .limit(1)
        .with_for_update(of=Ticket, read=True, key_share=True, skip_locked=True)
    )


def row_of(incident: Incident, ticket_id: int) -> Select[IncidentTicket]:
    """A request as it belongs to the incident, unless it was detached."""
    return select(IncidentTicket).where(
        IncidentTicket.centre_id == incident.centre_id,
        IncidentTicket.incident_id == incident.id,
        IncidentTicket.ticket_id == ticket_id,
        IncidentTicket.detached_at.is_(None),
    )


def reached(incident: Incident) -> Rows:
    """Of each attached request: IncidentTicket, Ticket and Citizen or None."""
    return (
        attached(incident)
        .add_columns(Citizen)
        .outerjoin(
            Citizen, and_(Citizen.centre_id == Ticket.centre_id, Citizen.id == Ticket.citizen_id)
        )
    )


def untold(incident: Incident) -> Rows:
    """Those to whom no answer was sent off yet."""
    return reached(incident).where(IncidentTicket.to_tell_at.is_(None))


def pending(incident: Incident, most: int) -> Select[IncidentTicket]:
    """Sent off and not told yet, locked: the next for the worker."""
    return (
        select(IncidentTicket)
        .where(
            IncidentTicket.centre_id == incident.centre_id,
            IncidentTicket.incident_id == incident.id,
            IncidentTicket.to_tell_at.is_not(None),
            IncidentTicket.way.is_(None),
            IncidentTicket.detached_at.is_(None),
        )
        .order_by(IncidentTicket.ticket_id)
        .limit(most)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def to_call(incident: Incident) -> Rows:
    """Who was to be told and could not be by a machine, and has not been since."""
    return reached(incident).where(
        IncidentTicket.way.is_not(None), IncidentTicket.told_at.is_(None)
    )


def progress(incident: Incident) -> Rows:
    """(attached, sent off, settled by a way, told)."""
    return select(
        func.count(),
        func.count(IncidentTicket.to_tell_at),
        func.count(IncidentTicket.way),
        func.count(IncidentTicket.told_at),
    ).where(
        IncidentTicket.centre_id == incident.centre_id,
        IncidentTicket.incident_id == incident.id,
        IncidentTicket.detached_at.is_(None),
    )


def opened_in(windows: Sequence[Window], *, include_rehearsal: bool) -> Rows:
    """(topic, place in `windows` (begin < opened <= end), requests opened in it)."""
    asked = values(
        column("place", Integer),
        column("begins", DateTime(timezone=True)),
        column("ends", DateTime(timezone=True)),
        name="windows",
    ).data([(place, begins, ends) for place, (begins, ends) in enumerate(windows)])
    within = and_(
        Ticket.centre_id == Topic.centre_id,
        Ticket.topic_id == Topic.id,
        Ticket.opened_at > cast(asked.c.begins, DateTime(timezone=True)),
        Ticket.opened_at <= cast(asked.c.ends, DateTime(timezone=True)),
    )
    # From the topics, so that the index of each one's requests by time answers.
    found = (
        select(Topic.id, asked.c.place, func.count())
        .join_from(asked, Topic, Topic.centre_id == current_centre())
        .join(Ticket, within)
        .group_by(Topic.id, asked.c.place)
    )
    return found if include_rehearsal else found.where(~Ticket.is_rehearsal)


def first_opened() -> Select[datetime]:
    """When the first request was opened, by its key and without reading the others."""
    every = select(Ticket.opened_at).where(Ticket.centre_id == current_centre())
    return every.order_by(Ticket.id).limit(1)


def watches() -> Select[TopicWatch]:
    return select(TopicWatch).where(TopicWatch.centre_id == current_centre())
