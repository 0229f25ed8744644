"""A call that is promised instead of a wait: a visit of its own, at the place the caller had.

It waits in the same line, rings at the same agents, and ends in one of three ways: the citizen is
reached, is not reached after a few tries, or nobody called in time.
"""

from datetime import datetime, timedelta

from flask_babel import gettext as _

from contactcenter import clock, outbox
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Line
from contactcenter.errors import Conflict
from contactcenter.intake.phone import actions, offers, records, silence_queries
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.intake.phone.opening import closes_at
from contactcenter.intake.phone.rules import promised_until
from contactcenter.queues import actions as queues
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import Source, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.saturation import WaitRange
from contactcenter.steering.in_force import offers_callbacks

TOLERANCE = timedelta(minutes=10)  # so much later than said is still in time
AGAIN_AFTER = timedelta(minutes=10)
MOST_TRIES = 3
RINGS_FOR = timedelta(seconds=60)
MOST_AT_ONCE = 100
SAME = ("line_id", "interaction_id", "receipt_id", "caller", "language", "digit", "topic_id")


def may_promise(call: PhoneCall, visit: Visit, estimate: WaitRange | None) -> datetime | None:
    """Until when this caller could be called back; None when that is not offered."""
    if call.caller is None or call.promised_until is not None:
        return None
    now = clock.now()
    if not offers_callbacks(visit.queue_id):
        after = known_routing().rule(visit.queue_id).callback_after_seconds
        waited = (now - (visit.virtual_entered_at or visit.entered_at)).total_seconds()
        expected = estimate.high * 60 if estimate else 0
        if after is None or max(waited, expected) < after:
            return None
    line = db.session.get_one(Line, (call.centre_id, call.line_id))
    return promised_until(now, estimate.high if estimate else None, closes_at(line))


def promise(call: PhoneCall, until: datetime) -> None:
    """The caller hangs up and keeps their place; asked twice, one call is promised."""
    visit = records.visit_of(call)
    if visit is None or visit.state is not VisitState.WAITING:
        return
    queues.leave(visit, Outcome.CALLBACK)
    following = queues.follow(visit, Source.CALLBACK)
    following.due_at = until + TOLERANCE
    call.wrapped_at = clock.now()
    back = PhoneCall(
        **{name: getattr(call, name) for name in SAME},
        visit_id=following.id,
        queue_id=following.queue_id,
        rang_at=clock.now(),
        heard_at=clock.now(),
        promised_until=until,
    )
    db.session.add(back)


def ring(call: PhoneCall) -> None:
    """The agent is there: the citizen is rung now."""
    visit = records.visit_of(call)
    if visit is not None and visit.state is VisitState.RESERVED:
        visit.reserved_until = clock.now() + RINGS_FOR
        outbox.stage("intake.call_back", call_id=call.id, leg=call.leg)


def note_telephone(call: PhoneCall, call_sid: str) -> None:
    """Of a call of ours: who cut short the dialling left its id to be told by the operator."""
    if call.promised_until is not None:
        call.call_sid = call.call_sid or call_sid or None


def reach(call: PhoneCall) -> None:
    """The person is there: the promise is kept, since both were on the telephone."""
    if not call.awaits_word:
        return
    call.reached_at = clock.now()
    actions.settle(call)
    if call.hung_up_at is not None:
        actions.end_unheard(call, call.hung_up_at)


def refuse_voicemail(call: PhoneCall) -> None:
    """Nobody was there but a machine: the try is counted, the promise stays. Raises Conflict."""
    if not call.awaits_word:
        raise Conflict(_("Cet échange compte déjà comme tenu."))
    miss(call)


def believe_reached() -> None:
    """Nobody said otherwise in time: whoever picked up is the person."""
    unsaid = silence_queries.promises_picked_up(clock.now(), MOST_AT_ONCE)
    for call_id in db.session.scalars(unsaid):
        reach(records.lock_id(call_id))


def miss(call: PhoneCall) -> None:
    """Nobody answered: it is tried again later, a few times."""
    call.tries += 1
    if call.tries >= MOST_TRIES:
        give_up(call, Outcome.CALLBACK_UNREACHED)
    else:
        put_back(call)
        call.try_after = clock.now() + AGAIN_AFTER


def put_back(call: PhoneCall) -> None:
    """The two telephones were not brought together: it waits again, its place kept."""
    visit = records.visit_of(call)
    if visit is None or visit.outcome is not None:
        return
    offers.put_back(call, visit)


def give_up(call: PhoneCall, outcome: Outcome) -> None:
    """The promise ends without a talk."""
    visit = records.visit_of(call)
    if visit is None or visit.outcome is not None:
        return
    _let_go(call)
    actions.leave_line(call, visit, outcome, None)
    records.note_end(call)


def break_late() -> None:
    """What was promised and not done in time is said so: the citizen is among those to call."""
    late = (
        db.select(PhoneCall.id)
        .join(Visit, (Visit.centre_id == PhoneCall.centre_id) & (Visit.id == PhoneCall.visit_id))
        .where(
            PhoneCall.centre_id == current_centre(),
            PhoneCall.promised_until.is_not(None),
            PhoneCall.ended_at.is_(None),
            Visit.state == VisitState.WAITING,
            Visit.due_at < clock.now(),
        )
        .order_by(PhoneCall.id)
        .limit(MOST_AT_ONCE)
    )
    for call_id in db.session.scalars(late):
        call = records.lock_id(call_id)
        tried = call.tries > 0
        give_up(call, Outcome.CALLBACK_UNREACHED if tried else Outcome.CALLBACK_BROKEN)


def is_being_brought_together(call: PhoneCall) -> bool:
    """Of a promised call: the citizen has not answered yet."""
    return call.promised_until is not None and call.joined_at is None and call.ended_at is None


def _let_go(call: PhoneCall) -> None:
    for sid in filter(None, (call.call_sid, call.agent_sid)):
        outbox.stage("intake.let_go", call_sid=sid)
