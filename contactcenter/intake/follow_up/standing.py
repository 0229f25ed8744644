"""Where a request stands, in words a citizen can use: the place in line, the step, the date."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.directory.models import Counter, Site, Topic
from contactcenter.escalation.booking_letters import how
from contactcenter.escalation.queries import open_told
from contactcenter.escalation.slot_models import Booking, Slot
from contactcenter.escalation.slot_queries import ahead_of_ticket
from contactcenter.intake.follow_up import queries
from contactcenter.queues import announced
from contactcenter.queues.line import RANKS, in_line, in_order
from contactcenter.queues.models import Queue, Visit, VisitState
from contactcenter.queues.outlook import patience_of
from contactcenter.queues.queries import waiting
from contactcenter.queues.rules import ahead_of
from contactcenter.queues.saturation import WaitRange, estimate_range
from contactcenter.queues.staff import sharing
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

RECENT = timedelta(hours=3)


@dataclass(frozen=True)
class InLine:
    """A place in a waiting room. `rank` is None for who was called; no honest range is None too."""

    visit: Visit
    site: Site
    rank: int | None
    expected: WaitRange | None
    counter: str | None
    seen_at: datetime

    @property
    def be_there_at(self) -> datetime | None:
        return self.seen_at + timedelta(minutes=self.expected.low) if self.expected else None


@dataclass(frozen=True)
class Appointment:
    """A moment with an expert, and what the citizen does then."""

    booking: Booking
    slot: Slot
    organisation: str
    how: str


@dataclass(frozen=True)
class Standing:
    ticket: Ticket
    topic: Topic | None
    line: InLine | None
    is_with_expert: bool
    answer_due_at: datetime | None
    appointments: Sequence[Appointment]
    is_answered: bool


def standing(ticket: Ticket) -> Standing:
    referrals = db.session.scalars(open_told(ticket)).all()
    dates = [referral.due_at for referral in referrals if referral.due_at]
    return Standing(
        ticket,
        db.session.get(Topic, (ticket.centre_id, ticket.topic_id)) if ticket.topic_id else None,
        in_the_room(ticket),
        bool(referrals),
        max([*dates, *([ticket.due_at] if ticket.due_at else [])], default=None),
        appointments(ticket),
        is_answered(ticket),
    )


def is_answered(ticket: Ticket) -> bool:
    """Whether we ended it: who left unserved, or needs nothing more, was not answered by that."""
    return not ticket.is_open and not db.session.scalar(queries.ended_by_citizen(ticket))


def appointments(ticket: Ticket) -> list[Appointment]:
    """Those ahead, the soonest first."""
    return [
        Appointment(booking, slot, organisation.name, how(booking.way))
        for booking, slot, _team, organisation in db.session.execute(ahead_of_ticket(ticket))
    ]


def in_the_room(ticket: Ticket) -> InLine | None:
    row = db.session.execute(queries.stay_of(ticket, tickets.survivor(ticket))).one_or_none()
    if row is None or row.Visit.state is VisitState.PARKED:
        return None
    visit, queue = row
    site = db.session.get_one(Site, (queue.centre_id, queue.site_id))
    now = clock.now()
    if visit.state is not VisitState.WAITING:
        return InLine(visit, site, None, None, _counter_of(visit), now)
    rank = in_order(_waiting([queue.id])).index(visit) + 1
    return InLine(visit, site, rank, _expected(visit, queue, now), None, now)


def _waiting(queue_ids: Sequence[int]) -> list[Visit]:
    return [
        other
        for other in db.session.scalars(waiting(queue_ids))
        if other.state is VisitState.WAITING
    ]


def _expected(visit: Visit, queue: Queue, now: datetime) -> WaitRange | None:
    """Who came before in another queue of the same counters is called before, too."""
    played = db.session.get_one(Centre, queue.centre_id).rehearsing
    shared = sharing(queue.centre_id, [queue.id], now, include_rehearsal=played)
    served = [queue.id, *shared.get(queue.id, ())]
    services, seconds = db.session.execute(queries.services_since(served, now - RECENT)).one()
    others = _waiting(served)
    line = [in_line(other) for other in others]
    ahead = ahead_of(line, others.index(visit), greatest_class=max(RANKS.values()))
    told = estimate_range(
        ahead.expected,
        agents=db.session.scalar(queries.receiving_in(queue, now)) or 0,
        handling_seconds=float(seconds) if seconds else None,
        recent_services=services,
        patience_seconds=patience_of(queue.id),
        may_overtake=ahead.may_overtake,
    )
    announced.note(visit, announced.Place.PAGE, told, ahead.expected, now)
    return told


def _counter_of(visit: Visit) -> str | None:
    if visit.counter_id is None:
        return None
    return db.session.get_one(Counter, (visit.centre_id, visit.counter_id)).name
