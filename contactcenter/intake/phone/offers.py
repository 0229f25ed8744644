"""Which call rings at whose page: the right call of their queues, at the agent longest idle.

Several dispatchers may work at once: each holds the agents and the calls it brings together, and
passes over those another holds. An offer that nobody takes goes back with its place kept.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from flask_babel import gettext as _

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.errors import Conflict, NotFound
from contactcenter.intake.phone import queries, records, silence_queries
from contactcenter.intake.phone.models import Offer, OfferResult, PhoneCall
from contactcenter.queues import actions as queues
from contactcenter.queues import presence, routing
from contactcenter.queues.heads import fitting_people
from contactcenter.queues.models import ChosenStatus, Presence, Visit, VisitState
from contactcenter.queues.queries import presence_of

RINGS_FOR = timedelta(seconds=20)
CONNECTS_WITHIN = timedelta(seconds=60)
MOST_AT_ONCE = 100


class OfferGone(Conflict):
    def __init__(self) -> None:
        super().__init__(
            _("Cet appel n’est plus pour vous : il a été repris, ou la personne a raccroché.")
        )


def offer_calls() -> None:
    """Let each waiting call ring at the agent who has been idle longest, while there are both."""
    while queue_ids := list(db.session.scalars(queries.queues_with_calls())):
        rung = [_offer_next(person, own) for person, own in _ready(queue_ids)]
        if not any(rung):
            return


def accept(visit_id: int, *, by: Person) -> PhoneCall:
    """The agent takes the call: both telephones are brought together. Raises OfferGone."""
    call, visit = _held(visit_id, by)
    if call.accepted_at is not None:
        return call
    now = clock.now()
    call.accepted_at, call.accepted_by = now, by.id
    visit.called_at, visit.reserved_until = now, now + CONNECTS_WITHIN
    close(call, OfferResult.ACCEPTED)
    if call.promised_until is None:
        outbox.stage("intake.move_caller", call_id=call.id)
    outbox.stage("intake.bring_agent", call_id=call.id)
    refresh(call)
    return call


def decline(visit_id: int, *, by: Person) -> None:
    """Let another agent take it; the caller keeps their place. Raises OfferGone."""
    call, visit = _held(visit_id, by)
    if call.accepted_at is not None:
        raise OfferGone
    close(call, OfferResult.DECLINED)
    queues.release(visit, by=by, reason=OfferResult.DECLINED)


def expire() -> None:
    """Nobody moved, or the telephones could not be brought together: the call waits again."""
    for call_id in db.session.scalars(silence_queries.calls_to_release(clock.now(), MOST_AT_ONCE)):
        call = records.lock_id(call_id)
        visit = records.visit_of(call)
        if visit is not None and _has_run_out(visit):
            _take_back(call, visit)


def miss(call: PhoneCall, visit: Visit) -> None:
    """The telephone of who took it did not answer: they are set away, and it rings elsewhere."""
    _set_away(visit)
    offer = db.session.scalars(queries.last_offer(call)).one()
    offer.result, offer.settled_at = OfferResult.SILENT_POST, clock.now()
    live.touch(f"person:{offer.person_id}")
    put_back(call, visit)


def put_back(call: PhoneCall, visit: Visit) -> None:
    """The two telephones were not brought together: the call waits again, its place kept."""
    if visit.state is VisitState.RESERVED:
        close(call, OfferResult.UNANSWERED)
        queues.release(visit, reason="not_connected")
    if call.promised_until is not None:
        _let_go(call.call_sid, call.agent_sid)
        call.call_sid = None
    else:
        _let_go(call.agent_sid)
    records.begin_leg(call, visit)
    if call.promised_until is None:
        outbox.stage("intake.send_on", call_id=call.id, leg=call.leg)


def _let_go(*sids: str | None) -> None:
    for sid in filter(None, sids):
        outbox.stage("intake.let_go", call_sid=sid)


def close(call: PhoneCall, result: OfferResult) -> None:
    """Settle the offer of this call that still rings, if one does."""
    for offer in db.session.scalars(queries.open_offers(call)):
        offer.result, offer.settled_at = result, clock.now()
        live.touch(f"person:{offer.person_id}")


def refresh(call: PhoneCall) -> None:
    if call.accepted_by is not None:
        live.touch(f"person:{call.accepted_by}")


def _ready(queue_ids: Sequence[int]) -> list[tuple[Person, list[int]]]:
    """Agents who can be rung for a call that waits, longest idle first, each with their queues.

    As many as calls wait: the others are looked at when those have been given out.
    """
    now = clock.now()
    fitting = fitting_people(current_centre(), queue_ids, now)
    calls = db.session.scalar(queries.waiting_calls(queue_ids, MOST_AT_ONCE)) or 0
    ready = queries.ready_agents(queue_ids, now).where(Person.id.in_(fitting)).limit(calls)
    return [(row.Person, list(row.queue_ids)) for row in db.session.execute(ready)]


def _offer_next(person: Person, queue_ids: Sequence[int]) -> bool:
    """Whether a call rings there now."""
    here = db.session.scalar(presence_of(person).with_for_update(skip_locked=True))
    chosen = here and routing.choose(person, queue_ids, queries.has_living_call(), waits=False)
    if not here or not chosen:
        return False
    try:
        with db.session.begin_nested():
            queues.give(_with_idle(chosen, here), person, RINGS_FOR)
    except queues.AlreadyServing:
        return False  # they called someone to their counter a moment ago
    call_id = db.session.scalars(queries.call_of(chosen.visit.id)).one()
    db.session.add(Offer(call_id=call_id, person_id=person.id, offered_at=clock.now()))
    return True


def _with_idle(chosen: routing.Chosen, here: Presence) -> routing.Chosen:
    """With how long the agent was free: calls go to who was so for longest."""
    if here.idle_since is None:
        return chosen
    idle = round((clock.now() - here.idle_since).total_seconds())
    return replace(chosen, why=chosen.why | {"idle": idle})


def _held(visit_id: int, by: Person) -> tuple[PhoneCall, Visit]:
    call_id = db.session.scalar(queries.call_of(visit_id))
    if call_id is None:
        raise NotFound(_("Cet appel n’est pas connu ici."))
    call = records.lock_id(call_id)
    visit = records.visit_of(call)
    if visit is None or visit.state is not VisitState.RESERVED or visit.reserved_for != by.id:
        raise OfferGone
    return call, visit


def _has_run_out(visit: Visit) -> bool:
    return (
        visit.state is VisitState.RESERVED
        and visit.reserved_until is not None
        and visit.reserved_until <= clock.now()
    )


def _take_back(call: PhoneCall, visit: Visit) -> None:
    if call.awaits_word:
        return
    if call.accepted_at is None:
        _set_away(visit)
        # Settled after the status has changed: what set a person away is known by not being older.
        close(call, OfferResult.UNANSWERED)
        queues.release(visit, reason=OfferResult.UNANSWERED)
    elif call.joined_at is not None and call.agent_joined_at is None:
        miss(call, visit)
    else:
        put_back(call, visit)


def _set_away(visit: Visit) -> None:
    person = db.session.get_one(Person, (visit.centre_id, visit.reserved_for))
    presence.choose(person, ChosenStatus.OFFLINE)
