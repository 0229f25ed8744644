"""Questions about what was regrouped. The tickets were found through `visible_to` before."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased

from contactcenter.attachments.models import Attachment
from contactcenter.db import current_centre
from contactcenter.escalation.models import OPEN, Referral
from contactcenter.queues.models import Visit, VisitState
from contactcenter.regrouping.models import Kind, Regrouping
from contactcenter.replies.models import HeldReply
from contactcenter.teamwork.models import CheckItem, Follower, TicketLink
from contactcenter.tickets.models import Interaction, Message, MessageKind, Ticket
from contactcenter.tickets.queries import visible_to


def living_of(ticket: Ticket) -> Select[Regrouping, Ticket, Ticket]:
    """What was joined to a ticket or taken out of it and still is, the latest first."""
    source, target = aliased(Ticket), aliased(Ticket)
    return (
        select(Regrouping, source, target)
        .join(
            source, and_(source.centre_id == Regrouping.centre_id, source.id == Regrouping.from_id)
        )
        .join(target, and_(target.centre_id == Regrouping.centre_id, target.id == Regrouping.to_id))
        .where(
            Regrouping.centre_id == ticket.centre_id,
            Regrouping.undone_at.is_(None),
            or_(
                Regrouping.to_id == ticket.id,
                and_(Regrouping.from_id == ticket.id, Regrouping.kind == Kind.SPLIT),
            ),
        )
        .order_by(Regrouping.id.desc())
    )


def of_others(ticket: Ticket) -> Select[*tuple[Any, ...]]:
    """Living merges with the tickets of someone else: what was moved is not for this citizen."""
    return (
        select(Regrouping.from_id, Regrouping.moved, Ticket.citizen_id)
        .join(
            Ticket,
            and_(Ticket.centre_id == Regrouping.centre_id, Ticket.id == Regrouping.from_id),
        )
        .where(
            Regrouping.centre_id == ticket.centre_id,
            Regrouping.to_id == ticket.id,
            Regrouping.kind == Kind.MERGE,
            Regrouping.undone_at.is_(None),
            Ticket.citizen_id.is_not(None),
            Ticket.citizen_id.is_distinct_from(ticket.citizen_id),
        )
    )


def both(one: str, other: str, person: Any) -> Select[Ticket]:
    """Two tickets for change, in the order of their ids: two merges never wait for each other."""
    return (
        visible_to(person)
        .where(Ticket.reference.in_((one, other)))
        .order_by(Ticket.id)
        .with_for_update(of=Ticket)
        .execution_options(populate_existing=True)
    )


def for_change(regrouping_id: int) -> Select[Regrouping]:
    return (
        select(Regrouping)
        .where(Regrouping.centre_id == current_centre(), Regrouping.id == regrouping_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def leaving(ticket: Ticket) -> Select[*tuple[int]]:
    """Replies that can still be called back."""
    return select(HeldReply.id).where(
        HeldReply.centre_id == ticket.centre_id, HeldReply.ticket_id == ticket.id
    )


def chosen(ticket: Ticket, message_ids: Sequence[int]) -> Select[Message]:
    return (
        select(Message)
        .where(
            Message.centre_id == ticket.centre_id,
            Message.ticket_id == ticket.id,
            Message.id.in_(message_ids),
        )
        .order_by(Message.written_at, Message.id)
    )


def what_moves(ticket: Ticket) -> Select[*tuple[Any, ...]]:
    """How much a merge would take along: one row of counts."""

    def counted(kind: Any, *where: Any) -> Any:
        rows = select(func.count()).where(
            kind.centre_id == ticket.centre_id, kind.ticket_id == ticket.id, *where
        )
        return rows.scalar_subquery()

    return select(
        counted(Message, Message.kind != MessageKind.NOTE).label("messages"),
        counted(Message, Message.kind == MessageKind.NOTE).label("notes"),
        counted(Interaction).label("contacts"),
        counted(Referral, Referral.status.in_(OPEN)).label("questions"),
        counted(Attachment).label("papers"),
        counted(Visit, Visit.state != VisitState.OVER).label("visits"),
        counted(Follower).label("followers"),
        counted(CheckItem).label("items"),
    )


def links_of(ticket: Ticket) -> Select[TicketLink]:
    return select(TicketLink).where(
        TicketLink.centre_id == ticket.centre_id,
        or_(TicketLink.ticket_id == ticket.id, TicketLink.other_id == ticket.id),
    )
