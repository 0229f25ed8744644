"""Acts on many tickets or questions: begun at once, done row by row, taken back where possible.

Each row goes through the verb that a single one goes through, with the rights of who began it.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    any_,
    cast,
    func,
    insert,
    literal,
    null,
    select,
)

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.errors import Conflict, ContactCenterError, Invalid, NotFound
from contactcenter.escalation.models import Referral
from contactcenter.escalation.queries import visible_to as questions_for
from contactcenter.events import because
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import known_to, visible_to
from contactcenter.worklists import queries, question_verbs, verbs, words
from contactcenter.worklists.models import Act, BulkAct, BulkRow, Outcome, Refusal

MOST = 10_000
CHUNK = 25  # rows in one transaction: their tickets are locked together
UNDO_WITHIN = timedelta(minutes=30)


def begin(
    act: Act, value: str, ticket_ids: Sequence[int], *, by: Person, reason: str = ""
) -> BulkAct:
    """Write down what is to be done; a worker does it. Raises Invalid for nothing to do."""
    verbs.check(act, value)
    bulk = _new(act, value, reason, by)
    wanted = Ticket.id == any_(cast(list(ticket_ids[:MOST]), ARRAY(BigInteger)))
    chosen = known_to(by).where(wanted)
    rows = chosen.with_only_columns(Ticket.centre_id, literal(bulk.id), Ticket.id, null())
    return _start(bulk, rows)


def begin_questions(
    act: Act, value: str, referral_ids: Sequence[int], *, by: Person, reason: str = ""
) -> BulkAct:
    """The same, on questions to an expert's teams."""
    question_verbs.check(act, value, reason)
    bulk = _new(act, value, reason, by)
    wanted = Referral.id == any_(cast(list(referral_ids[:MOST]), ARRAY(BigInteger)))
    chosen = questions_for(by).where(wanted)
    rows = chosen.with_only_columns(Referral.centre_id, literal(bulk.id), null(), Referral.id)
    return _start(bulk, rows)


def undo(bulk: BulkAct, *, by: Person) -> BulkAct:
    """Take an act back, row by row, where nothing changed since. Raises Conflict when too late."""
    if not may_undo(bulk):
        raise Conflict(_("Cette action ne peut plus être annulée."))
    reason = _(
        "annulation de « %(act)s », action groupée nº %(number)d",
        act=words.ACTS[bulk.act],
        number=bulk.id,
    )
    back = _new(bulk.act, bulk.value, reason, by, reverses_id=bulk.id)
    kept = (BulkRow.centre_id, literal(back.id), BulkRow.ticket_id, BulkRow.referral_id)
    changed = select(*kept).where(
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
        and question_verbs.can_undo(bulk.act)
        and clock.now() <= bulk.finished_at + UNDO_WITHIN
        and db.session.scalar(queries.reversal_of(bulk)) is None
    )


def go_on(bulk: BulkAct) -> None:
    """Do the next rows; what is left after them is staged again."""
    by = db.session.get_one(Person, (bulk.centre_id, bulk.person_id))
    rows = db.session.scalars(queries.pending(bulk, CHUNK)).all()
    with because(_why(bulk)):
        for row in rows:
            (_do if row.referral_id is None else _do_question)(bulk, row, by)
    if len(rows) == CHUNK:
        outbox.stage("worklists.run_bulk", lane="bulk", bulk_id=bulk.id)
    elif bulk.finished_at is None:
        _finish(bulk)
    live.touch(f"bulk:{bulk.id}")


def _finish(bulk: BulkAct) -> None:
    bulk.finished_at = clock.now()
    if bulk.act is Act.HAND and bulk.reverses_id is None and bulk.value != str(bulk.person_id):
        outbox.stage("worklists.tell_handed", lane="bulk", bulk_id=bulk.id)


def _why(bulk: BulkAct) -> str:
    """For the record, which the centre reads: an expert's words to a colleague are their team's."""
    is_for_experts = bulk.act in question_verbs.ACTS and bulk.reverses_id is None
    if bulk.reason and not is_for_experts:
        return bulk.reason
    return _("action groupée nº %(number)d", number=bulk.id)


