"""What the answers of teams took, and what they have open: one question, bounded by row."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.sql.selectable import LateralFromClause

from contactcenter.db import current_centre
from contactcenter.directory.models import Team
from contactcenter.escalation.models import Referral
from contactcenter.tickets.models import Ticket

MOST_ROWS = 1_000  # of each team and sort, the latest or most pressed: the same cost at any size


class Answering(NamedTuple):
    """`took` and `topic_took`: seconds of open time for half and for nine in ten of the cases."""

    team_id: int
    cases: int
    took: list[float] | None
    topic_cases: int
    topic_took: list[float] | None
    open: int
    late: int


def working(
    team_id: int, topic_id: int | None, since: datetime, *, is_rehearsal: bool
) -> Select[int, float | None]:
    """How many answers of a team, and half of them took so many seconds once they were taken.

    Of one topic, or of all with None.
    """
    took = Referral.answer_seconds - func.coalesce(Referral.take_seconds, 0)
    latest = select(func.greatest(took, 0).label("took")).where(
        Referral.centre_id == current_centre(),
        Referral.team_id == team_id,
        Referral.answer_seconds.is_not(None),
        Referral.closed_at > since,
        Referral.is_rehearsal == is_rehearsal,
    )
    if topic_id is not None:
        latest = latest.where(Referral.topic_id == topic_id)
    rows = latest.order_by(Referral.closed_at.desc()).limit(MOST_ROWS).subquery()
    return select(func.count(), func.percentile_cont(0.5).within_group(rows.c.took))


def answering(
    ticket: Ticket, team_ids: Sequence[int], since: datetime, now: datetime
) -> Select[*tuple[Any, ...]]:
    """Rows as `Answering`. What is rehearsed is compared with what is rehearsed."""
    like = Referral.is_rehearsal == ticket.is_rehearsal
    of_team = _took("of_team", like, Referral.closed_at > since)
    of_topic = _took(
        "of_topic", like, Referral.closed_at > since, Referral.topic_id == ticket.topic_id
    )
    load = _load(like, now)
    return (
        select(
            Team.id,
            of_team.c.cases,
            of_team.c.took,
            of_topic.c.cases,
            of_topic.c.took,
            load.c.open,
            load.c.late,
        )
        .select_from(Team)
        .join(of_team, true())
        .join(of_topic, true())
        .join(load, true())
        .where(Team.centre_id == current_centre(), Team.id.in_(team_ids))
    )


def _took(name: str, *which: ColumnElement[bool]) -> LateralFromClause:
    latest = (
        select(Referral.answer_seconds)
        .where(*_of_team(), Referral.answer_seconds.is_not(None), *which)
        .order_by(Referral.closed_at.desc())
        .limit(MOST_ROWS)
        .correlate(Team)
        .lateral()
    )
    shares = func.percentile_cont([0.5, 0.9]).within_group(latest.c.answer_seconds)
    return (
        select(func.count().label("cases"), shares.label("took")).select_from(latest).lateral(name)
    )


def _load(like: ColumnElement[bool], now: datetime) -> LateralFromClause:
    pressed = (
        select(Referral.due_at)
        .where(*_of_team(), Referral.closed_at.is_(None), like)
        .order_by(Referral.due_at)
        .limit(MOST_ROWS)
        .correlate(Team)
        .lateral()
    )
    late = func.count().filter(pressed.c.due_at < now)
    return (
        select(func.count().label("open"), late.label("late")).select_from(pressed).lateral("load")
    )


def _of_team() -> tuple[ColumnElement[bool], ...]:
    return (Referral.centre_id == Team.centre_id, Referral.team_id == Team.id)
