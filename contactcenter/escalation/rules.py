"""When an answer is due, when the late side is pressed, when a question ends. Pure arithmetic.

All amounts of a team's time are *open* time: the clock of a team runs in its own hours only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from contactcenter.directory.rules import Hours, add_open_time, open_time_between

NOTHING = timedelta(0)
EVER = datetime.min.replace(tzinfo=UTC)
EXPIRES_AFTER = timedelta(days=30)  # past the deadline: nobody will answer any more
WAITS_FOR_US = timedelta(days=60)  # an agent who was asked for a precision and never gave it
CHASED_AT_MOST_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Rung:
    """One step of a ladder: how much open time before (negative) or after the deadline."""

    after: timedelta


def deadline(hours: Hours, start: datetime, amount: timedelta) -> datetime:
    """When `amount` of open time will have passed since `start`; a negative one lies behind it."""
    if amount >= NOTHING:
        return add_open_time(hours, start, amount)
    return _before(hours, start, -amount)


def remaining(hours: Hours, now: datetime, due_at: datetime) -> timedelta:
    """Open time left until the deadline; negative when it has passed."""
    return open_time_between(hours, now, due_at)


def latest_start(hours: Hours, end: datetime, work: timedelta) -> datetime:
    """The latest moment at which to begin so that so much open time is left for it until `end`."""
    return deadline(hours, end, -work)


def rung_times(hours: Hours, due_at: datetime, ladder: Sequence[Rung]) -> list[datetime]:
    """When each step of the ladder is climbed, in the team's open hours."""
    return [deadline(hours, due_at, rung.after) for rung in ladder]


def next_due(
    times: Sequence[datetime], climbed: int, due_at: datetime, shared_until: datetime | None
) -> datetime:
    """The next moment at which something follows by itself: a step, else the end of the question.

    A question also ends when the permission to share ends, whatever the ladder says.
    """
    ahead = times[climbed] if climbed < len(times) else due_at + EXPIRES_AFTER
    return ahead if shared_until is None else min(ahead, shared_until)


def hastened(hours: Hours, now: datetime, next_due_at: datetime) -> datetime:
    """The next step after a chasing: half of the open time until it, never later than it was."""
    if next_due_at <= now:
        return next_due_at
    return min(next_due_at, add_open_time(hours, now, remaining(hours, now, next_due_at) / 2))


def waited_for_us(turns: Sequence[tuple[str, datetime]], until: datetime | None) -> timedelta:
    """How long a team waited for precisions it had asked for; `turns` are in order of time."""
    waited, asked_at = NOTHING, None
    for kind, at in turns:
        if kind == "precision_asked":
            asked_at = asked_at or at
        elif asked_at is not None:
            waited, asked_at = waited + (at - asked_at), None
    if asked_at is not None and until is not None:
        waited += until - asked_at
    return waited


def may_chase(now: datetime, last_chased_at: datetime | None) -> bool:
    return last_chased_at is None or now - last_chased_at >= CHASED_AT_MOST_EVERY


def _before(hours: Hours, end: datetime, amount: timedelta) -> datetime:
    """The latest moment from which `amount` of open time runs until `end`."""
    back = timedelta(days=1)
    while open_time_between(hours, end - back, end) < amount:
        back *= 2
    spare = open_time_between(hours, end - back, end) - amount
    return add_open_time(hours, end - back, spare)
