"""One act on many tickets: begun at once, done row by row by a worker, taken back where possible.

Each row goes through the verb that a single ticket goes through, with the rights of who began it.
"""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import ARRAY, BigInteger, any_, cast, func, insert, literal, select

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.errors import Conflict, ContactCenterError, Invalid, NotFound
from contactcenter.events import because
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import known_to, visible_to
from contactcenter.worklists import queries, verbs
from contactcenter.worklists.models import Act, BulkAct, BulkRow, Outcome, Refusal

MOST = 10_000
CHUNK = 25  # rows in one transaction: their tickets are locked together
UNDO_WITHIN = timedelta(minutes=30)


def begin(
    act: Act, value: str, ticket_ids: Sequence[int], *, by: Person, reason: str = ""
) -> BulkAct:
    """Write down what is to be done; a worker does it. Raises Invalid for nothing to do."""
    verbs.check(act, value)
    bulk = BulkAct(
        person_id=by.id,
        act=act,
        value=value,
        reason=reason.strip()[:300],
        total=0,
        begun_at=clock.now(),
    )
    db.session.add(bulk)
    db.session.flush()  # its rows need bulk.id
    wanted = Ticket.id == any_(cast(list(ticket_ids[:MOST]), ARRAY(BigInteger)))
    chosen = known_to(by).where(wanted)
    return _start(bulk, chosen.with_only_columns(Ticket.centre_id, literal(bulk.id), Ticket.id))


def undo(bulk: BulkAct, *, by: Person) -> BulkAct:
    """Take an act back, row by row, where nothing changed since. Raises Conflict when too late."""
    if not may_undo(bulk):
        raise Conflict(_("Cette action ne peut plus être annulée."))
    back = BulkAct(
        person_id=by.id,
        act=bulk.act,
        value=bulk.value,
        reason=_("annulation de l’action groupée nº %(number)d", number=bulk.id),
        reverses_id=bulk.id,
        total=0,
        begun_at=clock.now(),
    )
    db.session.add(back)
    db.session.flush()  # its rows need back.id
    changed = select(BulkRow.centre_id, literal(back.id), BulkRow.ticket_id).where(
        BulkRow.centre_id == bulk.centre_id,
        BulkRow.bulk_id == bulk.id,
        BulkRow.outcome == Outcome.CHANGED,
    )
    return _start(back, changed)


def may_undo(bulk: BulkAct) -> bool:
    """Once, by a finished act that is no undoing itself, for half an hour."""
    return (
        bulk.finished_at is not None
        and bulk.reverses_id is None
        and clock.now() <= bulk.finished_at + UNDO_WITHIN
        and db.session.scalar(queries.reversal_of(bulk)) is None
    )


def go_on(bulk: BulkAct) -> None:
    """Do the next rows; what is left after them is staged again."""
    by = db.session.get_one(Person, (bulk.centre_id, bulk.person_id))
    rows = db.session.scalars(queries.pending(bulk, CHUNK)).all()
    with because(bulk.reason or _("action groupée nº %(number)d", number=bulk.id)):
        for row in rows:
            _do(bulk, row, by)
    if len(rows) < CHUNK:
        bulk.finished_at = bulk.finished_at or clock.now()
    else:
        outbox.stage("worklists.run_bulk", lane="bulk", bulk_id=bulk.id)
    live.touch(f"bulk:{bulk.id}")


def own_act(bulk_id: int, *, person: Person) -> BulkAct:
    """Raises NotFound for another person's."""
    found = db.session.scalar(queries.acts_of(person).where(BulkAct.id == bulk_id))
    if found is None:
        raise NotFound(_("Cette action groupée n’existe pas, ou n’est pas la vôtre."))
    return found


def _start(bulk: BulkAct, rows: object) -> BulkAct:
    names = ["centre_id", "bulk_id", "ticket_id"]
    db.session.execute(insert(BulkRow).from_select(names, rows))  # type: ignore[arg-type]  # a Select
    counted = select(func.count()).where(
        BulkRow.centre_id == bulk.centre_id, BulkRow.bulk_id == bulk.id
    )
    bulk.total = db.session.scalar(counted) or 0
    if not bulk.total:
        raise Invalid(_("Choisissez au moins une demande."), "id")
    outbox.stage("worklists.run_bulk", lane="bulk", bulk_id=bulk.id)
    return bulk


def _do(bulk: BulkAct, row: BulkRow, by: Person) -> None:
    """One row, all of it or nothing of it; what stood in its way is kept with it."""
    ticket = db.session.scalar(
        visible_to(by)
        .where(Ticket.id == row.ticket_id)
        .with_for_update(of=Ticket)
        .execution_options(populate_existing=True)
    )
    if ticket is None or not by.is_active:
        row.outcome, row.refusal = Outcome.REFUSED, Refusal.UNSEEN
        return
    try:
        with db.session.begin_nested():
            act = _do_one if bulk.reverses_id is None else _undo_one
            row.outcome = act(bulk, row, ticket, by)
    except _ChangedSince:
        row.outcome, row.refusal = Outcome.REFUSED, Refusal.CHANGED_SINCE
    except Conflict:
        row.outcome, row.refusal = Outcome.REFUSED, Refusal.STATUS
    except (Invalid, NotFound):
        row.outcome, row.refusal = Outcome.REFUSED, Refusal.UNFIT


def _do_one(bulk: BulkAct, row: BulkRow, ticket: Ticket, by: Person) -> Outcome:
    before = verbs.state(bulk.act, ticket, bulk.value)
    if before == verbs.wanted_state(bulk.act, bulk.value):
        return Outcome.UNCHANGED
    verbs.do(bulk.act, ticket, bulk.value, by)
    row.before, row.left_at = before, ticket.updated_at
    return Outcome.CHANGED


def _undo_one(bulk: BulkAct, row: BulkRow, ticket: Ticket, by: Person) -> Outcome:
    done = db.session.scalars(
        select(BulkRow).where(
            BulkRow.centre_id == bulk.centre_id,
            BulkRow.bulk_id == bulk.reverses_id,
            BulkRow.ticket_id == row.ticket_id,
        )
    ).one()
    now_so = verbs.state(bulk.act, ticket, bulk.value) == verbs.wanted_state(bulk.act, bulk.value)
    if ticket.updated_at != done.left_at or not now_so:
        raise _ChangedSince
    verbs.undo(bulk.act, ticket, bulk.value, done.before or "", by)
    return Outcome.CHANGED


class _ChangedSince(ContactCenterError):
    """Someone was there after the act that is taken back."""
