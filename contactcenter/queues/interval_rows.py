"""Quarter hours counted from visits, kept, and read with those that changed since counted live.

What is read is therefore exact at any moment, however late the sweep is: a marked quarter hour is
never taken from what was kept.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    column,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from contactcenter.db import current_centre, db
from contactcenter.queues.conditions import CONTINUES, DUE, STOOD_IN_LINE, WAIT, WAIT_ENDED
from contactcenter.queues.holding import HELD
from contactcenter.queues.interval_models import (
    IN_FORCE,
    IntervalMark,
    Threshold,
    VisitInterval,
    overlaps,
)
from contactcenter.queues.models import Source, Visit
from contactcenter.queues.outcomes import ENTERED, Outcome
from contactcenter.queues.tally import Cell, Tally
from contactcenter.tickets.models import Channel

QUARTER = timedelta(minutes=15)
AT_ONCE = 20_000  # marks of one sweep

Rows = Select[*tuple[Any, ...]]
Columns = Any  # of a subquery, by name
Cells = Sequence[tuple[int, datetime]]

ALIKE = (
    "channel",
    "source",
    "topic_id",
    "team_id",
    "language",
    "priority_class",
    "outcome",
    "is_rehearsal",
    "is_imported",
)
SUMS = (
    "visits",
    "lined_up",
    "in_person",
    "on_time",
    "transferred",
    "in_progress",
    "handled",
    "returned",
    "wait_us",
    "handling_us",
    "held_us",
)
KEPT = ("queue_id", "begins_at", "is_detailed", *ALIKE, *SUMS, "longest_us", "waits")
# Told apart by these as well, nearly every visit is alone: boards read rows without them.
DETAILS = ("topic_id", "team_id", "language", "priority_class")


def recount(most: int = AT_ONCE) -> int:
    """Count the marked quarter hours of this centre again and return how many there were.

    One at a time in a centre: of two that count the same stretch, the one that looked first must
    not write last. Whoever comes second leaves it to the other.
    """
    if not db.session.scalar(select(func.pg_try_advisory_xact_lock(*_lock()))):
        return 0
    cells = _claimed(most)
    if cells:
        _keep(cells)
    return len(cells)


def rebuild() -> int:
    """Count every quarter hour of this centre from its visits and return how many rows there are.

    The same rows as the sweep keeps, which a test proves. A history of any length: no statement of
    this transaction is cut short.
    """
    centre = current_centre()
    db.session.execute(text("SET LOCAL statement_timeout = 0"))
    db.session.execute(select(func.pg_advisory_xact_lock(*_lock())))
    db.session.execute(delete(IntervalMark).where(IntervalMark.centre_id == centre))
    db.session.execute(delete(VisitInterval).where(VisitInterval.centre_id == centre))
    for is_detailed in (False, True):
        _store(counted(is_detailed=is_detailed).where(Visit.centre_id == centre))
    return (
        db.session.scalar(
            select(func.count()).select_from(VisitInterval).where(VisitInterval.centre_id == centre)
        )
        or 0
    )


@dataclass(frozen=True)
class Asked:
    """Which quarter hours: [start, end) at whole quarters, of these queues; what is left out."""

    centre_id: int
    queue_ids: Sequence[int]
    start: datetime
    end: datetime
    include_rehearsal: bool = False
    include_imported: bool = True


def tallies(asked: Asked, *by: str | Callable[[Columns], ColumnElement[Any]]) -> dict[Any, Tally]:
    """What was counted, by columns of `VisitInterval` or what is made of them.

    The keys are one value, or a tuple where it is told apart by several.
    """
    rows = _rows(is_detailed=not set(DETAILS).isdisjoint(by)).subquery("cells")
    names = [rows.c[each] if isinstance(each, str) else each(rows.c) for each in by]
    names = [each.label(f"by_{number}") for number, each in enumerate(names)]
    asked_for = select(
        *names,
        rows.c.outcome,
        *(func.sum(rows.c[name]).label(name) for name in SUMS),
        func.sum(rows.c.visits).filter(rows.c.source == Source.TRANSFER).label("moved_in"),
        func.sum(rows.c.returned).filter(rows.c.source == Source.CALLBACK).label("called_back"),
    ).group_by(*(text(each.name) for each in names), rows.c.outcome)
    found: dict[Any, dict[Outcome | None, Cell]] = {}
    for row in db.session.execute(asked_for, _parameters(asked)):
        key = row[0] if len(by) == 1 else tuple(row[: len(by)])
        found.setdefault(key, {})[row.outcome] = _cell(row)
    return {key: Tally(cells) for key, cells in found.items()}


def answered_waits(asked: Asked, share: float) -> int | None:
    """Whole seconds that this share of the answered did not wait beyond; None of nobody."""
    rows = _rows(is_detailed=False).subquery("cells")
    each = select(func.unnest(rows.c.waits).label("wait")).subquery("waits")
    asked_for = select(func.percentile_disc(share).within_group(each.c.wait))
    return db.session.scalar(asked_for, _parameters(asked))


def thresholds(queue_id: int, start: datetime, end: datetime) -> Select[Threshold]:
    """The versions by which visits of [start, end) are judged, oldest first."""
    return (
        select(Threshold)
        .where(
            Threshold.centre_id == current_centre(),
            Threshold.queue_id == queue_id,
            overlaps(start, end),
        )
        .order_by(Threshold.version)
    )


def counted(*, is_detailed: bool) -> Rows:
    """Visits counted by quarter hour and what tells them apart, in detail or not."""
    left_out = () if is_detailed else DETAILS
    told_apart = [_respect(name) for name in ALIKE if name not in left_out]
    return (
        select(
            Visit.queue_id.label("queue_id"),
            func.interval_of(Visit.entered_at, type_=DateTime(timezone=True)).label("begins_at"),
            cast(is_detailed, Boolean).label("is_detailed"),
            *(_respect(name, blank=name in left_out).label(name) for name in ALIKE),
            *(count.label(name) for name, count in _counts().items()),
            *(_microseconds(amount).label(name) for name, amount in _amounts().items()),
            _waits(is_detailed=is_detailed).label("waits"),
        )
        .join(Threshold, IN_FORCE)
        .group_by(Visit.centre_id, Visit.queue_id, func.interval_of(Visit.entered_at), *told_apart)
    )


_ANSWERED = Visit.outcome == Outcome.ANSWERED
_LINED_UP = or_(Visit.outcome.is_(None), and_(Visit.outcome.in_(sorted(ENTERED)), STOOD_IN_LINE))
_IN_PERSON = and_(_LINED_UP, Visit.source != Source.CALLBACK)
_HANDLED = and_(_ANSWERED, Visit.answered_at.is_not(None), Visit.ended_at.is_not(None))


def _respect(name: str, *, blank: bool = False) -> ColumnElement[Any]:
    """What tells visits apart in one respect; nothing where it is left blank."""
    if name == "is_imported":
        return Visit.source_log.is_not(None)
    of_visit: ColumnElement[Any] = getattr(Visit, name)
    return cast(null(), of_visit.type) if blank else of_visit


def _counts() -> dict[str, ColumnElement[int]]:
    many = func.count()
    return {
        "visits": many,
        "lined_up": many.filter(_LINED_UP),
        "in_person": many.filter(_IN_PERSON),
        "on_time": many.filter(WAIT_ENDED <= DUE),
        "transferred": many.filter(_ANSWERED, Visit.transferred_at.is_not(None)),
        "in_progress": many.filter(_ANSWERED, Visit.ended_at.is_(None)),
        "handled": many.filter(_HANDLED),
        "returned": many.filter(CONTINUES),
    }


def _amounts() -> dict[str, ColumnElement[Any]]:
    served = Visit.ended_at - Visit.answered_at
    held = case((Visit.channel == Channel.PHONE, HELD))
    return {
        "wait_us": func.sum(WAIT).filter(_IN_PERSON),
        "handling_us": func.sum(served).filter(_HANDLED),
        "held_us": func.sum(held).filter(_HANDLED),
        "longest_us": func.max(WAIT).filter(_IN_PERSON),
    }


def _waits(*, is_detailed: bool) -> ColumnElement[Any]:
    """Of the answered, whole seconds rounded up, in order; none in detail."""
    whole_seconds = cast(func.ceil(func.extract("epoch", WAIT)), Integer)
    kept = func.array_agg(aggregate_order_by(whole_seconds, whole_seconds)).filter(
        _ANSWERED, _IN_PERSON, false() if is_detailed else true()
    )
    return func.coalesce(kept, cast([], ARRAY(Integer)))


def _microseconds(amount: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(cast(func.extract("epoch", amount) * 1_000_000, BigInteger), 0)


@cache
def _rows(*, is_detailed: bool) -> Any:
    """What was kept of unmarked quarter hours, and what is counted now of the marked ones."""
    kept = select(*(getattr(VisitInterval, name) for name in KEPT)).where(
        VisitInterval.is_detailed == is_detailed,
        *_asked(VisitInterval),
        ~exists().where(
            IntervalMark.centre_id == VisitInterval.centre_id,
            IntervalMark.queue_id == VisitInterval.queue_id,
            IntervalMark.begins_at == VisitInterval.begins_at,
        ),
        VisitInterval.is_rehearsal == _PLAYED,
        VisitInterval.is_imported == _IMPORTED,
    )
    marked = (
        select(IntervalMark.queue_id, IntervalMark.begins_at)
        .distinct()
        .where(*_asked(IntervalMark))
        .subquery("marked")
    )
    live = (
        counted(is_detailed=is_detailed)
        .join(marked, _within(marked))
        .where(
            Visit.centre_id == bindparam("centre_id"),
            Visit.is_rehearsal == _PLAYED,
            Visit.source_log.is_not(None) == _IMPORTED,
        )
    )
    return kept.union_all(live)


_PLAYED = func.any(bindparam("played", type_=ARRAY(Boolean)))
_IMPORTED = func.any(bindparam("imported", type_=ARRAY(Boolean)))


def _asked(cells: type[VisitInterval | IntervalMark]) -> list[ColumnElement[bool]]:
    return [
        cells.centre_id == bindparam("centre_id"),
        cells.queue_id == func.any(bindparam("queue_ids", type_=ARRAY(BigInteger))),
        cells.begins_at >= bindparam("start", type_=DateTime(timezone=True)),
        cells.begins_at < bindparam("end", type_=DateTime(timezone=True)),
    ]


def _parameters(asked: Asked) -> dict[str, Any]:
    return {
        "centre_id": asked.centre_id,
        "queue_ids": list(asked.queue_ids),
        "start": asked.start,
        "end": asked.end,
        "played": _both(asked.include_rehearsal),
        "imported": _both(asked.include_imported),
    }


def _both(included: object) -> list[bool]:
    return [False, True] if included else [False]


def _within(cells: Any) -> ColumnElement[bool]:
    return and_(
        Visit.queue_id == cells.c.queue_id,
        Visit.entered_at >= cells.c.begins_at,
        Visit.entered_at < cells.c.begins_at + QUARTER,
    )


def _cell(row: Any) -> Cell:
    sums = {name: int(getattr(row, name)) for name in SUMS}
    return Cell(**sums, moved_in=int(row.moved_in or 0), called_back=int(row.called_back or 0))


def _lock() -> tuple[int, int]:
    return 0x1417, current_centre()


def _claimed(most: int) -> list[tuple[int, datetime]]:
    centre = current_centre()
    first = (
        select(IntervalMark.id)
        .where(IntervalMark.centre_id == centre)
        .order_by(IntervalMark.id)
        .limit(most)
        .with_for_update(skip_locked=True)
        # Apart, or PostgreSQL may ask it anew for each row, and each time find others.
        .cte("first")
    )
    gone = (
        delete(IntervalMark)
        .where(IntervalMark.centre_id == centre, IntervalMark.id.in_(select(first.c.id)))
        .returning(IntervalMark.queue_id, IntervalMark.begins_at)
        .cte("gone")
    )
    asked = select(gone.c.queue_id, gone.c.begins_at).distinct()
    return [(queue_id, begins_at) for queue_id, begins_at in db.session.execute(asked)]


def _keep(cells: Cells) -> None:
    wanted = _table_of(cells)
    db.session.execute(
        delete(VisitInterval).where(
            VisitInterval.centre_id == current_centre(),
            VisitInterval.is_detailed.in_((False, True)),  # so that the index leads there
            VisitInterval.queue_id == wanted.c.queue_id,
            VisitInterval.begins_at == wanted.c.begins_at,
        ),
        execution_options={"synchronize_session": False},
    )
    for is_detailed in (False, True):
        rows = counted(is_detailed=is_detailed).join(wanted, _within(wanted))
        _store(rows.where(Visit.centre_id == current_centre()))


def _store(rows: Rows) -> None:
    cells = rows.subquery("cells")
    db.session.execute(
        insert(VisitInterval).from_select(
            ["centre_id", *KEPT],
            select(literal(current_centre(), BigInteger), *(cells.c[name] for name in KEPT)),
            include_defaults=False,
        )
    )


def _table_of(cells: Iterable[tuple[int, datetime]]) -> Any:
    queue_ids, moments = zip(*cells, strict=True)
    cells_of = func.unnest(
        cast(list(queue_ids), ARRAY(BigInteger)),
        cast(list(moments), ARRAY(DateTime(timezone=True))),
    ).table_valued(column("queue_id", BigInteger), column("begins_at", DateTime(timezone=True)))
    return cells_of.render_derived(name="wanted")
