"""What follows from the events of a question: letters to write, screens to look again.

A referent's act runs behind the walls of their organisation, so what concerns the centre's side is
staged for a job, which runs in the whole centre's scope.
"""

from contactcenter import live, outbox
from contactcenter.accounts.events import PersonChanged, PersonDisabled
from contactcenter.db import current_centre, db
from contactcenter.escalation import actions, bookings, pressings
from contactcenter.escalation.events import (
    BookingBegun,
    BookingEnded,
    ConsultBooked,
    CoverageLost,
    MandateRecorded,
    MandateRevoked,
    PrecisionGiven,
    ReferralAnswered,
    ReferralAsked,
    ReferralChased,
    ReferralEvent,
    ReferralExpired,
    ReferralHandedOn,
    ReferralHandedOver,
    ReferralRefused,
    ReferralWithdrawn,
    SideWritten,
)
from contactcenter.escalation.mandate_queries import asked_under
from contactcenter.escalation.models import Referral
from contactcenter.notices.events import NoticeFailed
from contactcenter.notices.models import Notice
from contactcenter.teamwork.actions import nudge_once
from contactcenter.teamwork.models import Why
from contactcenter.tickets.live import wake


def tell_team(event: ReferralAsked) -> None:
    """By e-mail; a live question is shown to who is on duty, and nobody reads a mail in time.

    Of an appointment the expert who offered it is told.
    """
    if not event.is_live and not event.is_booked:
        outbox.stage("escalation.tell_team", referral_id=event.referral_id)


def tell_asker_unreached(event: NoticeFailed) -> None:
    """The mail that tells the experts of a question did not arrive: its asker is told."""
    if event.kind != "referral_asked":
        return
    notice = db.session.get_one(Notice, (current_centre(), event.notice_id))
    key = (current_centre(), notice.referral_id)
    referral = db.session.get(Referral, key) if notice.referral_id else None
    if referral is not None and referral.is_open:
        nudge_once(referral.ticket_id, referral.asked_by, Why.UNREACHED)


def tell_taker(event: PrecisionGiven) -> None:
    outbox.stage("escalation.tell_taker", referral_id=event.referral_id)


def tell_chased(event: ReferralChased) -> None:
    outbox.stage("escalation.tell_chased", referral_id=event.referral_id)


def tell_citizen_asked(event: ReferralAsked) -> None:
    if not event.is_live and not event.is_booked:
        outbox.stage("escalation.tell_citizen_asked", referral_id=event.referral_id)


def tell_citizen_answered(event: ReferralAnswered) -> None:
    outbox.stage("escalation.tell_citizen_answered", referral_id=event.referral_id)


def tell_citizen_ended(event: ReferralWithdrawn | ReferralExpired) -> None:
    outbox.stage("escalation.tell_citizen_ended", referral_id=event.referral_id)


def route_on(event: ReferralRefused) -> None:
    outbox.stage("escalation.route_on", referral_id=event.referral_id)


def tell_new_holders(event: ReferralHandedOver) -> None:
    outbox.stage("escalation.tell_team", referral_id=event.referral_id)


def tell_colleague(event: ReferralHandedOn) -> None:
    if event.to_person_id != event.person_id and not event.is_one_of_many:
        outbox.stage("escalation.tell_colleague", referral_id=event.referral_id)


def keep_covered(_event: PersonDisabled | PersonChanged) -> None:
    """Whoever leaves may leave questions behind, or a team empty."""
    outbox.stage("escalation.look_after_left")


def warn_of_gap(event: CoverageLost) -> None:
    outbox.stage("escalation.warn_of_gap", alarm_id=event.alarm_id)


def end_pressings(
    event: ReferralAnswered | ReferralRefused | ReferralWithdrawn | ReferralExpired,
) -> None:
    pressings.end(event.referral_id, type(event).__name__, by_id=event.person_id)


def pass_answer_on(event: ReferralAnswered) -> None:
    """Only where another team invited this one."""
    if actions.get(event.referral_id).invited_by is not None:
        outbox.stage("escalation.pass_on_answer", referral_id=event.referral_id)


def send_receipt(event: MandateRecorded) -> None:
    outbox.stage("escalation.send_receipt", mandate_id=event.mandate_id)


def send_revocation(event: MandateRevoked) -> None:
    if not event.is_of_former:
        outbox.stage("escalation.send_revocation", mandate_id=event.mandate_id)


def tell_booked(event: ConsultBooked) -> None:
    outbox.stage("escalation.tell_booked", booking_id=event.booking_id)


def count_begun(event: BookingBegun) -> None:
    outbox.stage("escalation.count_begun", booking_id=event.booking_id)


def follow_ended_booking(event: BookingEnded) -> None:
    outbox.stage("escalation.follow_ended", booking_id=event.booking_id)


def end_booking(
    event: ReferralAnswered | ReferralRefused | ReferralWithdrawn | ReferralExpired,
) -> None:
    """A question that is closed needs no appointment."""
    bookings.settle(event.referral_id)


def shut_pages(event: MandateRevoked) -> None:
    """Whoever looks at a question that was asked under it, closed ones too, sees it no more."""
    for referral_id, team_id in db.session.execute(asked_under(event.mandate_id)):
        live.touch(f"referral:{referral_id}")
        live.touch(f"referrals:{team_id}")


def refresh_side(event: SideWritten) -> None:
    """The centre's side sees nothing of it."""
    live.touch(f"referral:{event.referral_id}")


def refresh_referral(event: ReferralEvent) -> None:
    wake(event.ticket_id)
    live.touch(f"referral:{event.referral_id}")
    live.touch(f"referrals:{event.team_id}")
