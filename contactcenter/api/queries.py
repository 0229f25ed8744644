"""Questions of the API. Everything starts from what the token's person may see."""

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select, tuple_

from contactcenter.accounts.models import Organisation, Person
from contactcenter.accounts.permissions import Permission
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team, Topic
from contactcenter.errors import Invalid, NotFound
from contactcenter.escalation.models import Referral
from contactcenter.escalation.queries import visible_to as referrals_of_partner
from contactcenter.fields import calendar_moment, whole_number
from contactcenter.queues.models import Queue
from contactcenter.teamwork.queries import has_tag
from contactcenter.tickets import search
from contactcenter.tickets.models import Message, Status, Ticket
from contactcenter.tickets.queries import newest_first, visible_to
from contactcenter.tickets.references import find_reference
from contactcenter.tickets.search_rules import read_terms

PAGE = 50
LONGEST_WINDOW = timedelta(days=400)
MOST_MESSAGES = 500


def tickets(person: Person, asked: dict[str, str]) -> tuple[list[Ticket], str | None]:
    """A page of tickets, last changed first, and the cursor of the next, if there is one.

    With words: those that hold them, the newest first. A page of those may be short, even empty,
    while its cursor leads on: only so many matches are looked at for one.
    """
    wanted = _filtered(visible_to(person), asked)
    if asked.get("q"):
        return _holding(asked["q"], wanted, asked.get("cursor"))
    if asked.get("cursor"):
        wanted = wanted.where(
            tuple_(Ticket.updated_at, Ticket.id) < tuple_(*_place(asked["cursor"]))
        )
    wanted = wanted.order_by(Ticket.updated_at.desc(), Ticket.id.desc()).limit(PAGE + 1)
    found = list(db.session.scalars(wanted))
    return found[:PAGE], _cursor_after(found[PAGE - 1]) if len(found) > PAGE else None


def _filtered(wanted: Select[Ticket], asked: dict[str, str]) -> Select[Ticket]:
    if asked.get("queue"):
        wanted = wanted.where(Ticket.queue_id == queue_named(asked["queue"]).id)
    if asked.get("status"):
        wanted = wanted.where(Ticket.status == _status(asked["status"]))
    if asked.get("topic"):
        wanted = wanted.where(Ticket.topic_id == topic_named(asked["topic"]).id)
    if asked.get("tag"):
        wanted = wanted.where(has_tag(asked["tag"]))
    if asked.get("updated_since"):
        wanted = wanted.where(Ticket.updated_at >= moment(asked["updated_since"], "updated_since"))
    return wanted


def _holding(
    words: str, wanted: Select[Ticket], cursor: str | None
) -> tuple[list[Ticket], str | None]:
    below = _below(cursor) if cursor else search.NEWEST
    if reference := find_reference(words):
        return list(db.session.scalars(wanted.where(Ticket.reference == reference))), None
    found = search.readable(
        read_terms(words),
        lambda ids: db.session.scalars(
            wanted.with_only_columns(Ticket.id).where(Ticket.id.in_(ids))
        ).all(),
        PAGE + 1,
        below,
    )
    page = found.ids[:PAGE]
    end = page[-1] if len(found.ids) > PAGE else found.end
    shown = wanted.where(Ticket.id.in_(page)).order_by(Ticket.id.desc())
    return list(db.session.scalars(shown)), _written(f"below {end}") if end else None


def ticket(reference: str, person: Person) -> Ticket:
    """The one in which it goes on, if it was merged. Raises NotFound."""
    found = db.session.scalar(visible_to(person).where(Ticket.reference == reference))
    if found is not None and found.merged_into is not None:
        found = db.session.scalar(visible_to(person).where(Ticket.id == found.merged_into))
    if found is None:
        raise NotFound(_("Cette demande n’existe pas, ou n’est pas à vous."))
    return found


def messages(ticket: Ticket, cursor: str | None = None) -> tuple[list[Message], str | None]:
    """A page of the words of a ticket, the newest first, and the cursor of those before them."""
    said = newest_first(ticket)
    if cursor:
        said = said.where(tuple_(Message.written_at, Message.id) < tuple_(*_place(cursor)))
    found = list(db.session.scalars(said.limit(MOST_MESSAGES + 1)))
    page = found[:MOST_MESSAGES]
    last = page[-1] if len(found) > MOST_MESSAGES else None
    return page, _written(f"{last.written_at.isoformat()} {last.id}") if last else None


