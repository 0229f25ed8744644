"""What follows a commit on the telephone, and what time does to calls nobody speaks of any more."""

from datetime import timedelta

from twilio.base.exceptions import TwilioRestException

from contactcenter import clock, outbox
from contactcenter.db import current_centre, db
from contactcenter.edge import Errand, job, sweep
from contactcenter.intake.phone import (
    actions,
    appointments,
    dialling,
    handing,
    hands,
    offers,
    pictures,
    promising,
    records,
    silence_queries,
    texts,
)
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.notices import carrier
from contactcenter.queues import holding
from contactcenter.queues.models import Visit

JOINS_WITHIN = timedelta(seconds=5)
RINGS_UNHEARD = timedelta(seconds=10)
SPEAKS_WITHIN = timedelta(minutes=3)
MOST_AT_ONCE = 100
ASKED_EVERY = timedelta(minutes=2)
MOST_ASKED = 20
LONGEST_CALL = timedelta(hours=4)  # Twilio ends a call by then


@job
def offer_calls() -> None:
    offers.offer_calls()


@job
def move_caller(call_id: int) -> None:
    call = _call(call_id)
    if call.accepted_at is None or call.joined_at is not None or call.ended_at is not None:
        return
    try:
        hands.move_caller(call)
    except hands.CallerGone:
        actions.give_up(records.lock_id(call_id), reason="hung up while being put through")


@job
def bring_agent(call_id: int) -> Errand | None:
    return dialling.bring_agent(call_id)


@job
def hang_up(call_id: int) -> None:
    call = _call(call_id)
    for call_sid in filter(None, (call.call_sid, call.agent_sid)):
        hands.hang_up(call_sid)


@job
def let_go(call_sid: str) -> None:
    """End one telephone's call alone: whom it was for is elsewhere."""
    hands.hang_up(call_sid)


@job
def set_hold(call_id: int) -> None:
    """Whatever was asked before, the operator is told how it stands now."""
    call = _call(call_id)
    visit = db.session.get(Visit, (call.centre_id, call.visit_id))
    if visit is None or call.joined_at is None or call.ended_at is not None:
        return
    held = holding.held_since(visit) is not None
    hands.set_hold(call, held=held)
    if (holding.held_since(visit) is not None) is not held:
        outbox.stage("intake.set_hold", call_id=call_id)  # changed while it was asked for


@job
def send_on(call_id: int, leg: int) -> None:
    """Take who was handed on out of the conference, unless they are further already."""
    call = _call(call_id)
    if call.leg != leg or call.accepted_at is not None or call.ended_at is not None:
        return
    try:
        hands.send_on(call)
    except hands.CallerGone:
        actions.give_up(records.lock_id(call_id), reason="hung up while being handed on")


@job
def connect_expert(visit_id: int) -> None:
    handing.connect_expert(visit_id)


@job
def come_back(visit_id: int) -> None:
    handing.come_back(visit_id)


@job
def ring_booking(booking_id: int) -> Errand | None:
    return appointments.ring(booking_id)


@job
def call_back(call_id: int, leg: int) -> Errand | None:
    return dialling.call_back(call_id, leg)


@job
def fetch_picture(ticket_id: int, interaction_id: int, place: str) -> None:
    pictures.fetch(ticket_id, interaction_id, place)


@sweep(every_seconds=300)
def read_held_texts() -> None:
    texts.read_held(MOST_AT_ONCE)


@sweep(every_seconds=30)
def break_late_promises() -> None:
    promising.break_late()


@sweep(every_seconds=1)
def offer_waiting_calls() -> None:
    offers.offer_calls()


@sweep(every_seconds=1)
def expire_offers() -> None:
    promising.believe_reached()
    offers.expire()


@job
def look_for_agent(call_id: int) -> None:
    """Learn whether an agent is in the conference, where nobody told us that they are."""
    call = _call(call_id)
    if call.agent_sid is None or call.agent_joined_at is not None or call.ended_at is not None:
        return
    leg, agent_sid = call.leg, call.agent_sid
    try:
        is_there = hands.is_there(call, agent_sid)
    except (TwilioRestException, OSError, carrier.NoAccount):
        return
    call = records.lock_id(call_id)
    if is_there and call.leg == leg:
        handing.join_agent(call, agent_sid)


@sweep(every_seconds=5)
def look_for_agents() -> None:
    now = clock.now()
    for call_id in db.session.scalars(
        silence_queries.agents_being_rung(now - RINGS_UNHEARD, MOST_ASKED)
    ):
        records.lock_id(call_id).asked_at = now
        outbox.stage("intake.look_for_agent", call_id=call_id)


@sweep(every_seconds=10)
def take_back_from_experts() -> None:
    """Whoever cut short the dialling of an expert left the caller alone with the music."""
    before = clock.now() - offers.CONNECTS_WITHIN
    for visit_id in db.session.scalars(silence_queries.talks_without_expert(before, MOST_AT_ONCE)):
        handing.come_back(visit_id)


@sweep(every_seconds=2)
def believe_lost_callbacks() -> None:
    """A caller sent to the conference is in it, or gone, though nobody told us.

    Who is gone was answered only if the agent was there before: else they have abandoned.
    """
    before = clock.now() - JOINS_WITHIN
    for call_id in db.session.scalars(silence_queries.calls_being_moved(before, MOST_AT_ONCE)):
        call = records.lock_id(call_id)
        if call.ended_at is None:
            actions.join(call, "")
        else:
            actions.give_up(call)


@sweep(every_seconds=5)
def believe_faults() -> None:
    before = clock.now() - actions.HANGS_UP_WITHIN
    for call_id in db.session.scalars(silence_queries.calls_of_failed_queues(before, MOST_AT_ONCE)):
        actions.settle(records.lock_id(call_id))


@sweep(every_seconds=15)
def give_up_silent_calls() -> None:
    before = clock.now() - SPEAKS_WITHIN
    for call_id in db.session.scalars(silence_queries.silent_calls(before, MOST_AT_ONCE)):
        actions.give_up(records.lock_id(call_id), reason="no more news of the call")


@sweep(every_seconds=20)
def look_for_talks() -> None:
    """Have the operator asked what became of each talk nobody spoke of for a while."""
    now = clock.now()
    for call_id in db.session.scalars(
        silence_queries.talks_not_heard_of(now - ASKED_EVERY, MOST_ASKED)
    ):
        call = records.lock_id(call_id)
        call.asked_at = now
        if now - call.rang_at > LONGEST_CALL:
            actions.end_unheard(call, call.heard_at)
        else:
            outbox.stage("intake.ask_after", call_id=call_id)


@job
def ask_after(call_id: int) -> None:
    """Learn the end of a talk whose report was lost. Without an answer it is asked for again."""
    call = _call(call_id)
    if call.ended_at is not None:
        return
    try:
        ended_at = hands.ended_at(call)
    except (TwilioRestException, OSError, carrier.NoAccount):
        return
    call = records.lock_id(call_id)
    if ended_at is None:
        call.heard_at = clock.now()
    else:
        actions.end_unheard(call, ended_at)


def _call(call_id: int) -> PhoneCall:
    return db.session.get_one(PhoneCall, (current_centre(), call_id))
