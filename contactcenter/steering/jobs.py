"""Protocols that start and end by themselves, and the measure of what they changed."""

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db
from contactcenter.edge import sweep
from contactcenter.languages import force_locale
from contactcenter.queues.saturation import Level
from contactcenter.steering import actions, queries, rules
from contactcenter.steering.models import Protocol, ProtocolRun


@sweep(every_seconds=15)
def steer() -> None:
    """Start what its rule starts, end what the level no longer asks for."""
    now = clock.now()
    centre = db.session.get_one(Centre, current_centre())
    for protocol, _queue, run in db.session.execute(queries.protocols()).all():
        wanted = Level[protocol.level.value.upper()]
        since = rules.held_since(_spells(protocol.queue_id, centre), wanted)
        with force_locale(centre.languages[0]):
            if run is not None:
                by_hand = run.started_by is not None
                if rules.ends(since, run.started_at, now, by_hand=by_hand):
                    actions.end(run, _("Le niveau est retombé."), by=None)
            elif protocol.starts_by_rule and rules.starts(
                since, timedelta(minutes=protocol.hold_minutes), _last_end(protocol), now
            ):
                why = _("Niveau tenu pendant %(minutes)s minutes.", minutes=protocol.hold_minutes)
                actions.start(protocol, why, by=None)


@sweep(every_seconds=60)
def measure_effects() -> None:
    """Half an hour after the end, what became of the queue."""
    due = select(ProtocolRun).where(
        ProtocolRun.centre_id == current_centre(),
        ProtocolRun.after.is_(None),
        ProtocolRun.ended_at <= clock.now() - actions.MEASURED_OVER,
    )
    for run in db.session.scalars(due.limit(50)):
        actions.measure_after(run)


def _spells(queue_id: int, centre: Centre) -> list[rules.Spell]:
    spells = queries.spells_of(queue_id, include_rehearsal=centre.rehearsing)
    return [(Level[spell.level.upper()], spell.began_at) for spell in db.session.scalars(spells)]


def _last_end(protocol: Protocol) -> datetime | None:
    return db.session.scalar(
        select(func.max(ProtocolRun.ended_at)).where(
            ProtocolRun.centre_id == protocol.centre_id, ProtocolRun.protocol_id == protocol.id
        )
    )
