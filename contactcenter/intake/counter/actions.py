"""The verbs of the counter: give a number, call, receive, set aside, see off.

A ticket is opened when someone comes in, not when they are received: so a follow-up code exists
from the first minute and nothing is lost if they leave. Who leaves before being received is counted
by the visit. Their ticket stays open if we know whom to call back; if the person is anonymous
nobody can act on it, so it is resolved at once with that reason, and opens again by itself when
they come back or write with their code.
"""

from dataclasses import dataclass

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Centre, Person
from contactcenter.citizens import actions as citizens
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Topic
from contactcenter.errors import Conflict, NotFound
from contactcenter.intake.codes import code_of
from contactcenter.intake.counter import queries
from contactcenter.intake.counter.place import Place
from contactcenter.queues import actions as queues
from contactcenter.queues.events import VisitLeft
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import PriorityClass, Queue, QueueKind, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Interaction, Message, Ticket
from contactcenter.tickets.references import hash_code
from contactcenter.triage import actions as triage
from contactcenter.triage import placing
from contactcenter.triage.models import Field

CALLS_BEFORE_ABSENT = 2


@dataclass(frozen=True)
class Who:
    """Whom to reach; nobody has to say."""

    name: str = ""
    phone: str = ""
    email: str = ""
    birth_year: int | None = None

    @property
    def is_anonymous(self) -> bool:
        return not (self.name or self.phone or self.email)


@dataclass(frozen=True)
class WalkIn:
    """What is noted of someone who comes in; everything may be missing."""

    subject: str = ""
    topic_id: int | None = None
    known: Ticket | None = None  # the request they come back for
    priority_reason: str = ""
    language: str = "fr"
    who: Who = Who()
    citizen_id: int | None = None  # someone known, recognised by the agent


class NotYours(Conflict):
    def __init__(self) -> None:
        super().__init__(_("Un autre guichet s’occupe de cette personne."))


def admit(walk_in: WalkIn, queue: Queue, *, key: str, by: Person | None) -> Visit:
    """Give a number to someone who comes in; `by` nobody, they take it themselves.

    The same `key` twice gives one number.
    """
    played = db.session.get_one(Centre, queue.centre_id).rehearsing
    whole_key = _key(queue, key, by)
    receipt = receipts.claim(Door.COUNTER, whole_key, is_rehearsal=played)
    if receipt is None:
        return db.session.scalars(queries.admitted_with(whole_key)).one()
    citizen_id = _meet(walk_in, is_rehearsal=played)
    interaction = tickets.open_interaction(
        Channel.COUNTER, citizen_id=citizen_id, is_rehearsal=played
    )
    code = code_of(queue.centre_id, interaction.id)
    ticket = walk_in.known or _open(walk_in, queue, interaction, code, by)
    interaction.ticket_id = ticket.id
    visit = queues.enter(
        queue,
        channel=Channel.COUNTER,
        interaction_id=interaction.id,
        ticket_id=ticket.id,
        topic_id=ticket.topic_id,
        language=walk_in.language,
        priority_class=_class_of(walk_in.priority_reason),
        priority_reason=walk_in.priority_reason,
        follow_up_hash=hash_code(code),
        by=by,
        is_rehearsal=played,
    )
    if by and walk_in.known and not _locked(ticket.id).is_open:
        tickets.reopen(ticket, by=by)
    fate = Fate.ATTACHED if walk_in.known else Fate.TICKETED
    receipts.settle(receipt, fate, ticket_id=ticket.id)
    return visit


def divert(topic: Topic, language: str, queue: Queue, *, key: str) -> Visit:
    """Count who is sent elsewhere at the tablet, where a protocol closed this topic; once a key."""
    played = db.session.get_one(Centre, queue.centre_id).rehearsing
    whole_key = _key(queue, key, None)
    receipt = receipts.claim(Door.COUNTER, whole_key, is_rehearsal=played)
    if receipt is None:
        return db.session.scalars(queries.admitted_with(whole_key)).one()
    visit = queues.enter(
        queue,
        channel=Channel.COUNTER,
        topic_id=topic.id,
        language=language,
        is_rehearsal=played,
    )
    if visit.outcome is None:  # else the room was full besides, and they are counted as refused
        queues.leave(visit, Outcome.DIVERTED)
    receipts.settle(receipt, Fate.REJECTED, visit_id=visit.id, problem="sent elsewhere")
    return visit


