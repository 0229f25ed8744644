"""What an agent at the telephone sees: the call that rings, the one under way, or who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.actions import country
from contactcenter.citizens.models import Citizen
from contactcenter.citizens.rules import readable
from contactcenter.db import db
from contactcenter.directory.models import Line, Topic
from contactcenter.intake.counter.queries import asked_before
from contactcenter.intake.phone import posts, queries, records
from contactcenter.intake.phone.menu import chosen_label
from contactcenter.intake.phone.models import Offer, PhoneCall
from contactcenter.intake.phone.promising import MOST_TRIES
from contactcenter.intake.phone.targets import Targets, targets
from contactcenter.languages import language
from contactcenter.queues import holding
from contactcenter.queues.models import ChosenStatus, Queue, QueueKind, Source, Visit
from contactcenter.queues.queries import presence_of, queues_of, reserved_for, serving
from contactcenter.queues.why_words import why_given
from contactcenter.tickets.models import Message, Ticket


class Stage(StrEnum):
    """Where the agent stands with the telephone."""

    AWAY = "away"
    READY = "ready"
    BUSY = "busy"  # with someone who came another way: nothing rings until they have left
    UNLISTED = "unlisted"  # of no queue of calls
    OFFERED = "offered"
    CONNECTING = "connecting"
    PICKED_UP = "picked_up"  # of a call of ours: by the person, or by a voicemail
    TALKING = "talking"
    WRAPPING = "wrapping"


@dataclass(frozen=True)
class Caller:
    """A call with what the agent should know before a word is said."""

    call: PhoneCall
    visit: Visit
    queue: Queue
    line: Line
    words: str
    ticket: Ticket | None
    citizen: Citizen | None
    number: str | None
    records: Sequence[Message]
    before: Sequence[Any]
    held_since: datetime | None
    handed_by: str | None  # who talked to them before, when the call was handed on

    @property
    def came_at(self) -> datetime:
        return self.visit.virtual_entered_at or self.visit.entered_at

    @property
    def why(self) -> list[str]:
        """Why it rings here and not elsewhere."""
        return why_given(self.visit.why)

    @property
    def tries_left(self) -> int:
        """Of a promised call that nobody takes now."""
        return max(0, MOST_TRIES - self.call.tries - 1)

    @property
    def ticket_id(self) -> int | None:
        return self.ticket.id if self.ticket else None


@dataclass(frozen=True)
class Screen:
    stage: Stage
    caller: Caller | None
    targets: Targets | None  # to whom the call under way can be handed on
    missed: Offer | None
    queues: Sequence[Any]  # queue, waiting, oldest_at
    number: str | None
    now: datetime

    @property
    def topics(self) -> str:
        """The live topics of this screen, beside the person's own."""
        return " ".join(f"queue:{row.Queue.id}" for row in self.queues)


def look(person: Person) -> Screen:
    queues = _queues(person)
    stage, call = _stage(person, queues)
    caller = _caller(call, person) if call else None
    return Screen(
        stage=stage,
        caller=caller,
        targets=targets(person, caller.queue.id) if caller and stage is Stage.TALKING else None,
        missed=db.session.scalar(queries.missed_offer(person)) if stage is Stage.AWAY else None,
        queues=queues,
        number=posts.number_of(person),
        now=clock.now(),
    )


def _stage(person: Person, queues: Sequence[Any]) -> tuple[Stage, PhoneCall | None]:
    if call := db.session.scalar(queries.call_under_way(person)):
        return Stage.TALKING, call
    if call := db.session.scalar(queries.ringing_call(person)):
        return _of_ringing(call), call
    if call := db.session.scalar(queries.call_to_note(person, clock.now())):
        return Stage.WRAPPING, call
    return _without_call(person, queues), None


def _of_ringing(call: PhoneCall) -> Stage:
    if call.awaits_word:
        return Stage.PICKED_UP
    return Stage.CONNECTING if call.accepted_at else Stage.OFFERED


def _without_call(person: Person, queues: Sequence[Any]) -> Stage:
    if not queues:
        return Stage.UNLISTED
    if db.session.scalar(serving(person)) or db.session.scalar(reserved_for(person)):
        return Stage.BUSY
    known = db.session.scalar(presence_of(person))
    is_ready = known is not None and known.status is ChosenStatus.READY
    return Stage.READY if is_ready else Stage.AWAY


def _caller(call: PhoneCall, person: Person) -> Caller:
    visit = db.session.get_one(Visit, (call.centre_id, call.visit_id))
    interaction = records.interaction_of(call)
    ticket = _of(Ticket, call, visit.ticket_id)
    citizen_id = ticket.citizen_id if ticket else interaction.citizen_id
    line = db.session.get_one(Line, (call.centre_id, call.line_id))
    return Caller(
        call=call,
        visit=visit,
        queue=records.queue_named(call, visit.queue_id),
        line=line,
        words=_words(call, line),
        ticket=ticket,
        citizen=_of(Citizen, call, citizen_id),
        number=readable(call.caller, country()) if call.caller else None,
        records=db.session.scalars(queries.records_of(interaction)).all(),
        before=db.session.execute(asked_before(person, citizen_id, visit.ticket_id)).all()
        if citizen_id
        else (),
        held_since=holding.held_since(visit),
        handed_by=_handed_by(visit),
    )


def _handed_by(visit: Visit) -> str | None:
    if visit.source is not Source.TRANSFER or visit.previous_id is None:
        return None
    return db.session.scalar(queries.served_by(visit.previous_id))


def _words(call: PhoneCall, line: Line) -> str:
    """The topic, else what was chosen in the menu, else nothing known."""
    topic: Topic | None = _of(Topic, call, call.topic_id)
    if topic is not None:
        return topic.label_in(language())
    label = chosen_label(line, call.digit, language())
    return label[:1].upper() + label[1:] if label else _("Motif à demander")


def _queues(person: Person) -> Sequence[Any]:
    served = db.session.scalars(queues_of(person, QueueKind.PHONE)).all()
    return db.session.execute(queries.lines_now([queue.id for queue in served])).all()


def _of(kind: type[Any], call: PhoneCall, row_id: int | None) -> Any:
    return db.session.get(kind, (call.centre_id, row_id)) if row_id is not None else None
