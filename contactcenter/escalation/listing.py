"""The experts' list as its address asks for it, and the page of it that is shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from contactcenter import clock
from contactcenter.accounts.models import Organisation, Person
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team, Topic
from contactcenter.escalation import cards, duty, search_queries, words
from contactcenter.escalation.list_queries import (
    Counted,
    Narrowing,
    below,
    closed_lately,
    counted,
    inbox,
    place_of,
)
from contactcenter.escalation.models import Referral, Side
from contactcenter.escalation.team_queries import teams_of
from contactcenter.languages import language
from contactcenter.queues.models import ChosenStatus
from contactcenter.queues.queries import presence_of
from contactcenter.tickets.search import NEWEST

Kind = TypeVar("Kind", Topic, Organisation)
CLOSED_LATELY = timedelta(days=14)
MOST_CLOSED = 20
PAGE = 30


@dataclass(frozen=True)
class Counts:
    """Of all that is open, whatever narrows the list; topics and askers by id."""

    rows: Sequence[Counted]
    topics: dict[int, tuple[str, int]]
    askers: dict[int, tuple[str, int]]

    @property
    def all(self) -> int:
        return sum(row.all for row in self.rows)

    def of(self, which: str) -> int:
        return sum(getattr(row, which) for row in self.rows)


def pane(person: Person) -> dict[str, Any]:
    """What stands beside an open question: the list, or what a search found."""
    now = clock.now()
    present = db.session.scalar(presence_of(person))
    teams = db.session.scalars(teams_of(person)).all()
    return {
        "teams": teams,
        "today": [_today(team, now) for team in teams],
        "answers_live": present is not None and present.status is ChosenStatus.READY,
        "shift_until": duty.own_shift(person, now),
        **(_found(person) if _typed() else _listed(person, now)),
    }


def back_to(referral_id: int | None = None) -> ResponseReturnValue:
    """To the list as it was narrowed, or to a question beside it."""
    kept: dict[str, Any] = {**Narrowing.parse(request.args).kept}
    if referral_id is None:
        return redirect(url_for("referrals.list_referrals", **kept), 303)
    return redirect(url_for("referrals.show_referral", referral_id=referral_id, **kept), 303)


def _found(person: Person) -> dict[str, Any]:
    typed = _typed()
    found = search_queries.find(typed, person, _id(request.args.get("after", "")) or NEWEST)
    hits = [hit.referral for hit in found.hits]
    return {
        "typed": typed,
        "asked": Narrowing(),
        "found": found,
        "found_cards": zip(cards.cards_of(hits, Side.REFERENT), found.hits, strict=True),
        "open_cards": [],
    }


def _listed(person: Person, now: datetime) -> dict[str, Any]:
    asked = Narrowing.parse(request.args)
    after = _id(request.args.get("after", ""))
    waiting = _page(person, asked, after)
    lately = closed_lately(person, now - CLOSED_LATELY).limit(MOST_CLOSED)
    shown = [*waiting[:PAGE], *db.session.scalars(lately)]
    all_cards = cards.cards_of(shown, Side.REFERENT)
    many = len(waiting[:PAGE])
    return {
        "typed": "",
        "asked": asked,
        "after": after,
        "counts": _counts(person),
        "open_cards": all_cards[:many],
        "next_after": waiting[PAGE - 1].id if len(waiting) > PAGE else None,
        "closed_cards": all_cards[many:],
    }


def _page(person: Person, asked: Narrowing, after: int | None) -> Sequence[Referral]:
    """One more than is shown. A question that has left the list still marks its place in it."""
    wanted = inbox(person, asked)
    place = db.session.execute(place_of(person, after, asked)).first() if after else None
    if place is not None:
        wanted = wanted.where(below(place, asked))
    return db.session.scalars(wanted.limit(PAGE + 1)).all()


def _counts(person: Person) -> Counts:
    rows = [Counted(*row) for row in db.session.execute(counted(person))]
    topics = _by_id([(row.topic_id, row.all) for row in rows])
    askers = _by_id([(row.asker_id, row.all) for row in rows])
    labels = {each.id: each.label_in(language()) for each in _rows(Topic, person, topics)}
    names = {each.id: each.name for each in _rows(Organisation, person, askers)}
    return Counts(rows, _named(labels, topics), _named(names, askers))


def _rows(kind: type[Kind], person: Person, ids: Iterable[int]) -> Sequence[Kind]:
    rows = select(kind).where(kind.centre_id == person.centre_id, kind.id.in_(ids))
    return db.session.scalars(rows).all()


def _by_id(rows: Sequence[tuple[int | None, int]]) -> dict[int, int]:
    found: dict[int, int] = {}
    for key, many in rows:
        if key is not None:
            found[key] = found.get(key, 0) + many
    return found


def _named(names: dict[int, str], many: dict[int, int]) -> dict[int, tuple[str, int]]:
    return {key: (names[key], many[key]) for key in sorted(names, key=lambda key: names[key])}


def _today(team: Team, now: datetime) -> tuple[Team, list[str], str | None]:
    """A team with its hours of the day, and the public holiday that the day is there."""
    hours = hours_of(team)
    return team, words.open_today(hours, now), words.holiday_today(hours, now)


def _typed() -> str:
    return request.args.get("q", "").strip()[:200]


def _id(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 19 else None
