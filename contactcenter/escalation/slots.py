"""An expert offers slots for appointments: in the open hours of their team, none twice."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.directory.rules import open_time_between
from contactcenter.errors import Conflict, NotFound
from contactcenter.escalation import slot_queries
from contactcenter.escalation.slot_models import Slot
from contactcenter.escalation.staffing_models import DutyShift
from contactcenter.escalation.team_queries import shifts_of
from contactcenter.languages import zone

LENGTHS = (10, 15, 20, 30, 45, 60)
USUAL_LENGTH = 20
DAYS_AHEAD = 14  # of one's duty
FURTHEST = timedelta(days=120)

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Offered:
    """How many slots were added, and how many lie outside the team's hours or are there already."""

    added: int = 0
    left_out: int = 0

    def __add__(self, other: "Offered") -> "Offered":
        return Offered(self.added + other.added, self.left_out + other.left_out)


def offer(
    team: Team, on: date, start: time, end: time, minutes: int, telephone: str, *, by: Person
) -> Offered:
    """Offer the pieces of a day, by the clock on the team's wall."""
    zone = ZoneInfo(team.timezone)
    whole = (datetime.combine(on, start, zone), datetime.combine(on, end, zone))
    offered = Offered()
    for span in pieces(*whole, timedelta(minutes=minutes)):
        offered += _offer_one(team, span, telephone, by)
    return offered


def offer_duty(minutes: int, telephone: str, *, by: Person) -> Offered:
    """Offer one's own duty of the next two weeks."""
    offered = Offered()
    for shift, team in db.session.execute(shifts_of(by)).all():
        for on in _days_of(shift, team):
            start, end = _wall(shift.from_minute), _wall(shift.to_minute)
            offered += offer(team, on, start, end, minutes, telephone, by=by)
    return offered


def pieces(start: datetime, end: datetime, length: timedelta) -> Iterator[Span]:
    """Stretches of this length one after the other, as far as they fit."""
    while start + length <= end:
        yield start, start + length
        start += length


def take_back(slot_id: int, *, by: Person) -> None:
    """Offer it no more. Raises Conflict once somebody has it."""
    slot = db.session.scalar(slot_queries.locked_slot(slot_id))
    if slot is None or slot.person_id != by.id:
        raise NotFound(_("Ce créneau n’est pas à vous."))
    if db.session.scalar(slot_queries.holder_of(slot)) is not None:
        raise Conflict(_("Un rendez-vous y est pris : annulez-le d’abord, avec une raison."))
    slot.taken_back_at = slot.taken_back_at or clock.now()


def take_back_day(on: date, *, by: Person) -> None:
    """What nobody has of a day, as the reader's clock has it; what is booked meanwhile stays."""
    for slot, booking in db.session.execute(slot_queries.offered_by(by, clock.now())).all():
        if booking is None and slot.starts_at.astimezone(zone()).date() == on:
            db.session.refresh(slot, with_for_update=True)
            if db.session.scalar(slot_queries.holder_of(slot)) is None:
                slot.taken_back_at = clock.now()


def _offer_one(team: Team, span: Span, telephone: str, by: Person) -> Offered:
    starts_at, ends_at = span
    is_open = open_time_between(hours_of(team), starts_at, ends_at) == ends_at - starts_at
    if not is_open or starts_at <= clock.now() or _is_taken(by, span):
        return Offered(left_out=1)
    db.session.add(
        Slot(
            organisation_id=team.organisation_id,
            team_id=team.id,
            person_id=by.id,
            starts_at=starts_at,
            ends_at=ends_at,
            telephone=telephone,
            offered_at=clock.now(),
        )
    )
    return Offered(added=1)


def _is_taken(person: Person, span: Span) -> bool:
    db.session.flush()  # what was just offered counts
    return db.session.scalar(slot_queries.overlapping(person.id, *span).limit(1)) is not None


def _days_of(shift: DutyShift, team: Team) -> Iterator[date]:
    today = clock.now().astimezone(ZoneInfo(team.timezone)).date()
    days = (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD))
    return (day for day in days if day.weekday() == shift.weekday)


def _wall(minute: int) -> time:
    last = min(minute, 24 * 60 - 1)
    return time(last // 60, last % 60)
