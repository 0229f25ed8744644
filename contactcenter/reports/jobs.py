"""The level of each queue, which changes slowly and for all at once; reports that come by mail."""

from datetime import datetime, timedelta

from sqlalchemy import update

from contactcenter import clock, live
from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db
from contactcenter.edge import sweep
from contactcenter.queues.civil_days import midnight
from contactcenter.queues.load import loads, observed
from contactcenter.queues.models import SaturationLevel
from contactcenter.queues.outlook import outlooks
from contactcenter.queues.past_models import LevelSpell
from contactcenter.queues.saturation import Level, saturation, step
from contactcenter.reports import orders, queries

EVERY = timedelta(seconds=15)


@sweep(every_seconds=300)
def send_reports() -> bool:
    """What managers ordered by mail, on the morning after the week or month."""
    return orders.send_due()


@sweep(every_seconds=15)
def watch_saturation() -> None:
    """Bring the levels up to date; boards look again when one changed, and once a minute."""
    now = clock.now()
    kept = {level.queue_id: level for level in db.session.scalars(queries.levels())}
    last = max((level.computed_at for level in kept.values()), default=None)
    if last is not None and now - last < EVERY:
        return
    computed = _levels_now(now)
    changed = [_keep(found, kept.get(found[0]), now) for found in computed]
    is_new_minute = last is None or now.replace(second=0, microsecond=0) > last
    if any(changed) or (is_new_minute and computed):
        live.touch("board")


def _levels_now(now: datetime) -> list[tuple[int, Level, int]]:
    """By queue, the level and how many wait."""
    centre = db.session.get_one(Centre, current_centre())
    queues = db.session.scalars(queries.queues()).all()
    found = loads(
        centre.id,
        [queue.id for queue in queues],
        now,
        midnight(now, centre.timezone),
        include_rehearsal=centre.rehearsing,
    )
    expected = outlooks()
    seen = {each.id: observed(each, found[each.id], now, expected.get(each.id)) for each in queues}
    return [(queue_id, saturation(each).level, each.waiting) for queue_id, each in seen.items()]


def _keep(found: tuple[int, Level, int], kept: SaturationLevel | None, now: datetime) -> bool:
    """Whether the level that is shown changed."""
    queue_id, computed, waiting = found
    if kept is None:
        name = computed.name.lower()
        db.session.add(
            SaturationLevel(
                queue_id=queue_id,
                level=name,
                since=now,
                candidate=name,
                candidate_since=now,
                computed_at=now,
            )
        )
        _begin_spell(queue_id, name, now)
        return True
    before, kept.computed_at = kept.level, now
    shown = step(
        _level(kept.level), _level(kept.candidate), kept.candidate_since, now, computed, waiting
    )
    kept.candidate, kept.candidate_since = shown.candidate.name.lower(), shown.candidate_since
    kept.level = shown.level.name.lower()
    if kept.level == before:
        return False
    kept.since = now
    _begin_spell(queue_id, kept.level, now)
    live.touch(f"queue:{queue_id}")
    return True


def _begin_spell(queue_id: int, level: str, now: datetime) -> None:
    """What a day was like is read from these spells."""
    db.session.execute(
        update(LevelSpell)
        .where(
            LevelSpell.centre_id == current_centre(),
            LevelSpell.queue_id == queue_id,
            LevelSpell.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    db.session.add(LevelSpell(queue_id=queue_id, level=level, began_at=now))


def _level(name: str) -> Level:
    return Level[name.upper()]
