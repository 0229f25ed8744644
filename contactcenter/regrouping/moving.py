"""The rows that belong to a ticket, taken from one to another and back."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, case, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from contactcenter.attachments.models import Attachment
from contactcenter.db import Base, current_centre, db
from contactcenter.escalation.models import Referral
from contactcenter.notices.models import Notice
from contactcenter.queues.models import Visit, VisitState
from contactcenter.regrouping.queries import links_of
from contactcenter.replies.models import Draft
from contactcenter.teamwork.models import CheckItem, Follower, Nudge, TicketLink
from contactcenter.tickets.models import Interaction, Message, Ticket
from contactcenter.tickets.search import LONGEST_INDEXED

Moved = dict[str, list[int]]

WHOLE: tuple[type[Base], ...] = (Interaction, Message, Attachment, Notice, Referral, CheckItem)
# Of each person one at most: what would be a second stays where it is.
ONCE: tuple[tuple[type[Base], tuple[str, ...]], ...] = (
    (Follower, ("person_id",)),
    (Draft, ("person_id", "kind")),
)
LEAVE = "leave to tell"  # questions whose experts may no longer answer the citizen straight
ADDED = "added "  # before the name of a table: rows that were written, and go when it is undone

_INDEX = text(
    "INSERT INTO search_documents (centre_id, ticket_id, message_id, is_inside, document)"
    " SELECT m.centre_id, :ticket, m.id, m.kind = 'note', search_document(CAST(CASE m.language"
    " WHEN 'nl' THEN 'nl_plain' WHEN 'en' THEN 'en_plain' WHEN 'de' THEN 'de_plain'"
    " ELSE 'fr_plain' END AS regconfig), left(m.text, :longest), m.centre_id, :ticket)"
    " FROM messages m WHERE m.centre_id = :centre AND m.id = ANY(CAST(:ids AS bigint[]))"
    " RETURNING id"
)


def everything(source: Ticket, target: Ticket) -> Moved:
    """Move all that still belongs to `source`; stays that are over keep their ticket."""
    moved = {kind.__tablename__: _take(kind.__table__, source, target) for kind in WHOLE}
    moved["visits"] = _take(
        Visit.__table__, source, target, Visit.__table__.c.state != VisitState.OVER
    )
    moved["nudges"] = _take(Nudge.__table__, source, target, Nudge.__table__.c.done_at.is_(None))
    for kind, keys in ONCE:
        moved[kind.__tablename__] = _take(kind.__table__, source, target, _only(kind, keys, target))
    _disclose(moved["referrals"], source)
    moved[ADDED + "search_documents"] = index(moved["messages"], target)
    moved[ADDED + "ticket_links"] = _copy_links(source, target)
    moved["tickets"] = _lead_on(source, target)
    return moved


def take_leave(target: Ticket) -> list[int]:
    """Two people's requests are one: what an expert says of one of them is for the agent's eyes."""
    table: Any = Referral.__table__
    allowed = (table.c.ticket_id == target.id, table.c.may_tell_citizen)
    changed = update(table).where(table.c.centre_id == target.centre_id, *allowed)
    return sorted(db.session.scalars(changed.values(may_tell_citizen=False).returning(table.c.id)))


def some(source: Ticket, target: Ticket, message_ids: Sequence[int]) -> Moved:
    """Move these messages with their contacts, their papers and the letters that carried them."""
    messages = _take(Message.__table__, source, target, Message.__table__.c.id.in_(message_ids))
    told = select(Message.interaction_id).where(
        Message.centre_id == source.centre_id, Message.interaction_id.is_not(None)
    )
    theirs = Interaction.__table__.c.id
    return {
        "messages": messages,
        "interactions": _take(
            Interaction.__table__,
            source,
            target,
            theirs.in_(told.where(Message.id.in_(messages))),
            theirs.not_in(told.where(Message.ticket_id == source.id)),
        ),
        "attachments": _take(
            Attachment.__table__, source, target, Attachment.__table__.c.message_id.in_(messages)
        ),
        "notices": _take(
            Notice.__table__, source, target, Notice.__table__.c.said_id.in_(messages)
        ),
    }


def back(moved: Moved, source: Ticket, target: Ticket) -> None:
    """Give back what was moved from `source` to `target`, as far as it is still there."""
    for name, ids in moved.items():
        if not ids:
            continue
        if name.startswith(ADDED):
            table = _table(name.removeprefix(ADDED))
            db.session.execute(table.delete().where(*_named(table, ids)))
        elif name == LEAVE:
            table = _table(Referral.__tablename__)
            db.session.execute(
                update(table).where(*_named(table, ids)).values(may_tell_citizen=True)
            )
        elif name == "tickets":
            _give_back_merged(ids, source, target)
        else:
            table = _table(name)
            here = table.c.ticket_id == target.id
            changed = update(table).where(*_named(table, ids), here).values(ticket_id=source.id)
            db.session.execute(changed)
    _close_again(moved.get("referrals", []), source)


def index(message_ids: Iterable[int], ticket: Ticket) -> list[int]:
    """Make the words of these messages lead to `ticket` in a search."""
    values = {
        "ticket": ticket.id,
        "longest": LONGEST_INDEXED,
        "centre": ticket.centre_id,
        "ids": list(message_ids),
    }
    return list(db.session.scalars(_INDEX, values))


def _take(table: Any, source: Ticket, target: Ticket, *which: ColumnElement[bool]) -> list[int]:
    changed = (
        update(table)
        .where(table.c.centre_id == source.centre_id, table.c.ticket_id == source.id, *which)
        .values(ticket_id=target.id)
        .returning(table.c.id)
    )
    return sorted(db.session.scalars(changed))


def _only(kind: type[Base], keys: tuple[str, ...], target: Ticket) -> ColumnElement[bool]:
    """Those for whom the target has none yet."""
    table = kind.__table__
    there: Any = table.alias()
    same = [there.c[key] == table.c[key] for key in keys]
    theirs = select(there.c.id).where(
        there.c.centre_id == table.c.centre_id, there.c.ticket_id == target.id, *same
    )
    return ~theirs.correlate(table).exists()


def _disclose(referral_ids: list[int], source: Ticket) -> None:
    """The teams go on seeing the ticket they were shown, and no other."""
    table: Any = Referral.__table__
    db.session.execute(
        update(table)
        .where(*_named(table, referral_ids))
        .values(disclosed_as=func.coalesce(table.c.disclosed_as, source.id))
    )


def _close_again(referral_ids: list[int], source: Ticket) -> None:
    table: Any = Referral.__table__
    own = case((table.c.disclosed_as == source.id, None), else_=table.c.disclosed_as)
    here = table.c.ticket_id == source.id
    db.session.execute(
        update(table).where(*_named(table, referral_ids), here).values(disclosed_as=own)
    )


def _copy_links(source: Ticket, target: Ticket) -> list[int]:
    added: list[int] = []
    for link in db.session.scalars(links_of(source)).all():
        other = link.other_id if link.ticket_id == source.id else link.ticket_id
        if other == target.id:
            continue
        first, second = sorted((target.id, other))
        added += db.session.scalars(
            insert(TicketLink)
            .values(
                centre_id=target.centre_id,
                ticket_id=first,
                other_id=second,
                person_id=link.person_id,
                linked_at=link.linked_at,
            )
            .on_conflict_do_nothing()
            .returning(TicketLink.id)
        )
    return added


def _lead_on(source: Ticket, target: Ticket) -> list[int]:
    """What had been joined to `source` leads to `target` at once: no chain is ever walked."""
    table: Any = Ticket.__table__
    led = (
        update(table)
        .where(table.c.centre_id == source.centre_id, table.c.merged_into == source.id)
        .values(merged_into=target.id)
        .returning(table.c.id)
    )
    return sorted(db.session.scalars(led))


def _give_back_merged(ids: list[int], source: Ticket, target: Ticket) -> None:
    table: Any = Ticket.__table__
    here = table.c.merged_into == target.id
    db.session.execute(update(table).where(*_named(table, ids), here).values(merged_into=source.id))


def _named(table: Any, ids: list[int]) -> list[ColumnElement[bool]]:
    return [table.c.centre_id == current_centre(), table.c.id.in_(ids)]


def _table(name: str) -> Table:
    return Base.metadata.tables[name]
