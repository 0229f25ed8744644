"""What the page of a person's work sends: levels by skill and queue, and how much at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _

from contactcenter.errors import Invalid
from contactcenter.queues.models import QueueKind
from contactcenter.queues.routing_actions import Work
from contactcenter.queues.routing_models import LEVELS

Sent = Mapping[str, str]
MOST_WRITTEN = 100


@dataclass(frozen=True)
class Lent:
    """A loan as it was asked for."""

    queue_id: int
    level: int
    until_on: date


def read_work(
    sent: Sent, *, skill_ids: Collection[int], queue_ids: Collection[int], timezone: str
) -> Work:
    """Raises Invalid naming the field that cannot be read."""
    levels = {each: _level(sent, f"skill-{each}") for each in skill_ids}
    limits = {QueueKind.PHONE: 0} if "calls" not in sent else {}
    written = sent.get("written", "").strip()
    if written:
        limits[QueueKind.WRITTEN] = _number(written, "written")
    return Work(
        skills={
            skill_id: (level, _end(sent, f"until-{skill_id}", timezone))
            for skill_id, level in levels.items()
            if level is not None
        },
        levels={each: _level(sent, f"queue-{each}") or 1 for each in queue_ids},
        limits=limits,
    )


def read_loan(sent: Sent, *, queue_ids: Collection[int]) -> Lent:
    """Raises Invalid naming the field that cannot be read."""
    chosen = sent.get("lent_queue", "")
    if not chosen.isdecimal() or int(chosen) not in queue_ids:
        raise Invalid(_("Choisissez une file de la liste."), "lent_queue")
    return Lent(int(chosen), _level(sent, "lent_level") or 1, _day(sent, "lent_until"))


def day_ends(day: date, timezone: str) -> datetime:
    """When a day is over in the centre."""
    begins = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone))
    return begins.astimezone(UTC)


def last_day(ends_at: datetime, timezone: str) -> date:
    """The day that is over then in the centre."""
    return (ends_at - timedelta(seconds=1)).astimezone(ZoneInfo(timezone)).date()


def _level(sent: Sent, name: str) -> int | None:
    chosen = sent.get(name, "")
    if not chosen:
        return None
    if not chosen.isdecimal() or int(chosen) not in LEVELS:
        raise Invalid(_("Choisissez un niveau de la liste."), name)
    return int(chosen)


def _end(sent: Sent, name: str, timezone: str) -> datetime | None:
    return day_ends(_day(sent, name), timezone) if sent.get(name) else None


def _day(sent: Sent, name: str) -> date:
    try:
        return date.fromisoformat(sent.get(name, ""))
    except ValueError as wrong:
        raise Invalid(_("Choisissez un jour."), name) from wrong


def _number(written: str, name: str) -> int:
    if not written.isdecimal() or int(written) > MOST_WRITTEN:
        raise Invalid(_("Écrire un nombre de 0 à %(most)d.", most=MOST_WRITTEN), name)
    return int(written)
