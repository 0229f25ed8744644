"""An appointment by telephone: our line rings the expert, then the citizen, numbers unseen."""

from twilio.base.exceptions import TwilioRestException
from twilio.twiml.voice_response import Dial, VoiceResponse

from contactcenter import clock, live
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Line
from contactcenter.escalation import actions as referrals
from contactcenter.escalation.models import Referral
from contactcenter.escalation.slot_models import Booking, Slot, Way
from contactcenter.intake.phone import queries
from contactcenter.notices import carrier
from contactcenter.tickets import actions as tickets

RINGS_SECONDS = 30


def ring(booking_id: int) -> None:
    """Ring both, once for each time the expert asked for it; what is refused is shown to them."""
    booking = db.session.get_one(Booking, (current_centre(), booking_id), with_for_update=True)
    if booking.way is not Way.PHONE or booking.begun_at is None or booking.called_at is not None:
        return
    slot = db.session.get_one(Slot, (current_centre(), booking.slot_id))
    referral = referrals.get(booking.referral_id)
    line, citizen_number = db.session.scalar(queries.any_line()), _number_of(referral)
    booking.called_at = clock.now()
    if line is None or not citizen_number or not _rung(line, slot.telephone, citizen_number):
        booking.call_failed_at = clock.now()
    live.touch(f"referral:{referral.id}")


def _rung(line: Line, expert: str, citizen: str) -> bool:
    """Whether the operator took the call on. Raises what may go better another time."""
    try:
        carrier.client().calls.create(
            to=expert, from_=line.number, timeout=RINGS_SECONDS, twiml=str(_through(line, citizen))
        )
    except TwilioRestException as refused:
        if not carrier.is_final(refused):
            raise
        return False
    except carrier.NoAccount:
        return False
    return True


def _through(line: Line, citizen: str) -> VoiceResponse:
    """What the expert hears once they pick up: the citizen's telephone, rung from our number."""
    response = VoiceResponse()
    dial = Dial(caller_id=line.number, timeout=RINGS_SECONDS)
    dial.number(citizen)
    response.append(dial)
    return response


def _number_of(referral: Referral) -> str:
    ticket = tickets.get(referral.ticket_id)
    citizen = ticket.citizen_id and db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
    return (citizen.phone or "") if citizen else ""
