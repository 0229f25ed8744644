"""Reports that come by mail: ordered, sent after each week or month, given up."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.accounts.models import Centre, Person
from contactcenter.accounts.permissions import Permission
from contactcenter.db import current_centre, db
from contactcenter.errors import NotFound
from contactcenter.notices import actions as notices
from contactcenter.notices.letters import speaking
from contactcenter.notices.models import Means
from contactcenter.queues.models import Queue
from contactcenter.reports import letters, overview
from contactcenter.reports.models import Every, ReportOrder
from contactcenter.reports.periods import Period, month_of, week_of

SENT_AT = time(7)  # by the clock of the centre
A_BATCH = 20


def order(every: Every, queue: Queue | None, *, by: Person) -> None:
    """From now on by mail; asking twice changes nothing."""
    centre = db.session.get_one(Centre, current_centre())
    now = clock.now()
    db.session.execute(
        insert(ReportOrder)
        .values(
            centre_id=centre.id,
            person_id=by.id,
            every=every,
            queue_id=queue.id if queue else None,
            ordered_at=now,
            due_at=next_due(every, now, centre.timezone),
        )
        .on_conflict_do_nothing()
    )


def give_up(order_id: int, *, by: Person) -> None:
    """Raises NotFound for one that is not theirs."""
    found = db.session.scalar(_of(by).where(ReportOrder.id == order_id))
    if found is None:
        raise NotFound(_("Cet envoi n’existe pas."))
    db.session.delete(found)


def orders_of(person: Person) -> Sequence[tuple[ReportOrder, str | None]]:
    """Each with the name of its queue; None for all of them."""
    named = (Queue.centre_id == ReportOrder.centre_id) & (Queue.id == ReportOrder.queue_id)
    wanted = _of(person).outerjoin(Queue, named).add_columns(Queue.name).order_by(ReportOrder.id)
    return [(found, name) for found, name in db.session.execute(wanted)]


def send_due() -> bool:
    """Write the reports that are due; whether more wait. Run twice, nobody gets one twice."""
    due = list(db.session.scalars(_due(clock.now())))
    for each in due:
        _send(each)
    return len(due) == A_BATCH


def next_due(every: Every, now: datetime, timezone: str) -> datetime:
    """The first morning after the week or month in which `now` is."""
    here = now.astimezone(ZoneInfo(timezone))
    first = _period(every, here.date()).last + timedelta(days=1)
    return datetime.combine(first, SENT_AT, here.tzinfo)


def _send(found: ReportOrder) -> None:
    centre = db.session.get_one(Centre, current_centre())
    person = db.session.get_one(Person, (centre.id, found.person_id))
    if not (person.is_active and person.may(Permission.SEE_REPORTS)):
        db.session.delete(found)
        return
    day = found.due_at.astimezone(ZoneInfo(centre.timezone)).date() - timedelta(days=1)
    queue = db.session.get(Queue, (centre.id, found.queue_id)) if found.queue_id else None
    shown = overview.look(centre, _period(found.every, day), queue)
    with speaking(person.language, centre.timezone):
        letter = letters.report(shown, centre.timezone)
    notices.write(
        kind="report",
        means=Means.EMAIL,
        to_address=person.email,
        subject=letter.subject,
        body=letter.body,
        language=person.language,
        dedupe_key=f"report-{found.id}-{shown.period.first}",
        is_rehearsal=centre.rehearsing,
    )
    found.due_at = next_due(found.every, max(clock.now(), found.due_at), centre.timezone)


def _period(every: Every, day: date) -> Period:
    return week_of(day) if every is Every.WEEK else month_of(day)


def _of(person: Person) -> Select[Any]:
    return select(ReportOrder).where(
        ReportOrder.centre_id == current_centre(), ReportOrder.person_id == person.id
    )


def _due(now: datetime) -> Select[Any]:
    return (
        select(ReportOrder)
        .where(ReportOrder.centre_id == current_centre(), ReportOrder.due_at <= now)
        .order_by(ReportOrder.due_at)
        .limit(A_BATCH)
        .with_for_update(skip_locked=True)
    )