def _cursor_after(ticket: Ticket) -> str:
    return _written(f"{ticket.updated_at.isoformat()} {ticket.id}")


def _written(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode()


def _below(cursor: str) -> int:
    """The id a page of what was searched for goes on below. Raises Invalid."""
    try:
        ordered, _space, ticket_id = (
            base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        )
        if ordered == "below":
            return min(whole_number(ticket_id), search.NEWEST)
    except (binascii.Error, UnicodeError, ValueError):
        pass
    raise Invalid(_("Ce curseur n’est pas l’un des nôtres."), "cursor")


def _place(cursor: str) -> tuple[datetime, int]:
    try:
        at, _space, ticket_id = base64.urlsafe_b64decode(cursor.encode()).decode().rpartition(" ")
        return moment(at, "cursor"), whole_number(ticket_id)
    except (binascii.Error, UnicodeError, ValueError):
        raise Invalid(_("Ce curseur n’est pas l’un des nôtres."), "cursor") from None


def moment(written: str, field: str) -> datetime:
    """An instant with its offset, such as 2026-03-17T08:00:00+01:00. Raises Invalid."""
    try:
        at = calendar_moment(written.replace(" ", "+"))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid(
            _("Écrivez un instant avec son décalage, par exemple 2026-03-17T08:00:00+01:00."), field
        )
    return at


def window(start: str, end: str) -> tuple[datetime, datetime]:
    """Two instants in their order, at most as far apart as a report may span. Raises Invalid."""
    first, last = moment(start, "from"), moment(end, "to")
    if not first < last <= first + LONGEST_WINDOW:
        raise Invalid(_("Choisissez un premier et un dernier jour, 400 jours au plus."), "to")
    return first, last


def _status(written: str) -> Status:
    try:
        return Status(written)
    except ValueError:
        raise Invalid(_("Cet état n’existe pas."), "status") from None


def topic_named(written: str | int) -> Topic:
    """A topic by code or id. Raises Invalid."""
    topic = _named(Topic, Topic.code, written)
    if topic is None:
        raise Invalid(_("Ce motif n’existe pas."), "topic")
    return topic


def queue_named(written: str | int) -> Queue:
    """A queue by id or name. Raises Invalid."""
    queue = _named(Queue, Queue.name, written)
    if queue is None:
        raise Invalid(_("Cette file n’existe pas."), "queue")
    return queue


def queue(queue_id: int) -> Queue:
    found = db.session.get(Queue, (current_centre(), queue_id))
    if found is None:
        raise NotFound(_("Cette file n’existe pas."))
    return found


def _named(kind: type[Any], column: Any, written: str | int) -> Any:
    if str(written).isdecimal() and len(str(written)) < 19:
        return db.session.get(kind, (current_centre(), int(written)))
    return db.session.scalar(
        select(kind).where(kind.centre_id == current_centre(), column == str(written))
    )


def teams() -> Select[Team, Organisation]:
    return (
        select(Team, Organisation)
        .join(
            Organisation,
            (Organisation.centre_id == Team.centre_id) & (Organisation.id == Team.organisation_id),
        )
        .where(Team.centre_id == current_centre())
        .order_by(Organisation.name, Team.name)
    )


def team(team_id: int) -> Team:
    found = db.session.get(Team, (current_centre(), team_id))
    if found is None:
        raise Invalid(_("Cette équipe n’existe pas."), "team")
    return found


def referral(referral_id: int, person: Person) -> Referral:
    """A referral of either side. Raises NotFound: what one may not see does not exist."""
    if person.may(Permission.ANSWER_REFERRALS):
        asked = referrals_of_partner(person).where(Referral.id == referral_id)
    else:
        asked = (
            select(Referral)
            .join(
                Ticket,
                (Ticket.centre_id == Referral.centre_id) & (Ticket.id == Referral.ticket_id),
            )
            .where(
                Referral.id == referral_id,
                Referral.ticket_id.in_(visible_to(person).with_only_columns(Ticket.id)),
            )
        )
    found = db.session.scalar(asked)
    if found is None:
        raise NotFound(_("Cette question n’existe pas, ou n’est pas à vous."))
    return found
