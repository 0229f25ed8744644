"""Why a queue has its level, in indices, and what would change it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select

from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db
from contactcenter.directory.rules import open_segments
from contactcenter.languages import duration
from contactcenter.queues.civil_days import midnight
from contactcenter.queues.known import known_queue
from contactcenter.queues.models import Queue
from contactcenter.queues.past_models import LevelSpell
from contactcenter.queues.prospect import Prospect, prospect, served_before
from contactcenter.queues.saturation import FAR_BEYOND, Level, Observed, saturation
from contactcenter.reports.board import Card, card_now

MOST_MORE = 20
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Look:
    card: Card
    prospect: Prospect
    at: datetime
    remedies: Sequence[str]
    served_before_closing: float | None
    closes_at: datetime | None
    today: Sequence[tuple[str, float]]  # seconds at each level, the calm one first


def look(centre: Centre, queue: Queue, now: datetime) -> Look:
    card = card_now(centre, queue, now)
    closes_at = _closing(queue, now)
    left = (closes_at - now).total_seconds() if closes_at else None
    return Look(
        card=card,
        prospect=prospect(card.seen),
        at=now,
        remedies=list(remedies(card.seen)),
        served_before_closing=None if left is None else served_before(card.seen, left),
        closes_at=closes_at,
        today=levels_since(
            queue.id, midnight(now, centre.timezone), now, include_rehearsal=centre.rehearsing
        ),
    )


def remedies(seen: Observed) -> Iterator[str]:
    """What would bring the level down, each in a sentence; none for a calm queue."""
    level = saturation(seen).level
    if level is Level.FLUID:
        return
    if level is Level.BLOCKED:
        yield _("La file n’est plus bloquée dès qu’un agent y sert.")
        return
    more = more_agents(seen)
    if more:
        yield ngettext(
            "Avec %(num)d agent de plus, le niveau baisse.",
            "Avec %(num)d agents de plus, le niveau baisse.",
            more,
        )
    target = seen.target_seconds
    if seen.longest_wait_seconds > target:
        limit = target * FAR_BEYOND if seen.longest_wait_seconds > target * FAR_BEYOND else target
        yield _(
            "Le niveau baisse quand la plus longue attente passe sous %(limit)s.",
            limit=duration(limit),
        )
    if seen.has_surge:
        yield _("L’alerte d’affluence s’éteint quand les arrivées reviennent à l’habitude.")


def more_agents(seen: Observed) -> int | None:
    """The fewest agents to add for a better level; None if agents alone do not do it at once."""
    level = saturation(seen).level
    return next(
        (
            more
            for more in range(1, MOST_MORE + 1)
            if saturation(replace(seen, agents_serving=seen.agents_serving + more)).level < level
        ),
        None,
    )


def levels_since(
    queue_id: int, since: datetime, now: datetime, *, include_rehearsal: bool
) -> list[tuple[str, float]]:
    """Seconds the queue was shown at each level since then."""
    spent = dict.fromkeys((level.name.lower() for level in Level), 0.0)
    rows = db.session.scalars(
        select(LevelSpell).where(
            LevelSpell.centre_id == current_centre(),
            LevelSpell.queue_id == queue_id,
            or_(LevelSpell.ended_at.is_(None), LevelSpell.ended_at > since),
            LevelSpell.is_rehearsal.in_([True, False] if include_rehearsal else [False]),
        )
    )
    for spell in rows:
        begins = max(spell.began_at, since)
        spent[spell.level] += ((spell.ended_at or now) - begins).total_seconds()
    return list(spent.items())


def _closing(queue: Queue, now: datetime) -> datetime | None:
    """When the stretch of opening hours of this moment ends; None while closed."""
    known = known_queue(queue.id)
    if known is None:
        return None
    segments = open_segments(known.hours, now, now + A_DAY)
    return next((closes for opens, closes in segments if opens <= now), None)