def call_next(place: Place, *, by: Person) -> Visit | None:
    """Call the right one to this counter; None if nobody waits. Who is called already, stays so."""
    called = db.session.scalar(queries.called_by(by))
    return called or queues.call_next(by, place.queue_ids, counter_id=place.counter.id)


def call_out_of_turn(visit_id: int, place: Place, *, by: Person) -> Visit:
    return queues.call(visit_id, by, place.queue_ids, counter_id=place.counter.id)


def call_again(visit: Visit, *, by: Person) -> None:
    _hold(visit, by)
    queues.recall(visit, by=by)


def receive(visit: Visit, *, by: Person) -> None:
    """The called person is here: service begins, and their request is held by who serves them.

    What a colleague already holds stays theirs.
    """
    _hold(visit, by)
    queues.answer(visit, by=by)
    _hand_over(visit, to=by, held_by=None, by=by)


def finish(visit: Visit, text: str, *, by: Person, is_settled: bool) -> None:
    """See someone off; `text` says what was done. What is not settled waits for a written answer.

    Finishing twice ends nothing twice, and a text written in between is kept.
    """
    if visit.answered_by != by.id:
        raise NotYours
    _write(visit, text, by)
    if visit.state is VisitState.OVER:
        return
    queues.finish(visit, by=by)
    _end_interaction(visit)
    if visit.ticket_id is None:
        return
    ticket = _locked(visit.ticket_id)
    if not ticket.is_open:
        return
    if is_settled:
        tickets.resolve(ticket, by=by)
    else:
        placing.place_again(ticket, by=by)


def set_aside(visit: Visit, text: str, *, by: Person) -> None:
    """Let someone fetch a paper or wait for an expert; the number stays theirs."""
    if visit.answered_by != by.id:
        raise NotYours
    queues.park(visit, by=by)
    _write(visit, text, by)


def put_back(visit: Visit, text: str, *, by: Person) -> Visit:
    """Back in line at the place of their arrival, whether called or already received."""
    if visit.state is VisitState.RESERVED:
        _hold(visit, by)
        queues.release(visit, by=by)
        return visit
    if visit.state is VisitState.SERVING:
        set_aside(visit, text, by=by)
    _hand_over(visit, to=None, held_by=visit.answered_by, by=by)
    return queues.come_back(visit, by=by)


def note_departure(visit: Visit, *, by: Person) -> None:
    """They left, or said that they leave, before being received."""
    if visit.state is VisitState.RESERVED and visit.reserved_for != by.id:
        raise NotYours
    queues.leave(visit, Outcome.ABANDONED, by=by, reason=_("Départ avant d’être reçu"))


def note_absence(visit: Visit, *, by: Person) -> None:
    """Called and not there. Raises Conflict before the second call: people are slow to rise."""
    _hold(visit, by)
    if visit.calls < CALLS_BEFORE_ABSENT:
        raise Conflict(_("Rappelez ce numéro une fois avant de noter son absence."))
    queues.leave(visit, Outcome.ABANDONED, by=by, reason=_("Appelé, ne s’est pas présenté"))


def set_citizen(visit: Visit, citizen_id: int | None, *, by: Person) -> None:
    """Say who it is: the visit's contact and its request are theirs from now on."""
    if visit.interaction_id is not None:
        _interaction(visit).citizen_id = citizen_id
    if visit.ticket_id is not None:
        tickets.set_citizen(_locked(visit.ticket_id), citizen_id, by=by)


def set_topic(visit: Visit, topic_id: int, *, by: Person) -> None:
    visit.topic_id = topic_id
    visit.needs = known_routing().needs(visit.queue_id, topic_id, visit.language)
    if visit.ticket_id is not None:
        triage.correct(_locked(visit.ticket_id), Field.TOPIC, str(topic_id), by=by)


