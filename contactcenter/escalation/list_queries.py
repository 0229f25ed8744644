"""The experts' list: what is open for one's teams, in the order in which it must be begun.

First who is there. Then the rights that are lost unless they are begun now, before promises that
are late already: those can only become later. Then what must be begun first, whether a right or a
promise asks for it. Last what waits on us.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, tuple_

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.queries import team_ids
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.escalation.queries import visible_to

LIVE, NOW_OR_LOST, IN_TURN, WAITS_ON_US = range(4)  # the ranks of the list
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # when the right is lost of a question without one


def open_for(person: Person) -> Select[Referral]:
    """What is open for this person's teams, in no order."""
    return visible_to(person).where(Referral.closed_at.is_(None), of_own_teams(person))


def inbox(person: Person, now: datetime | None = None) -> Select[Referral]:
    """What a referent has open, the most pressing first."""
    return open_for(person).order_by(*_order(now or clock.now()))


def below(place: Sequence[Any], now: datetime) -> ColumnElement[bool]:
    """What comes after a place of the list."""
    return tuple_(*_order(now)) > tuple_(*place)


def place_of(person: Person, referral_id: int, now: datetime) -> Select[*tuple[Any, ...]]:
    """Where a question stands, or stood when it was closed."""
    return (
        visible_to(person)
        .where(Referral.id == referral_id, of_own_teams(person))
        .with_only_columns(*_order(now))
    )


def closed_lately(person: Person, since: datetime) -> Select[Referral]:
    return (
        visible_to(person)
        .where(Referral.closed_at > since, of_own_teams(person))
        .order_by(Referral.closed_at.desc(), Referral.id.desc())
    )


def of_own_teams(person: Person) -> ColumnElement[bool]:
    """The person's teams; all of the organisation for one who serves no team."""
    own = team_ids(person)
    return or_(Referral.team_id.in_(own), ~exists(own.correlate(None).subquery()))


def _order(now: datetime) -> tuple[Any, ...]:
    """By these. Work is a guess: within an hour what right is lost first goes first."""
    is_live = and_(Referral.is_live, Referral.status == ReferralStatus.SENT)
    waits_on_us = Referral.status == ReferralStatus.ASKED_BACK
    now_or_lost = and_(Referral.save_by <= now, Referral.right_lost_at > now)
    begin_by = func.coalesce(Referral.begin_by, Referral.due_at, Referral.asked_at)
    by_asking = or_(is_live, waits_on_us)
    rank: ColumnElement[Any] = case(
        (is_live, LIVE), (waits_on_us, WAITS_ON_US), (now_or_lost, NOW_OR_LOST), else_=IN_TURN
    )
    moment: ColumnElement[Any] = case(
        (by_asking, Referral.asked_at),
        (now_or_lost, Referral.save_by),
        else_=func.date_trunc("hour", begin_by),
    )
    right = case((by_asking, NEVER), else_=func.coalesce(Referral.save_by, NEVER))
    return rank, moment, right, begin_by, Referral.id
