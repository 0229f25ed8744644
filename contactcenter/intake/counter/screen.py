"""What the counter's screen shows: who waits, who is received, what they asked before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.directory.models import Counter, Topic
from contactcenter.escalation.cards import Panel, panel_of
from contactcenter.intake.counter import queries
from contactcenter.intake.counter.actions import CALLS_BEFORE_ABSENT
from contactcenter.intake.counter.place import Place
from contactcenter.intake.counter.words import LANGUAGES_ASKED, PRIORITIES
from contactcenter.languages import language, zone
from contactcenter.queues.line import in_order
from contactcenter.queues.models import PriorityClass, Source, Visit, VisitState
from contactcenter.queues.why_words import why_given
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True)
class Row:
    """Someone who waits, was called, or was set aside."""

    visit: Visit
    words: str
    reasons: Sequence[tuple[str | None, str]]

    @property
    def since(self) -> datetime:
        """The moment they came in, also for who came back."""
        return self.visit.virtual_entered_at or self.visit.entered_at


@dataclass(frozen=True)
class AtHand:
    """The person called or received at this counter."""

    visit: Visit
    words: str
    ticket: Ticket | None
    topic: Topic | None
    citizen: Citizen | None
    before: Sequence[Any]
    experts: Panel | None  # the questions about the request of who is received

    @property
    def why(self) -> list[str]:
        """Why this one was called here."""
        return why_given(self.visit.why)

    @property
    def is_received(self) -> bool:
        return self.visit.state is VisitState.SERVING

    @property
    def may_be_absent(self) -> bool:
        return self.visit.calls >= CALLS_BEFORE_ABSENT


@dataclass(frozen=True)
class Screen:
    place: Place
    waiting: Sequence[Row]
    elsewhere: Sequence[tuple[Row, str]]
    aside: Sequence[Row]
    at_hand: AtHand | None
    level: str | None
    received_today: int

    @property
    def topics(self) -> str:
        """The live topics of this screen."""
        return " ".join(f"queue:{queue_id}" for queue_id in self.place.queue_ids)


def look(person: Person, place: Place) -> Screen:
    # First: a visit called meanwhile would still be remembered here as one that waits.
    hand = at_hand(person)
    rows = {row.visit: row for row in _rows(queries.line_of(place.queue_ids), place)}
    waiting = [visit for visit in rows if visit.state is VisitState.WAITING]
    return Screen(
        place=place,
        waiting=_expected([rows[visit] for visit in in_order(waiting)]),
        elsewhere=_called_elsewhere(person, list(rows.values())),
        aside=_rows(queries.set_aside_in(place.queue_ids), place),
        at_hand=hand,
        level=_worst(place),
        received_today=db.session.scalar(queries.received_count(person, _midnight())) or 0,
    )


def at_hand(person: Person) -> AtHand | None:
    visit = db.session.scalar(queries.received_by(person)) or db.session.scalar(
        queries.called_by(person)
    )
    return shown(visit, person) if visit else None


def shown(visit: Visit, person: Person) -> AtHand:
    """A visit with its request, its citizen and what they asked before."""
    ticket = _of(Ticket, visit, visit.ticket_id)
    citizen = _of(Citizen, visit, ticket.citizen_id if ticket else None)
    topic = _of(Topic, visit, visit.topic_id)
    before = (
        db.session.execute(queries.asked_before(person, citizen.id, visit.ticket_id)).all()
        if citizen
        else ()
    )
    return AtHand(
        visit=visit,
        words=_words(ticket.subject if ticket else "", topic),
        ticket=ticket,
        topic=topic,
        citizen=citizen,
        before=before,
        experts=panel_of(ticket) if ticket and visit.state is VisitState.SERVING else None,
    )


def topic_labels() -> dict[int, str]:
    """The labels of the active topics in the language of who looks, in their order."""
    topics = db.session.scalars(queries.active_topics())
    labels = {topic.id: topic.label_in(language()) for topic in topics}
    return dict(sorted(labels.items(), key=lambda item: item[1].casefold()))


def topic_synonyms() -> dict[int, list[str]]:
    """Further words for each active topic, in every language."""
    topics = db.session.scalars(queries.active_topics())
    return {
        topic.id: [word for words in topic.synonyms.values() for word in words]
        + [str(label) for label in topic.label.values()]
        for topic in topics
    }


def _rows(select: Any, place: Place) -> list[Row]:
    return [
        Row(visit, _words(subject, topic), _reasons(visit, place))
        for visit, subject, topic in db.session.execute(select)
    ]


def _words(subject: str | None, topic: Topic | None) -> str:
    return topic.label_in(language()) if topic else subject or _("Sans motif")


def _reasons(visit: Visit, place: Place) -> list[tuple[str | None, str]]:
    reasons: list[tuple[str | None, str]] = []
    if visit.priority_class is PriorityClass.PRIORITY:
        icon, words = PRIORITIES.get(visit.priority_reason, ("flag", visit.priority_reason))
        reasons.append((icon, _("Passe avant : %(reason)s", reason=words)))
    if visit.source is Source.RETURN:
        reasons.append(("undo-2", _("De retour, sa place gardée")))
    if visit.overtaken:
        reasons.append(
            (None, ngettext("Dépassée par %(num)d", "Dépassée par %(num)d", visit.overtaken))
        )
    if visit.language in LANGUAGES_ASKED and visit.language != language():
        reasons.append(("languages", str(LANGUAGES_ASKED[visit.language])))
    if len(place.queues) > 1:
        reasons.append((None, next(q.name for q in place.queues if q.id == visit.queue_id)))
    return reasons


def _expected(rows: list[Row]) -> list[Row]:
    """Who was overtaken and comes next sees both."""
    if rows and rows[0].visit.overtaken:
        first = rows[0]
        rows[0] = Row(first.visit, first.words, [*first.reasons, (None, _("Sera la prochaine"))])
    return rows


def _called_elsewhere(person: Person, rows: Sequence[Row]) -> list[tuple[Row, str]]:
    """Who is on the way to another counter, with the name of that counter."""
    return [
        (row, counter.name if counter else "")
        for row in rows
        if row.visit.state is VisitState.RESERVED and row.visit.reserved_for != person.id
        for counter in [_of(Counter, row.visit, row.visit.counter_id)]
    ]


def _worst(place: Place) -> str | None:
    levels = ("fluid", "busy", "full", "blocked")
    stored = set(db.session.scalars(queries.level_of(place.queue_ids)))
    return next((level for level in reversed(levels) if level in stored), None)


def _midnight() -> datetime:
    return clock.now().astimezone(zone()).replace(hour=0, minute=0, second=0, microsecond=0)


def _of(kind: type[Any], visit: Visit, row_id: int | None) -> Any:
    return db.session.get(kind, (visit.centre_id, row_id)) if row_id is not None else None
