"""An appointment by telephone: our line rings the expert, then the citizen, numbers unseen."""

from functools import partial

from flask import current_app
from twilio.base.exceptions import TwilioRestException
from twilio.twiml.voice_response import Dial, VoiceResponse

from contactcenter import clock, live
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Line
from contactcenter.edge import Errand, transaction
from contactcenter.escalation import actions as referrals
from contactcenter.escalation.models import Referral
from contactcenter.escalation.shown import shown_citizen
from contactcenter.escalation.slot_models import Booking, Slot, Way
from contactcenter.intake.phone import queries
from contactcenter.notices import carrier

RINGS_SECONDS = 30


def ring(booking_id: int) -> Errand | None:
    """Have both rung, once for each time the expert asked for it; what is refused is shown to them.

    That it is asked for is written down before it is: the operator makes every call that it hears
    of, so whoever is cut short in between does not ask again. The expert may.
    """
    booking = _locked(booking_id)
    if booking.way is not Way.PHONE or booking.begun_at is None or booking.called_at is not None:
        return None
    slot = db.session.get_one(Slot, (current_centre(), booking.slot_id))
    line = db.session.scalar(queries.any_line())
    citizen_number = _number_of(referrals.get(booking.referral_id))
    booking.called_at, booking.call_sid = clock.now(), ""
    if line is None or not citizen_number:
        _fail(booking)
        return None
    twiml = str(_through(line, citizen_number))
    return partial(_dial, booking_id, to=slot.telephone, from_=line.number, twiml=twiml)


def _dial(booking_id: int, *, to: str, from_: str, twiml: str) -> None:
    try:
        call = carrier.client().calls.create(to=to, from_=from_, timeout=RINGS_SECONDS, twiml=twiml)
    except (TwilioRestException, carrier.NoAccount, OSError) as why:
        if carrier.was_made(why):
            current_app.logger.warning("appointment %s: perhaps rung", booking_id)
            return
        with transaction():
            _fail(_locked(booking_id))
    else:
        with transaction():
            booking = _locked(booking_id)
            booking.call_sid = call.sid or ""
            live.touch(f"referral:{booking.referral_id}")


def _fail(booking: Booking) -> None:
    booking.call_failed_at = clock.now()
    live.touch(f"referral:{booking.referral_id}")


def _locked(booking_id: int) -> Booking:
    key = (current_centre(), booking_id)
    return db.session.get_one(Booking, key, with_for_update=True, populate_existing=True)


def _through(line: Line, citizen: str) -> VoiceResponse:
    """What the expert hears once they pick up: the citizen's telephone, rung from our number."""
    response = VoiceResponse()
    dial = Dial(caller_id=line.number, timeout=RINGS_SECONDS)
    dial.number(citizen)
    response.append(dial)
    return response


def _number_of(referral: Referral) -> str:
    citizen = shown_citizen(referral)
    return (citizen.phone or "") if citizen else ""
