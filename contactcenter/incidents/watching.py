"""Whether more people than usual ask about a topic: the alarm of queues, over requests by topic.

Every quarter of an hour the requests of each topic are held against the forecast of that hour; the
forecast and the evidence are those of queues (`queues/forecast.py`, `queues/surge.py`). An alarm
proposes an incident, once, until a person has opened or refused it; what was refused or ended is
not proposed again for some hours.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from contactcenter import clock, live
from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db
from contactcenter.incidents import queries
from contactcenter.incidents.models import Incident, TopicWatch
from contactcenter.queues.forecast import WEEKS, Expectation, PastDay, expectation
from contactcenter.queues.past_demand import holiday_name
from contactcenter.queues.surge import LEAST_SPREAD, Watch

HOUR = timedelta(hours=1)
INTERVAL = timedelta(minutes=15)
AN_HOUR = HOUR // INTERVAL
QUIET_AFTER = timedelta(hours=6)
FEWEST = 8  # requests in the hour: fewer are chance, whatever was usual

Counts = Mapping[tuple[int, int], int]


def watch_topics(now: datetime) -> None:
    """Count the intervals that ended since the last time; nothing to do within one."""
    until = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % INTERVAL
    kept = {row.topic_id: row for row in db.session.scalars(queries.watches())}
    if any(row.counted_until >= until for row in kept.values()):
        return
    centre = db.session.get_one(Centre, current_centre())
    last = [
        (until - INTERVAL * back, until - INTERVAL * (back - 1)) for back in range(AN_HOUR, 0, -1)
    ]
    counts = _counts(last, centre)
    asked = {topic_id for topic_id, _place in counts} | set(kept)
    if not asked:
        return
    usual = _usual(asked, until, centre)
    for topic_id in sorted(asked):
        _watch(topic_id, kept.get(topic_id), counts, usual.get(topic_id), last)


def _watch(
    topic_id: int,
    row: TopicWatch | None,
    counts: Counts,
    usual: Expectation | None,
    last: Sequence[queries.Window],
) -> None:
    until = last[-1][1]
    known = row is not None and row.counted_until >= last[0][0]
    watch = Watch(row.score, row.surge_since is not None) if row and known else Watch()
    new = [
        counts.get((topic_id, place), 0)
        for place, (begins, _ends) in enumerate(last)
        if not (row and known) or begins >= row.counted_until
    ]
    if usual is None:
        watch = Watch()
    else:
        for count in new:
            watch = watch.after(count, usual.means[0] / AN_HOUR, max(LEAST_SPREAD, usual.cv))
    _keep(topic_id, row, watch, until)
    came = sum(counts.get((topic_id, place), 0) for place in range(len(last)))
    if watch.is_alarm and usual is not None and came >= FEWEST:
        propose(topic_id, came, usual.means[0], begun_at=last[0][0])


def _keep(topic_id: int, row: TopicWatch | None, watch: Watch, until: datetime) -> None:
    if row is not None and not watch.score:
        db.session.delete(row)
        return
    if row is None:
        if not watch.score:
            return
        row = TopicWatch(topic_id=topic_id)
        db.session.add(row)
    row.score, row.counted_until = watch.score, until
    row.surge_since = (row.surge_since or until) if watch.is_alarm else None


def propose(topic_id: int, came: int, expected: float, *, begun_at: datetime) -> Incident | None:
    """A proposal for the managers; None where there is one, or where one was just refused."""
    now = clock.now()
    if db.session.scalar(queries.of_topic(topic_id).limit(1)) is not None:
        return None
    if db.session.scalar(queries.refused_since(topic_id, now - QUIET_AFTER).limit(1)) is not None:
        return None
    incident = Incident(
        topic_id=topic_id, begun_at=begun_at, proposed_at=now, came=came, expected=expected
    )
    db.session.add(incident)
    live.touch("board")
    return incident


def _counts(windows: Sequence[queries.Window], centre: Centre) -> Counts:
    rows = db.session.execute(queries.opened_in(windows, include_rehearsal=centre.rehearsing))
    return {(topic_id, place): count for topic_id, place, count in rows}


def _usual(topic_ids: set[int], until: datetime, centre: Centre) -> dict[int, Expectation]:
    """The forecast of that hour, from the same one of every day of past weeks."""
    first = db.session.scalar(queries.first_opened())
    zone = ZoneInfo(centre.timezone)
    days = {
        window[1].astimezone(zone).date(): window
        for window in _same_hours(until, zone)
        if first and first <= window[0]
    }
    found = _counts(list(days.values()), centre) if days else {}
    today = until.astimezone(zone).date()
    told = {
        topic_id: expectation(
            [
                PastDay(day, [found.get((topic_id, place), 0)], holiday=_is_holiday(centre, day))
                for place, day in enumerate(days)
            ],
            today,
            holiday=_is_holiday(centre, today),
        )
        for topic_id in topic_ids
    }
    return {topic_id: each for topic_id, each in told.items() if each is not None}


def _same_hours(until: datetime, zone: ZoneInfo) -> Iterator[queries.Window]:
    """That hour of each past day, by the clock on the wall."""
    local = until.astimezone(zone)
    for days in range(1, 7 * WEEKS + 1):
        end = (local - timedelta(days=days)).astimezone(until.tzinfo)
        yield end - HOUR, end


def _is_holiday(centre: Centre, day: date) -> bool:
    return holiday_name(centre.country, None, day) is not None