def own_act(bulk_id: int, *, person: Person, among: Collection[Act]) -> BulkAct:
    """Raises NotFound for another person's."""
    found = db.session.scalar(queries.acts_of(person, among).where(BulkAct.id == bulk_id))
    if found is None:
        raise NotFound(_("Cette action groupée n’existe pas, ou n’est pas la vôtre."))
    return found


def _new(act: Act, value: str, reason: str, by: Person, reverses_id: int | None = None) -> BulkAct:
    bulk = BulkAct(
        person_id=by.id,
        act=act,
        value=value,
        reason=reason.strip()[:300],
        reverses_id=reverses_id,
        total=0,
        begun_at=clock.now(),
    )
    db.session.add(bulk)
    db.session.flush()  # its rows need its id
    return bulk


def _start(bulk: BulkAct, rows: object) -> BulkAct:
    names = ["centre_id", "bulk_id", "ticket_id", "referral_id"]
    db.session.execute(insert(BulkRow).from_select(names, rows))  # type: ignore[arg-type]  # a Select
    counted = select(func.count()).where(
        BulkRow.centre_id == bulk.centre_id, BulkRow.bulk_id == bulk.id
    )
    bulk.total = db.session.scalar(counted) or 0
    if not bulk.total:
        nothing = _("Choisissez au moins une demande.")
        asked = _("Choisissez au moins une question.")
        raise Invalid(asked if bulk.act in question_verbs.ACTS else nothing, "id")
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
    act = _do_one if bulk.reverses_id is None else _undo_one
    _try(row, lambda: act(bulk, row, ticket, by))


def _do_question(bulk: BulkAct, row: BulkRow, by: Person) -> None:
    referral = db.session.scalar(
        questions_for(by)
        .where(Referral.id == row.referral_id)
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
    )
    if referral is None or not by.is_active:
        row.outcome, row.refusal = Outcome.REFUSED, Refusal.UNSEEN
        return
    act = _do_one_question if bulk.reverses_id is None else _undo_one_question
    _try(row, lambda: act(bulk, row, referral, by))


def _try(row: BulkRow, act: Callable[[], Outcome]) -> None:
    try:
        with db.session.begin_nested():
            row.outcome = act()
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


def _do_one_question(bulk: BulkAct, row: BulkRow, referral: Referral, by: Person) -> Outcome:
    if question_verbs.is_done(bulk.act, referral, bulk.value, by):
        return Outcome.UNCHANGED
    before = question_verbs.state(referral)
    question_verbs.do(bulk.act, referral, bulk.value, bulk.reason, by)
    row.before, row.left_at = before, clock.now()
    return Outcome.CHANGED


def _undo_one_question(bulk: BulkAct, row: BulkRow, referral: Referral, by: Person) -> Outcome:
    done = _done(bulk, BulkRow.referral_id == row.referral_id)
    since = done.left_at or bulk.begun_at
    if not question_verbs.was_left_so(bulk.act, referral, bulk.value, by, since):
        raise _ChangedSince
    question_verbs.undo(referral, done.before or "")
    return Outcome.CHANGED


def _done(bulk: BulkAct, of: ColumnElement[bool]) -> BulkRow:
    """The row of the act that is taken back."""
    rows = select(BulkRow).where(
        BulkRow.centre_id == bulk.centre_id, BulkRow.bulk_id == bulk.reverses_id, of
    )
    return db.session.scalars(rows).one()


def _undo_one(bulk: BulkAct, row: BulkRow, ticket: Ticket, by: Person) -> Outcome:
    done = _done(bulk, BulkRow.ticket_id == row.ticket_id)
    now_so = verbs.state(bulk.act, ticket, bulk.value) == verbs.wanted_state(bulk.act, bulk.value)
    if ticket.updated_at != done.left_at or not now_so:
        raise _ChangedSince
    verbs.undo(bulk.act, ticket, bulk.value, done.before or "", by)
    return Outcome.CHANGED


class _ChangedSince(ContactCenterError):
    """Someone was there after the act that is taken back."""
