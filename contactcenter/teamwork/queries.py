"""Questions about working together. The ticket was found through `visible_to` before."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, tuple_

from contactcenter.accounts.models import Membership, Person
from contactcenter.db import current_centre, is_there
from contactcenter.teamwork.models import (
    CheckItem,
    Follower,
    Nudge,
    Snooze,
    Tag,
    TicketLink,
    TicketTag,
)
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import content_is_for, known_to

PAGE = 50  # of one's own list


def snooze_of(ticket: Ticket) -> Select[Snooze]:
    return select(Snooze).where(Snooze.centre_id == ticket.centre_id, Snooze.ticket_id == ticket.id)


def is_snoozed() -> ColumnElement[bool]:
    """Of the ticket of the statement around it."""
    put_away = select(Snooze.id).where(
        Snooze.centre_id == Ticket.centre_id, Snooze.ticket_id == Ticket.id
    )
    return is_there(put_away)


def due_snoozes(now: datetime, centre_id: int) -> Select[Snooze]:
    return (
        select(Snooze)
        .where(Snooze.centre_id == centre_id, Snooze.until <= now)
        .order_by(Snooze.until)
        .limit(100)
        .with_for_update(skip_locked=True)
    )


def followers_of(ticket: Ticket) -> Select[Person]:
    return (
        select(Person)
        .join(
            Follower,
            and_(Follower.centre_id == Person.centre_id, Follower.person_id == Person.id),
        )
        .where(Follower.centre_id == ticket.centre_id, Follower.ticket_id == ticket.id)
        .order_by(Person.name)
    )


def team_of(ticket: Ticket) -> Select[Person]:
    """Who serves the queue or the site of a ticket, or holds it: those a note can name."""
    serves = exists().where(
        Membership.centre_id == Person.centre_id,
        Membership.person_id == Person.id,
        or_(Membership.queue_id == ticket.queue_id, Membership.site_id == ticket.site_id),
    )
    return (
        select(Person)
        .where(
            Person.centre_id == ticket.centre_id,
            Person.disabled_at.is_(None),
            or_(serves, Person.id == ticket.assigned_to),
        )
        .order_by(Person.name)
    )


def open_nudges(
    person: Person, now: datetime, *, after: tuple[datetime, int] | None = None
) -> Select[Nudge, Ticket]:
    """One's own list, the latest first, a page and one more: (nudge, ticket).

    `after` is the moment and id of the last line of the page before.
    """
    rest = [tuple_(Nudge.due_at, Nudge.id) < tuple_(*after)] if after else []
    return (
        select(Nudge, Ticket)
        .join(Ticket, and_(Ticket.centre_id == Nudge.centre_id, Ticket.id == Nudge.ticket_id))
        .where(*_open(person, now), *rest, content_is_for(person))
        .order_by(Nudge.due_at.desc(), Nudge.id.desc())
        .limit(PAGE + 1)
    )


def nudge_count(person: Person, now: datetime) -> Select[Any]:
    return (
        select(func.count())
        .select_from(Nudge)
        .join(Ticket, and_(Ticket.centre_id == Nudge.centre_id, Ticket.id == Nudge.ticket_id))
        .where(*_open(person, now), content_is_for(person))
    )


def _open(person: Person, now: datetime) -> list[ColumnElement[bool]]:
    return [
        Nudge.centre_id == person.centre_id,
        Nudge.person_id == person.id,
        Nudge.done_at.is_(None),
        Nudge.due_at <= now,
    ]


def reminders_of(ticket: Ticket, person: Person, now: datetime) -> Select[Nudge]:
    """What one asked to be reminded of here, later."""
    return (
        select(Nudge)
        .where(
            Nudge.centre_id == ticket.centre_id,
            Nudge.ticket_id == ticket.id,
            Nudge.person_id == person.id,
            Nudge.done_at.is_(None),
            Nudge.due_at > now,
        )
        .order_by(Nudge.due_at)
    )


def untold_nudges(now: datetime, centre_id: int) -> Select[Nudge]:
    return (
        select(Nudge)
        .where(Nudge.centre_id == centre_id, Nudge.told_at.is_(None), Nudge.due_at <= now)
        .limit(200)
        .with_for_update(skip_locked=True)
    )


def checklist_of(ticket: Ticket) -> Select[CheckItem]:
    return (
        select(CheckItem)
        .where(CheckItem.centre_id == ticket.centre_id, CheckItem.ticket_id == ticket.id)
        .order_by(CheckItem.id)
    )


def linked_to(ticket: Ticket, person: Person) -> Select[Ticket]:
    """Tickets linked to this one, as far as the person may know of them."""
    linked = exists().where(
        TicketLink.centre_id == Ticket.centre_id,
        or_(
            and_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == Ticket.id),
            and_(TicketLink.other_id == ticket.id, TicketLink.ticket_id == Ticket.id),
        ),
    )
    return known_to(person).where(linked).order_by(Ticket.id.desc())


def all_tags() -> Select[Tag]:
    """Of the centre, those no longer offered too."""
    return select(Tag).where(Tag.centre_id == current_centre())


def tags_of(ticket: Ticket) -> Select[Tag]:
    return (
        select(Tag)
        .join(TicketTag, and_(TicketTag.centre_id == Tag.centre_id, TicketTag.tag_id == Tag.id))
        .where(TicketTag.centre_id == ticket.centre_id, TicketTag.ticket_id == ticket.id)
        .order_by(Tag.name)
    )


def tags_on(ticket_ids: Sequence[int]) -> Any:
    """(ticket_id, tag_id) of each tag that is set on one of these tickets."""
    return select(TicketTag.ticket_id, TicketTag.tag_id).where(
        TicketTag.centre_id == current_centre(), TicketTag.ticket_id.in_(ticket_ids)
    )


def has_tag(name: str) -> ColumnElement[bool]:
    """Of a ticket: whether a tag of this name is set."""
    tagged = (
        select(TicketTag.ticket_id)
        .join(Tag, and_(Tag.centre_id == TicketTag.centre_id, Tag.id == TicketTag.tag_id))
        .where(TicketTag.centre_id == current_centre(), Tag.name == name)
    )
    return Ticket.id.in_(tagged)
