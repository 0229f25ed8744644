"""Which visits each figure counts, as SQL: a board counts them, and its links list the same ones.

The sets of `outcomes` decide. Conditions on time need the thresholds in force joined in.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, DateTime, Interval, and_, case, func, or_

from contactcenter.queues.holding import HELD
from contactcenter.queues.interval_models import Threshold
from contactcenter.queues.models import Source, Visit
from contactcenter.queues.outcomes import (
    GAVE_UP,
    LEFT_EARLY,
    LOST,
    OFFERED,
    OWED,
    REFUSED,
    STAYED_TO_THE_END,
    Outcome,
)
from contactcenter.tickets.models import Channel

# At a counter the wait ends with the call, the walk is not waiting; elsewhere with the answer.
WAIT_ENDED: ColumnElement[datetime] = case(
    (Visit.channel == Channel.COUNTER, Visit.left_at),
    else_=func.coalesce(Visit.answered_at, Visit.left_at),
)
WAIT: ColumnElement[timedelta] = WAIT_ENDED.op("-", return_type=Interval())(Visit.entered_at)
TARGET: ColumnElement[timedelta] = func.make_interval(0, 0, 0, 0, 0, 0, Threshold.threshold_seconds)
# In open hours where nobody stands in line; people in line wait by the clock on the wall.
DUE: ColumnElement[datetime] = func.coalesce(
    Visit.due_at, Visit.entered_at.op("+", return_type=DateTime(timezone=True))(TARGET)
)

TWENTY_SECONDS = timedelta(seconds=20)
_ENDS_20_S = Visit.entered_at + TWENTY_SECONDS
_IS_WAITING = Visit.outcome.is_(None)
STOOD_IN_LINE = or_(Visit.outcome != Outcome.NO_AGENT, Visit.left_at > Visit.entered_at)

# Set aside and come back: the same contact's next stay, and no further arrival of anybody. Who
# writes again about a request is a contact more, and continues no visit.
IS_RETURN = and_(Visit.source == Source.RETURN, Visit.previous_id.is_not(None))

# Also who is called back came once. Their first visit was not answered, so this one is.
CONTINUES = and_(Visit.source.in_((Source.RETURN, Source.CALLBACK)), Visit.previous_id.is_not(None))

Condition = Callable[[ColumnElement[datetime]], ColumnElement[bool]]


def _ended(outcomes: Iterable[Outcome]) -> ColumnElement[bool]:
    return Visit.outcome.in_(sorted(outcomes))


def _always(condition: ColumnElement[bool]) -> Condition:
    return lambda _now: condition


def _overdue(now: ColumnElement[datetime]) -> ColumnElement[bool]:
    return and_(_IS_WAITING, now > DUE)


_ANSWERED = Visit.outcome == Outcome.ANSWERED
_ON_TIME = and_(_ANSWERED, WAIT_ENDED <= DUE)
# A promised call is in time by its promise, whatever its length.
_IN_20_S: ColumnElement[bool] = case(
    (
        and_(Visit.source == Source.CALLBACK, Visit.due_at.is_not(None)),
        func.coalesce(Visit.answered_at <= Visit.due_at, WAIT <= TWENTY_SECONDS),
    ),
    else_=WAIT <= TWENTY_SECONDS,
)
_CALLED_IN_VAIN = and_(Visit.channel == Channel.COUNTER, Visit.calls > 0)
_REFUSED = and_(_ended(REFUSED), Visit.left_at <= Visit.entered_at)

# By the name of the figure; what happens `now` matters to those who still wait.
FIGURES: dict[str, Condition] = {
    "offered": _always(or_(_IS_WAITING, _ended(OFFERED))),
    "arrived": _always(and_(or_(_IS_WAITING, _ended(OFFERED)), ~CONTINUES)),
    "returned": _always(and_(or_(_IS_WAITING, _ended(OFFERED)), CONTINUES)),
    "answered": _always(Visit.outcome == Outcome.ANSWERED),
    "served": _always(and_(Visit.outcome == Outcome.ANSWERED, ~IS_RETURN)),
    "on_time": _always(_ON_TIME),
    "owed": _always(_ended(OWED)),
    "overdue": _overdue,
    "due": lambda now: or_(_ended(OWED), _overdue(now)),
    "gave_up": _always(_ended(GAVE_UP)),
    "stayed": _always(and_(_ended(STAYED_TO_THE_END), STOOD_IN_LINE)),
    "left": _always(_ended(LEFT_EARLY)),
    "ended_well": _always(or_(_ON_TIME, and_(_ended(LEFT_EARLY), WAIT_ENDED <= DUE))),
    "decided": _always(_ended(LEFT_EARLY | {Outcome.ANSWERED})),
    "decided_late": _always(_ended(GAVE_UP | {Outcome.ANSWERED})),
    "short": _always(Visit.outcome == Outcome.ABANDONED_SHORT),
    "refused": _always(_REFUSED),
    "lost": _always(_ended(LOST)),
    "at_risk": _always(or_(_IS_WAITING, _ended(OFFERED - {Outcome.ABANDONED_SHORT}))),
    "waiting": _always(_IS_WAITING),
    "in_line": _always(or_(_IS_WAITING, _ended(STAYED_TO_THE_END))),
    "ended": _always(_ended(OFFERED)),
    "in_20s": _always(and_(_ANSWERED, _IN_20_S)),
    "left_in_20s": _always(and_(_ended(LEFT_EARLY), _IN_20_S)),
    "in_20s_or_left": _always(and_(_ended(LEFT_EARLY | {Outcome.ANSWERED}), _IN_20_S)),
    "overdue_20s": lambda now: or_(_ended(OWED), and_(_IS_WAITING, now > _ENDS_20_S)),
    "decided_after_20s": _always(or_(_ANSWERED, and_(_ended(LEFT_EARLY), ~_IN_20_S))),
    "decided_or_refused": _always(or_(_ended(LEFT_EARLY | {Outcome.ANSWERED}), _REFUSED)),
    "stayed_or_short": _always(
        and_(_ended(STAYED_TO_THE_END | {Outcome.ABANDONED_SHORT}), STOOD_IN_LINE)
    ),
    "lost_after_transfer": _always(and_(_ended(LOST), Visit.source == Source.TRANSFER)),
    "no_show": _always(and_(_ended(GAVE_UP), _CALLED_IN_VAIN)),
    "left_by_themselves": _always(and_(_ended(GAVE_UP), ~_CALLED_IN_VAIN)),
    "transferred": _always(and_(_ANSWERED, Visit.transferred_at.is_not(None))),
    "in_progress": _always(and_(_ANSWERED, Visit.ended_at.is_(None))),
    "settled": _always(
        and_(_ANSWERED, Visit.transferred_at.is_(None), Visit.ended_at.is_not(None))
    ),
    "held": _always(and_(_ANSWERED, Visit.channel == Channel.PHONE, timedelta(0) < HELD)),
    **{
        f"source-{source.value}": _always(
            and_(or_(_IS_WAITING, _ended(OFFERED)), Visit.source == source)
        )
        for source in Source
    },
    "handled": _always(and_(Visit.outcome == Outcome.ANSWERED, Visit.ended_at.is_not(None))),
    **{f"outcome-{outcome.value}": _always(Visit.outcome == outcome) for outcome in Outcome},
}


def not_played(*, include_rehearsal: bool) -> ColumnElement[bool]:
    """Leaves rehearsal out, unless it is asked for."""
    return Visit.is_rehearsal.in_([True, False] if include_rehearsal else [False])
