"""Questions about appointments: what can be booked, what is booked, what must be looked after."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Date, Select, and_, cast, exists, func, or_, select

from contactcenter.accounts.models import Membership, Organisation, Person
from contactcenter.db import current_centre
from contactcenter.directory.models import Team
from contactcenter.escalation.models import Referral
from contactcenter.escalation.shown import told_with
from contactcenter.escalation.slot_models import AHEAD, Booking, BookingStatus, Slot
from contactcenter.escalation.staffing_models import Absence
from contactcenter.tickets.models import Ticket

GIVEN_BACK = (BookingStatus.CANCELLED, BookingStatus.CHANGED)


def free(team_ids: Collection[int], after: datetime, until: datetime) -> Select[Slot, str]:
    """What can be booked of these teams, the soonest first, with who would be there."""
    return (
        select(Slot, Person.name)
        .join(Person, and_(Person.centre_id == Slot.centre_id, Person.id == Slot.person_id))
        .join(Team, _team_of_slot())
        .where(
            Slot.centre_id == current_centre(),
            Slot.team_id.in_(team_ids),
            Slot.starts_at > after,
            Slot.starts_at < until,
            Slot.taken_back_at.is_(None),
            ~_is_booked(),
            _is_there(),
        )
        .order_by(Slot.starts_at, Person.name, Slot.id)
    )


def any_free(now: datetime) -> Select[bool]:
    """Whether some expert offers a slot that nobody has, by a look that stops at the first."""
    found = exists().where(
        Slot.centre_id == current_centre(),
        Slot.starts_at > now,
        Slot.taken_back_at.is_(None),
        ~_is_booked(),
    )
    return select(found)


def _team_of_slot() -> ColumnElement[bool]:
    return and_(Team.centre_id == Slot.centre_id, Team.id == Slot.team_id)


def _is_booked() -> ColumnElement[bool]:
    return exists().where(
        Booking.centre_id == Slot.centre_id,
        Booking.slot_id == Slot.id,
        Booking.status.not_in(GIVEN_BACK),
    )


def _is_there() -> ColumnElement[bool]:
    """On Slot with its person and team: who offered it still serves, and is not away that day."""
    day = cast(func.timezone(Team.timezone, Slot.starts_at), Date)
    away = exists().where(
        Absence.centre_id == Slot.centre_id,
        Absence.person_id == Slot.person_id,
        Absence.from_on <= day,
        Absence.to_on >= day,
    )
    serves = exists().where(
        Membership.centre_id == Slot.centre_id,
        Membership.person_id == Slot.person_id,
        Membership.team_id.is_not(None),
    )
    own = or_(serves.where(Membership.team_id == Slot.team_id), ~serves)
    return and_(Person.disabled_at.is_(None), ~away, own)


def locked_slot(slot_id: int) -> Select[Slot]:
    return (
        select(Slot)
        .where(Slot.centre_id == current_centre(), Slot.id == slot_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def holder_of(slot: Slot) -> Select[str]:
    """The name of who booked this slot."""
    return (
        select(Person.name)
        .join(
            Booking,
            and_(Booking.centre_id == Person.centre_id, Booking.booked_by == Person.id),
        )
        .where(
            Booking.centre_id == slot.centre_id,
            Booking.slot_id == slot.id,
            Booking.status.not_in(GIVEN_BACK),
        )
    )


def offered_by(person: Person, since: datetime) -> Select[Slot, Booking]:
    """One's own slots from then on, each with its appointment, if it has one."""
    booked = and_(
        Booking.centre_id == Slot.centre_id,
        Booking.slot_id == Slot.id,
        Booking.status.not_in(GIVEN_BACK),
    )
    return (
        select(Slot, Booking)
        .outerjoin(Booking, booked)
        .where(
            Slot.centre_id == person.centre_id,
            Slot.person_id == person.id,
            Slot.ends_at > since,
            Slot.taken_back_at.is_(None),
        )
        .order_by(Slot.starts_at)
    )


def last_telephone(person: Person) -> Select[str]:
    return (
        select(Slot.telephone)
        .where(Slot.centre_id == person.centre_id, Slot.person_id == person.id)
        .order_by(Slot.id.desc())
        .limit(1)
    )


def overlapping(person_id: int, starts_at: datetime, ends_at: datetime) -> Select[int]:
    return select(Slot.id).where(
        Slot.centre_id == current_centre(),
        Slot.person_id == person_id,
        Slot.starts_at < ends_at,
        Slot.ends_at > starts_at,
        Slot.taken_back_at.is_(None),
    )


def bookings_of(referral_ids: Collection[int]) -> Select[Booking, Slot, str]:
    """Each appointment of these questions with its slot and the expert's name, oldest first."""
    return (
        select(Booking, Slot, Person.name)
        .join(Slot, and_(Slot.centre_id == Booking.centre_id, Slot.id == Booking.slot_id))
        .join(Person, and_(Person.centre_id == Slot.centre_id, Person.id == Slot.person_id))
        .where(Booking.centre_id == current_centre(), Booking.referral_id.in_(referral_ids))
        .order_by(Booking.id)
    )


def ahead_of(referral_id: int) -> Select[Booking, Slot]:
    """The appointment that a question has ahead of it; locked."""
    return (
        select(Booking, Slot)
        .join(Slot, and_(Slot.centre_id == Booking.centre_id, Slot.id == Booking.slot_id))
        .where(
            Booking.centre_id == current_centre(),
            Booking.referral_id == referral_id,
            Booking.status.in_(AHEAD),
        )
        .with_for_update(of=Booking)
        .execution_options(populate_existing=True)
    )


def ahead_of_ticket(ticket: Ticket) -> Select[Booking, Slot, Team, Organisation]:
    """The appointments of a request's citizen that lie ahead, the soonest first, with whom."""
    return (
        select(Booking, Slot, Team, Organisation)
        .join(
            Referral,
            and_(Referral.centre_id == Booking.centre_id, Referral.id == Booking.referral_id),
        )
        .join(Slot, and_(Slot.centre_id == Booking.centre_id, Slot.id == Booking.slot_id))
        .join(Team, _team_of_slot())
        .join(
            Organisation,
            and_(Organisation.centre_id == Team.centre_id, Organisation.id == Team.organisation_id),
        )
        .where(
            Booking.centre_id == current_centre(),
            Booking.status.in_(AHEAD),
            told_with(ticket),
        )
        .order_by(Slot.starts_at)
    )


def to_look_after(now: datetime, most: int) -> Select[Booking, Slot, Referral, bool]:
    """Appointments whose time has come, or whose expert is no longer there for it; locked.

    The last column says whether the expert still serves the team the question is with.
    """
    is_there = and_(_is_there(), Slot.team_id == Referral.team_id)
    return (
        select(Booking, Slot, Referral, is_there)
        .join(Slot, and_(Slot.centre_id == Booking.centre_id, Slot.id == Booking.slot_id))
        .join(
            Referral,
            and_(Referral.centre_id == Booking.centre_id, Referral.id == Booking.referral_id),
        )
        .join(Person, and_(Person.centre_id == Slot.centre_id, Person.id == Slot.person_id))
        .join(Team, _team_of_slot())
        .where(
            Booking.centre_id == current_centre(),
            Booking.status.in_(AHEAD),
            or_(
                and_(Slot.starts_at <= now, Booking.waits_from.is_(None)),
                Slot.ends_at <= now,
                ~is_there,
            ),
        )
        .order_by(Slot.starts_at, Booking.id)
        .limit(most)
        .with_for_update(of=(Booking, Referral), skip_locked=True)
        .execution_options(populate_existing=True)
    )