def lock(visit_id: int, place: Place) -> Visit:
    """Load a visit of this place for change. Raises NotFound for any other."""
    visit = queues.lock(visit_id)
    if visit.queue_id not in place.queue_ids:
        raise NotFound(_("Cette personne n’est dans aucune file de ce lieu."))
    return visit


def settle_unserved(event: VisitLeft) -> None:
    """What follows for the request of someone who left a counter unserved: see the module."""
    visit = db.session.get_one(Visit, (current_centre(), event.visit_id))
    queue = db.session.get_one(Queue, (current_centre(), visit.queue_id))
    if queue.kind is not QueueKind.COUNTER or visit.outcome is Outcome.MOVED:
        return
    _end_interaction(visit)
    if visit.ticket_id is None:
        return
    ticket = _locked(visit.ticket_id)
    if ticket.is_open and ticket.citizen_id is None:
        tickets.resolve(ticket, by=None, reason=event.reason or _("Parti sans avoir été reçu"))


def _key(queue: Queue, key: str, by: Person | None) -> str:
    return f"{queue.centre_id}:{by.id if by else 'tablet'}:{key}"


def _meet(walk_in: WalkIn, *, is_rehearsal: bool) -> int | None:
    if walk_in.known and walk_in.known.citizen_id:
        return walk_in.known.citizen_id
    if walk_in.citizen_id:
        return walk_in.citizen_id
    if walk_in.who.is_anonymous:
        return None
    return recognise(walk_in.who, walk_in.language, is_rehearsal=is_rehearsal).id


def recognise(who: Who, language: str, *, is_rehearsal: bool) -> Citizen:
    return citizens.find_or_create(
        name=who.name,
        phone=who.phone,
        email=who.email,
        birth_year=who.birth_year,
        language=language,
        is_rehearsal=is_rehearsal,
    )


def _open(
    walk_in: WalkIn, queue: Queue, interaction: Interaction, code: str, by: Person | None
) -> Ticket:
    return tickets.open_ticket(
        walk_in.subject or _("Sans motif"),
        channel=Channel.COUNTER,
        language=walk_in.language,
        topic_id=walk_in.topic_id,
        queue_id=queue.id,
        site_id=queue.site_id,
        citizen_id=interaction.citizen_id,
        by=by,
        follow_up_code=code,
        is_rehearsal=interaction.is_rehearsal,
    )


def _class_of(reason: str) -> PriorityClass:
    return PriorityClass.PRIORITY if reason else PriorityClass.NORMAL


def _hold(visit: Visit, by: Person) -> None:
    if visit.state is VisitState.RESERVED and visit.reserved_for != by.id:
        raise NotYours
    if visit.state is not VisitState.RESERVED:
        raise queues.VisitMoved


def _hand_over(visit: Visit, *, to: Person | None, held_by: int | None, by: Person) -> None:
    """Give an open request from who holds it to someone, or to nobody in particular."""
    if visit.ticket_id is None:
        return
    ticket = _locked(visit.ticket_id)
    if ticket.is_open and ticket.assigned_to == held_by:
        tickets.assign(ticket, to, by=by)


def _write(visit: Visit, text: str, by: Person) -> None:
    """Record what was done, once: the same words sent again add nothing."""
    if not text.strip() or visit.ticket_id is None:
        return
    ticket, interaction = _locked(visit.ticket_id), _interaction(visit)
    if not db.session.scalar(queries.records_of(interaction).where(Message.text == text.strip())):
        tickets.record(ticket, text, by=by, interaction=interaction)


def _interaction(visit: Visit) -> Interaction:
    return db.session.get_one(Interaction, (visit.centre_id, visit.interaction_id))


def _end_interaction(visit: Visit) -> None:
    if visit.interaction_id is not None:
        _interaction(visit).ended_at = clock.now()


def _locked(ticket_id: int) -> Ticket:
    """The visit's own request: whoever may receive the person may write to it."""
    return db.session.scalars(
        db.select(Ticket)
        .where(Ticket.centre_id == current_centre(), Ticket.id == ticket_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
