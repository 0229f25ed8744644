"""Questions about what is being written. The ticket was found through `visible_to` before."""

from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, select

from contactcenter.accounts.models import Person
from contactcenter.replies.models import Draft, HeldReply, Kind
from contactcenter.tickets.models import Message, MessageKind, Ticket

SAID = (MessageKind.CITIZEN, MessageKind.REPLY)


def drafts_of(ticket: Ticket) -> Select[Draft]:
    """Everyone's drafts on a ticket, the latest first."""
    return (
        select(Draft)
        .where(Draft.centre_id == ticket.centre_id, Draft.ticket_id == ticket.id)
        .order_by(Draft.saved_at.desc())
    )


def draft_of(ticket: Ticket, person: Person, kind: Kind) -> Select[Draft]:
    return drafts_of(ticket).where(Draft.person_id == person.id, Draft.kind == kind)


def held_of(ticket: Ticket) -> Select[HeldReply]:
    """Replies on a ticket that have not left yet, the first to leave first."""
    return (
        select(HeldReply)
        .where(HeldReply.centre_id == ticket.centre_id, HeldReply.ticket_id == ticket.id)
        .order_by(HeldReply.leaves_at, HeldReply.id)
    )


def said_meanwhile(ticket: Ticket, person: Person, seen_id: int) -> Select[Message]:
    """What the citizen or a colleague added after this message, oldest first."""
    return (
        select(Message)
        .where(
            Message.centre_id == ticket.centre_id,
            Message.ticket_id == ticket.id,
            Message.id > seen_id,
            Message.kind.in_(SAID),
            Message.author_id.is_distinct_from(person.id),
        )
        .order_by(Message.id)
    )


def said_by(ticket: Ticket, person: Person, seen_id: int) -> Select[Message]:
    """What this person said to the citizen after this message."""
    return select(Message).where(
        Message.centre_id == ticket.centre_id,
        Message.ticket_id == ticket.id,
        Message.id > seen_id,
        Message.kind.in_((MessageKind.REPLY, MessageKind.RECORD)),
        Message.author_id == person.id,
    )


def hold_of(person: Person) -> timedelta:
    """How long this person's replies can be called back."""
    chosen = str(person.preferences.get("undo", ""))
    usual: int = current_app.config["SETTINGS"].undo_send_seconds
    return timedelta(seconds=int(chosen) if chosen.isdecimal() else usual)


def forgotten_drafts(before: datetime, centre_id: int) -> Select[Draft]:
    return select(Draft).where(Draft.centre_id == centre_id, Draft.saved_at < before)
