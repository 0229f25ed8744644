"""Ring a telephone of ours: an agent's, or that of who was promised a call. Each once a stay.

That it is rung is written down before it is: the operator makes every call that it hears of, so
whoever is cut short in between does not ring it again. What rings nobody waits again by the clock.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import current_app
from twilio.base.exceptions import TwilioRestException

from contactcenter import clock, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.edge import Errand, transaction
from contactcenter.intake.phone import handing, hands, posts, promising, records
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.notices import carrier

AGAIN_AFTER = timedelta(seconds=3)  # until the call waits again, where our account was refused

Answer = Callable[[PhoneCall], None]


def bring_agent(call_id: int) -> Errand | None:
    """Have the telephone of who took the call rung, unless it was already."""
    call = records.lock_id(call_id)
    if call.accepted_by is None or call.agent_dialled_at is not None or call.ended_at is not None:
        return None
    person = db.session.get_one(Person, (call.centre_id, call.accepted_by))
    call.agent_dialled_at = clock.now()
    ring = hands.agent_ring(call, posts.telephone_of(person))
    return partial(_dial, call_id, call.leg, ring, _heard_agent, handing.fail_agent, _agent_again)


def call_back(call_id: int, leg: int) -> Errand | None:
    """Have who was promised it rung, while the agent is there."""
    call = records.lock_id(call_id)
    is_past = call.leg != leg or call.agent_joined_at is None or call.ended_at is not None
    if is_past or call.citizen_dialled_at is not None:
        return None
    call.citizen_dialled_at = clock.now()
    ring = hands.citizen_ring(call)
    return partial(_dial, call_id, leg, ring, _heard_citizen, promising.miss, _citizen_again)


def _dial(
    call_id: int,
    leg: int,
    ring: hands.Ring,
    hear: Callable[[PhoneCall, str], None],
    refuse: Answer,
    again: Answer,
) -> None:
    """Outside any transaction; what came of it is noted if the call is still in that stay."""
    try:
        sid = ring()
    except (TwilioRestException, carrier.NoAccount, OSError) as why:
        if carrier.was_made(why):
            current_app.logger.warning("call %s: perhaps rung", call_id)
            return
        is_final = isinstance(why, TwilioRestException) and carrier.is_final(why)
        with transaction():
            call = records.lock_id(call_id)
            if call.leg == leg:
                (refuse if is_final else again)(call)
    else:
        with transaction():
            call = records.lock_id(call_id)
            if call.leg == leg and call.ended_at is None:
                hear(call, sid)
            else:  # meanwhile it waits again, or is over
                outbox.stage("intake.let_go", call_sid=sid)


def _heard_agent(call: PhoneCall, sid: str) -> None:
    call.agent_sid = call.agent_sid or sid


def _heard_citizen(call: PhoneCall, sid: str) -> None:
    call.call_sid = call.call_sid or sid


def _agent_again(call: PhoneCall) -> None:
    """Nothing was rung, and not for a fault of that telephone."""
    call.agent_dialled_at = None
    outbox.stage("intake.bring_agent", due_at=clock.now() + AGAIN_AFTER, call_id=call.id)


def _citizen_again(call: PhoneCall) -> None:
    call.citizen_dialled_at = None
    due_at = clock.now() + AGAIN_AFTER
    outbox.stage("intake.call_back", due_at=due_at, call_id=call.id, leg=call.leg)
