"""The experts' list: what is open for one's teams, in the order in which it must be begun.

First who is there. Then the rights that are lost unless they are begun now, before promises that
are late already: those can only become later. Then what must be begun first, whether a right or a
promise asks for it. Last what waits on us.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, tuple_

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre
from contactcenter.directory.models import Team
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.escalation.queries import visible_to
from contactcenter.escalation.team_queries import teams_of

LIVE, NOW_OR_LOST, IN_TURN, WAITS_ON_US = range(4)  # the ranks of the list
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # when the right is lost of a question without one


class Whose(StrEnum):
    MINE = "mine"
    NOBODY = "nobody"


class State(StrEnum):
    LATE = "late"
    ASKED_BACK = "asked_back"


@dataclass(frozen=True)
class Narrowing:
    """What narrows the list; all of it stands in the address."""

    whose: Whose | None = None
    state: State | None = None
    topic_id: int | None = None
    asker_id: int | None = None  # the organisation that asks

    @classmethod
    def parse(cls, asked: Mapping[str, str]) -> "Narrowing":
        """What is not understood does not narrow."""
        whose, state = asked.get("whose", ""), asked.get("state", "")
        return cls(
            Whose(whose) if whose in set(Whose) else None,
            State(state) if state in set(State) else None,
            _number(asked.get("topic", "")),
            _number(asked.get("asker", "")),
        )

    @property
    def kept(self) -> dict[str, str]:
        """The same, as an address writes it."""
        named = {
            "whose": self.whose,
            "state": self.state,
            "topic": self.topic_id,
            "asker": self.asker_id,
        }
        return {name: str(value) for name, value in named.items() if value is not None}

    def but(self, **changed: object) -> dict[str, str]:
        """With something else, or without it."""
        return {k: str(v) for k, v in (self.kept | changed).items() if v is not None}


ALL = Narrowing()


class Counted(NamedTuple):
    """How many open questions there are of one topic and asking organisation."""

    topic_id: int | None  # None too where the team is not told the topic
    asker_id: int
    all: int
    mine: int
    nobody: int
    late: int
    asked_back: int


def open_for(person: Person, narrowing: Narrowing = ALL) -> Select[Referral]:
    """What is open for this person's teams, in no order."""
    conditions = _conditions(narrowing, person, clock.now())
    return visible_to(person).where(Referral.closed_at.is_(None), of_own_teams(person), *conditions)


def inbox(person: Person, narrowing: Narrowing = ALL) -> Select[Referral]:
    """What a referent has open, the most pressing first."""
    return open_for(person, narrowing).order_by(*_order(clock.now(), narrowing))


def below(place: Sequence[Any], narrowing: Narrowing) -> ColumnElement[bool]:
    """What comes after a place of the list."""
    return tuple_(*_order(clock.now(), narrowing)) > tuple_(*place)


def place_of(person: Person, referral_id: int, narrowing: Narrowing) -> Select[*tuple[Any, ...]]:
    """Where a question stands, or stood when it was closed."""
    return (
        visible_to(person)
        .where(Referral.id == referral_id, of_own_teams(person))
        .with_only_columns(*_order(clock.now(), narrowing))
    )


def counted(person: Person) -> Select[*tuple[Any, ...]]:
    """Rows as `Counted`: all that is open, by topic and asking organisation."""
    now, topic = clock.now(), _told_topic()
    asker = and_(Person.centre_id == Referral.centre_id, Person.id == Referral.asked_by)
    each = (Narrowing(Whose.MINE), Narrowing(Whose.NOBODY), *(Narrowing(None, s) for s in State))
    return (
        open_for(person)
        .join(Person, asker)
        .with_only_columns(
            topic,
            Person.organisation_id,
            func.count(),
            *(func.count().filter(*_conditions(one, person, now)) for one in each),
        )
        .group_by(topic, Person.organisation_id)
    )


def closed_lately(person: Person, since: datetime) -> Select[Referral]:
    return (
        visible_to(person)
        .where(Referral.closed_at > since, of_own_teams(person))
        .order_by(Referral.closed_at.desc(), Referral.id.desc())
    )


def of_own_teams(person: Person) -> ColumnElement[bool]:
    """The person's teams; all of the organisation for one who serves no team.

    As teams, not as an alternative asked of each question: those of others are then not looked at.
    """
    return Referral.team_id.in_(teams_of(person).with_only_columns(Team.id).order_by(None))


def _told_topic() -> ColumnElement[int | None]:
    """The topic, where the team is told it: without identity only the words leave."""
    return case((Referral.mandate_id.is_not(None), Referral.topic_id))


def _conditions(
    narrowing: Narrowing, person: Person, now: datetime
) -> Sequence[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = []
    if narrowing.whose is Whose.MINE:
        asked.append(Referral.taken_by == person.id)
    if narrowing.whose is Whose.NOBODY:
        asked.append(Referral.taken_by.is_(None))
    if narrowing.state is State.LATE:
        asked.append(Referral.due_at < now)
    if narrowing.state is State.ASKED_BACK:
        asked.append(Referral.status == ReferralStatus.ASKED_BACK)
    if narrowing.topic_id is not None:
        asked.append(_told_topic() == narrowing.topic_id)
    if narrowing.asker_id is not None:
        asked.append(Referral.asked_by.in_(_people_of(narrowing.asker_id)))
    return asked


def _people_of(organisation_id: int) -> Select[int]:
    return select(Person.id).where(
        Person.centre_id == current_centre(), Person.organisation_id == organisation_id
    )


def _order(now: datetime, narrowing: Narrowing) -> tuple[Any, ...]:
    """By these; of one's own, what was handed to one and is not opened yet comes first.

    Work is a guess: within an hour what right is lost first goes first.
    """
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
    order = (rank, moment, right, begin_by, Referral.id)
    return (Referral.handed_at.is_(None), *order) if narrowing.whose is Whose.MINE else order


def _number(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 19 else None
