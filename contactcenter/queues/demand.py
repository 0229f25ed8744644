"""Citizens behind the visits: repeated attempts are one demand, and some were never served."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from contactcenter.queues.outcomes import OFFERED, Outcome
from contactcenter.queues.rows import VisitRow

AGAIN_WITHIN = timedelta(minutes=30)
SERVED_WITHIN = timedelta(hours=24)

Answers = Mapping[str, Sequence[datetime]]  # by person


def demands(rows: Iterable[VisitRow], start: datetime, end: datetime) -> int:
    """Count the new demands that arrived in [start, end).

    A contact counts once however many legs it has. Who comes again within 30 minutes of leaving
    without an answer is still the same demand; whoever hides their number is counted anew.
    """
    count = 0
    unanswered: dict[str, datetime] = {}
    seen: set[str] = set()
    for row in sorted(rows, key=attrgetter("entered_at")):
        if not _is_demand(row):
            continue
        is_new = row.interaction not in seen and not _is_retry(row, unanswered)
        seen.add(row.interaction)
        count += is_new and start <= row.entered_at < end
        if row.caller is not None and row.wait_ended_at is not None:
            unanswered.pop(row.caller, None)
            if row.outcome is not Outcome.ANSWERED:
                unanswered[row.caller] = row.wait_ended_at
    return count


def answers(rows: Iterable[VisitRow]) -> Answers:
    """When each person was served, in whatever queue."""
    served: dict[str, list[datetime]] = {}
    for row in rows:
        if row.outcome is Outcome.ANSWERED and row.answered_at is not None:
            served.setdefault(_person(row), []).append(row.answered_at)
    return served


def unserved(
    rows: Iterable[VisitRow], start: datetime, end: datetime, served: Answers
) -> list[VisitRow]:
    """Last lost visit of each person lost in [start, end) and not served within 24 hours of it.

    Each is somebody to call back. `served` must reach 24 hours beyond `end` to be final. Persons
    are told apart by `caller`, or by their contact where they are not known.
    """
    lost = (row for row in rows if row.was_lost and start <= row.entered_at < end)
    last = {_person(row): row for row in sorted(lost, key=attrgetter("entered_at"))}
    return [row for person, row in last.items() if not _served_after(row, served.get(person, []))]


def _is_demand(row: VisitRow) -> bool:
    return row.source == "new" and (row.outcome is None or row.outcome in OFFERED)


def _is_retry(row: VisitRow, unanswered: dict[str, datetime]) -> bool:
    left = unanswered.get(row.caller) if row.caller is not None else None
    return left is not None and row.entered_at - left <= AGAIN_WITHIN


def _served_after(row: VisitRow, served: Sequence[datetime]) -> bool:
    return any(row.entered_at <= at <= row.entered_at + SERVED_WITHIN for at in served)


def _person(row: VisitRow) -> str:
    return person_of(row.caller, row.interaction)


def person_of(caller: str | None, contact: str) -> str:
    """The word for a person: their own where it is known, else that of their contact."""
    return f"contact {contact}" if caller is None else f"caller {caller}"
