"""The board of a centre: computed once for all who look, until something changes or 2 s pass."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import text

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.queues.load import FIVE_MINUTES, HOUR, Load, loads, observed
from contactcenter.queues.measures import midnight
from contactcenter.queues.models import UNHURRIED, Queue, SaturationLevel
from contactcenter.queues.saturation import Level, saturation
from contactcenter.reports import queries, words
from contactcenter.reports.charts import Bars, bars

FRESH = timedelta(seconds=2)
UNSERVED_SINCE = timedelta(hours=24)
A_SCREEN = 6


@dataclass(frozen=True)
class Card:
    """One queue on the board. `change` says that the level is about to move, and is often empty."""

    queue: Queue
    load: Load
    level: str
    since: datetime | None
    why: str
    change: str
    advice: str
    bars: Bars

    @property
    def is_calm(self) -> bool:
        return self.level == "fluid"

    @property
    def is_a_partners(self) -> bool:
        return self.queue.team_id is not None

    @property
    def is_unhurried(self) -> bool:
        return self.queue.kind in UNHURRIED


@dataclass(frozen=True)
class Board:
    cards: tuple[Card, ...]
    at: datetime
    never_served: int
    hour: timedelta = HOUR  # the stretch of the figures that are not of today

    @property
    def own(self) -> "list[Card]":
        return [card for card in self.cards if not card.is_a_partners]

    @property
    def partners(self) -> "list[Card]":
        """Where agents wait for experts: those where something waits come first."""
        theirs = [card for card in self.cards if card.is_a_partners]
        return sorted(theirs, key=lambda card: (not card.load.late, not card.load.waiting))

    @property
    def waiting(self) -> int:
        return sum(card.load.waiting for card in self.cards)

    @property
    def served_this_hour(self) -> int:
        return sum(card.load.hour.served for card in self.cards)

    @property
    def screens(self) -> int:
        return max(1, -(-len(self.cards) // A_SCREEN))

    def screen(self, number: int) -> "tuple[Card, ...]":
        """The cards of one screen of a wall, counted from 1."""
        first = (min(max(number, 1), self.screens) - 1) * A_SCREEN
        return self.cards[first : first + A_SCREEN]


@dataclass
class Kept:
    """What was shown, as of one snapshot of the database."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    snapshot: str = ""
    at: datetime | None = None
    fragments: dict[tuple[str, ...], str] = field(default_factory=dict)


class Fragments:
    """Rendered boards of this process, by centre, language and shape. Holds nothing personal."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[int, Kept] = {}

    def get(self, centre: Centre, shape: tuple[str, ...], render: Callable[[Board], str]) -> str:
        """The fragment of that shape; whoever comes while it is made waits for it."""
        with self._lock:
            kept = self._kept.setdefault(centre.id, Kept())
        with kept.lock:
            if not _is_fresh(kept, centre.id):
                kept.snapshot, kept.at, kept.fragments = _snapshot(), clock.now(), {}
            if shape not in kept.fragments:
                kept.fragments[shape] = render(look(centre))
            return kept.fragments[shape]


def look(centre: Centre) -> Board:
    """Compute the board: five statements, whatever the number of queues."""
    now = clock.now()
    queues = db.session.scalars(queries.queues()).all()
    found = loads(
        centre.id,
        [queue.id for queue in queues],
        now,
        midnight(now, centre.timezone),
        include_rehearsal=centre.rehearsing,
    )
    kept = {level.queue_id: level for level in db.session.scalars(queries.levels())}
    unserved = queries.never_served_count(now - UNSERVED_SINCE, include_rehearsal=centre.rehearsing)
    cards = (card(queue, found[queue.id], kept.get(queue.id), now) for queue in queues)
    return Board(tuple(cards), now, db.session.scalar(unserved) or 0)


def card(queue: Queue, load: Load, kept: SaturationLevel | None, now: datetime) -> Card:
    """The level shown is the one kept; without one, what is computed now."""
    full = saturation(observed(queue, load, now))
    shown = Level[kept.level.upper()] if kept else full.level
    return Card(
        queue=queue,
        load=load,
        level=shown.name.lower(),
        since=kept.since if kept else None,
        why=words.why(full, queue),
        change=words.change(shown, full.level),
        advice=words.advice(full, queue, load),
        bars=bars(load.arrivals, _served_in_five_minutes(queue, load)),
    )


def _served_in_five_minutes(queue: Queue, load: Load) -> float | None:
    handling = load.handling_seconds
    if queue.kind in UNHURRIED or not handling or not load.agents:
        return None
    return load.agents * FIVE_MINUTES.total_seconds() / handling


def _is_fresh(kept: Kept, centre_id: int) -> bool:
    now = clock.now()
    if kept.at is None or not timedelta(0) <= now - kept.at < FRESH:
        return False
    return not db.session.scalar(_CHANGED, {"snapshot": kept.snapshot, "centre_id": centre_id})


def _snapshot() -> str:
    return str(db.session.scalar(text("SELECT pg_current_snapshot()::text")))


# A change counts as new when that snapshot could not see it, also one that committed late.
_CHANGED = text(
    "SELECT EXISTS (SELECT 1 FROM live_changes"
    " WHERE xid >= (pg_snapshot_xmin(CAST(:snapshot AS pg_snapshot))::text)::bigint"
    " AND centre_id = :centre_id AND NOT pg_visible_in_snapshot("
    "xid::text::xid8, CAST(:snapshot AS pg_snapshot)))"
)
