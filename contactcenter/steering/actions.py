"""The verbs: approve a protocol, start it, end it and undo what it did, measure what it changed."""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from contactcenter import clock, live
from contactcenter.accounts.models import Centre, Membership, Person
from contactcenter.db import current_centre, db
from contactcenter.errors import Conflict, NotFound
from contactcenter.events import announce
from contactcenter.languages import force_locale
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Means
from contactcenter.queues import loans
from contactcenter.queues.models import Queue
from contactcenter.steering import queries
from contactcenter.steering.events import ProtocolApproved, ProtocolEnded, ProtocolStarted
from contactcenter.steering.measures import figures
from contactcenter.steering.models import Protocol, ProtocolRun

MEASURED_OVER = timedelta(minutes=30)  # before it starts, and after it ends


def approve(protocol: Protocol, *, by: Person) -> None:
    """Keep it as its approver left it; a run in force goes on with what was approved before."""
    protocol.approved_by, protocol.approved_at = by.id, clock.now()
    db.session.add(protocol)
    db.session.flush()  # its id is told
    announce(ProtocolApproved(protocol_id=protocol.id, person_id=by.id))


def start(protocol: Protocol, why: str, *, by: Person | None) -> ProtocolRun:
    """In force from now on. Raises Conflict when it already is."""
    now = clock.now()
    run = ProtocolRun(
        protocol_id=protocol.id,
        queue_id=protocol.queue_id,
        actions=dict(protocol.actions),
        undo={},
        started_at=now,
        started_by=by.id if by else None,
        start_why=why,
        before=_figures(protocol.queue_id, now - MEASURED_OVER, now),
    )
    db.session.add(run)
    try:
        db.session.flush()  # one at a time: the unique index speaks here
    except IntegrityError as second:
        raise Conflict(_("Ce protocole est déjà en cours.")) from second
    run.undo = {"memberships": _lend(run)}
    _call_in(run, protocol.name)
    _text(run, protocol.name)
    announce(
        ProtocolStarted(
            protocol_id=protocol.id, queue_id=run.queue_id, person_id=by.id if by else None
        )
    )
    live.touch("board")
    return run


def end(run: ProtocolRun, why: str, *, by: Person | None) -> None:
    """Undo what it did; what was there before stays."""
    if run.ended_at is not None:
        raise Conflict(_("Ce protocole n’est plus en cours."))
    now = clock.now()
    run.ended_at, run.ended_by, run.end_why = now, by.id if by else None, why
    run.during = _figures(run.queue_id, run.started_at, now)
    _take_back(run)
    announce(
        ProtocolEnded(
            protocol_id=run.protocol_id, queue_id=run.queue_id, person_id=by.id if by else None
        )
    )
    live.touch("board")


def measure_after(run: ProtocolRun) -> None:
    assert run.ended_at is not None
    run.after = _figures(run.queue_id, run.ended_at, run.ended_at + MEASURED_OVER)


def locked_run(run_id: int) -> ProtocolRun:
    run = db.session.scalar(
        select(ProtocolRun)
        .where(ProtocolRun.centre_id == current_centre(), ProtocolRun.id == run_id)
        .with_for_update()
    )
    if run is None:
        raise NotFound(_("Ce protocole n’a pas été lancé."))
    return run


def _figures(queue_id: int, start: datetime, end: datetime) -> dict[str, Any]:
    centre = db.session.get_one(Centre, current_centre())
    return figures(queue_id, start, end, clock.now(), include_rehearsal=centre.rehearsing)


def _lend(run: ProtocolRun) -> list[int]:
    """Let the people of another queue serve this one too; who already does is left alone."""
    other = run.actions.get("lend_from")
    if other is None:
        return []
    there = set(db.session.scalars(queries.members(run.queue_id)))
    lent = [
        Membership(person_id=person_id, queue_id=run.queue_id)
        for person_id in db.session.scalars(queries.members(int(other)))
        if person_id not in there
    ]
    db.session.add_all(lent)
    db.session.flush()  # their ids are what ends with the run
    return [membership.id for membership in lent]


def _take_back(run: ProtocolRun) -> None:
    """Who was lent to the queue by name meanwhile keeps serving it, for as long as that says."""
    theirs = Membership.centre_id == run.centre_id, Membership.id.in_(run.undo["memberships"])
    for lent in db.session.scalars(select(Membership).where(*theirs)):
        if not loans.keep_access(lent):
            db.session.delete(lent)


def _call_in(run: ProtocolRun, name: str) -> None:
    centre = db.session.get_one(Centre, current_centre())
    queue = db.session.get_one(Queue, (run.centre_id, run.queue_id))
    for person_id in run.actions.get("call_in", []):
        person = db.session.get(Person, (run.centre_id, person_id))
        if person is None or person.disabled_at is not None:
            continue
        with force_locale(person.language):
            subject = _("Renfort demandé : %(queue)s", queue=queue.name)
            body = _(
                "La file %(queue)s a besoin de vous. Le protocole « %(name)s » vient de commencer :"
                " %(why)s",
                queue=queue.name,
                name=name,
                why=run.start_why,
            )
        notices.write(
            kind="protocol",
            means=Means.EMAIL,
            to_address=person.email,
            subject=subject,
            body=body,
            language=person.language,
            dedupe_key=f"protocol-{run.id}-{person_id}",
            is_rehearsal=centre.rehearsing,
        )


def _text(run: ProtocolRun, name: str) -> None:
    centre = db.session.get_one(Centre, current_centre())
    queue = db.session.get_one(Queue, (run.centre_id, run.queue_id))
    with force_locale(centre.languages[0]):
        body = _(
            "La file %(queue)s a besoin de vous. Le protocole « %(name)s » vient de commencer :"
            " %(why)s",
            queue=queue.name,
            name=name,
            why=run.start_why,
        )
    for number in run.actions.get("text_to", []):
        notices.write(
            kind="protocol",
            means=Means.SMS,
            to_address=number,
            body=body,
            language=centre.languages[0],
            dedupe_key=f"protocol-{run.id}-{number}",
            is_rehearsal=centre.rehearsing,
        )
