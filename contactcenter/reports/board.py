"""The board of a centre: computed once for all who look, until something changes or 2 s pass.

Changes that come thick and fast do not make it dearer: it is computed once a second at most, and
who looked too early is told to look again.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import text

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.queues.civil_days import midnight
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.load import BARS, FIVE_MINUTES, HOUR, Load, loads, observed
from contactcenter.queues.models import UNHURRIED, Outlook, Queue, SaturationLevel
from contactcenter.queues.outlook import outlooks
from contactcenter.queues.saturation import (
    LEAVE_AFTER,
    Level,
    Observed,
    Saturation,
    is_released,
    saturation,
)
from contactcenter.queues.unfit import Unfit, unfit_lines
from contactcenter.queues.why_words import why_unfit
from contactcenter.reports import queries, words
from contactcenter.reports.charts import Bars, bars
from contactcenter.together import Together

FRESH = timedelta(seconds=2)
NOT_BEFORE = timedelta(seconds=1)
UNSERVED_SINCE = timedelta(hours=24)
A_SCREEN = 6


@dataclass(frozen=True)
class Card:
    """One queue on the board: figures only; its sentences are made in the language of who looks."""

    queue: Queue
    load: Load
    seen: Observed
    full: Saturation  # as computed now
    shown: Level
    since: datetime | None
    holds_until: datetime | None  # of a level that is worse than the one computed
    outlook: Outlook | None
    unfit: tuple[Unfit, ...] = ()

    @property
    def nobody(self) -> list[str]:
        """Why some who wait are offered to nobody: what they need is not on duty."""
        return [why_unfit(each) for each in self.unfit]

    @property
    def level(self) -> str:
        return self.shown.name.lower()

    @property
    def why(self) -> str:
        return words.why(self.full, self.queue)

    @property
    def change(self) -> str:
        """Says that the level is about to move, and is often empty."""
        return words.change(self.shown, self.full.level, self.holds_until)

    @property
    def advice(self) -> str:
        if self.shown > self.full.level and self.full.reason == "calm":
            return words.keep_on(self.shown, self.queue)
        return words.advice(self.full, self.queue, self.load)

    @property
    def expected(self) -> float | None:
        """People the last hour usually brings; None while too few weeks are known."""
        return self.outlook.expected_last_hour if self.outlook else None

    @property
    def bars(self) -> Bars:
        expected = self.expected
        return bars(self.load.arrivals, None if expected is None else expected / BARS)

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
    def bar_ends(self) -> "list[datetime]":
        """When the stretches of the bars of all cards ended, the oldest first."""
        return [self.at - (BARS - 1 - number) * FIVE_MINUTES for number in range(BARS)]

    def arranged(self, queue_ids: Sequence[int]) -> "Board":
        """These queues only, in this order; those that are no more are left out. All, of none."""
        if not queue_ids:
            return self
        by_id = {card.queue.id: card for card in self.cards}
        return replace(self, cards=tuple(by_id[each] for each in queue_ids if each in by_id))

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
    looks: Together[int, bool] = field(default_factory=Together)
    snapshot: str = ""
    board: Board | None = None
    fragments: dict[tuple[str, ...], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fragment:
    """A rendered board; `is_behind` tells that something has changed since it was computed."""

    html: str
    is_behind: bool


class Fragments:
    """Rendered boards of this process, by centre and shape. Holds nothing personal."""

    def __init__(self) -> None:
        self.computed = 0
        self._lock = threading.Lock()
        self._kept: dict[int, Kept] = {}

    def get(
        self, centre: Centre, shape: tuple[str, ...], render: Callable[[Board], str]
    ) -> Fragment:
        """The fragment of that shape, looked after since it was asked for; one looks for all."""
        with self._lock:
            kept = self._kept.setdefault(centre.id, Kept())
        if db.session().in_transaction():  # who holds a connection waits for nobody who needs one
            is_behind = self._look_after(kept, centre)
        else:
            is_behind = bool(
                kept.looks.answer(
                    centre.id, lambda _all: {centre.id: self._look_after(kept, centre)}
                )
            )
        with kept.lock:
            if shape not in kept.fragments:
                assert kept.board is not None
                kept.fragments[shape] = render(kept.board)
            return Fragment(kept.fragments[shape], is_behind)

    def _look_after(self, kept: Kept, centre: Centre) -> bool:
        """Compute what is kept anew where it is time; whether it is behind all the same."""
        is_behind = _is_behind(kept, centre.id)
        if kept.board is not None and not (is_behind and _age(kept.board) >= NOT_BEFORE):
            return is_behind
        snapshot, board = _snapshot(), look(centre)
        with kept.lock:
            if kept.board is None or kept.board.at <= board.at:
                kept.snapshot, kept.board, kept.fragments = snapshot, board, {}
        self.computed += 1
        return False


def look(centre: Centre) -> Board:
    """Compute the board: seven statements, whatever the number of queues; eight with skills."""
    now = clock.now()
    db.session.execute(_PLANNED_ONCE)
    queues = db.session.scalars(queries.queues()).all()
    found = loads(
        centre.id,
        [queue.id for queue in queues],
        now,
        midnight(now, centre.timezone),
        include_rehearsal=centre.rehearsing,
    )
    kept = {level.queue_id: level for level in db.session.scalars(queries.levels())}
    expected = outlooks()
    unserved = queries.never_served_count(now - UNSERVED_SINCE, include_rehearsal=centre.rehearsing)
    for row in (*queues, *kept.values(), *expected.values()):
        db.session.expunge(row)  # they outlive this request
    unfit = _unfit(centre, queues, now)
    cards = (
        replace(
            card(queue, found[queue.id], kept.get(queue.id), expected.get(queue.id), now),
            unfit=unfit.get(queue.id, ()),
        )
        for queue in queues
    )
    return Board(tuple(cards), now, db.session.scalar(unserved) or 0)


def _unfit(centre: Centre, queues: Sequence[Queue], now: datetime) -> dict[int, tuple[Unfit, ...]]:
    """By queue, of those where citizens wait; nothing is asked where nothing is needed."""
    if not known_routing().names:
        return {}
    asked = [queue.id for queue in queues if queue.team_id is None]
    found: dict[int, tuple[Unfit, ...]] = {}
    for each in unfit_lines(centre.id, asked, now):
        found[each.queue_id] = (*found.get(each.queue_id, ()), each)
    return found


def card(
    queue: Queue,
    load: Load,
    kept: SaturationLevel | None,
    outlook: Outlook | None,
    now: datetime,
) -> Card:
    """The level shown is the one kept; without one, what is computed now."""
    seen = observed(queue, load, now, outlook)
    full = saturation(seen)
    shown, holds_until = _shown(kept, full.level, load.waiting, now)
    return Card(
        queue=queue,
        load=load,
        seen=seen,
        full=full,
        shown=shown,
        since=kept.since if kept and kept.level == shown.name.lower() else None,
        holds_until=holds_until,
        outlook=outlook,
    )


def _shown(
    kept: SaturationLevel | None, computed: Level, waiting: int, now: datetime
) -> tuple[Level, datetime | None]:
    """The level kept, unless nobody waits where it says blocked; and how long a worse one holds."""
    level = Level[kept.level.upper()] if kept else computed
    if kept is None or is_released(level, waiting):
        return computed, None
    if computed >= level:
        return level, None
    is_leaving = Level[kept.candidate.upper()] < level
    return level, (kept.candidate_since if is_leaving else now) + LEAVE_AFTER


def card_now(centre: Centre, queue: Queue, now: datetime) -> Card:
    """One queue as it stands, for a page of its own."""
    found = loads(
        centre.id,
        [queue.id],
        now,
        midnight(now, centre.timezone),
        include_rehearsal=centre.rehearsing,
    )
    kept = db.session.scalar(queries.levels().where(SaturationLevel.queue_id == queue.id))
    return card(queue, found[queue.id], kept, outlooks().get(queue.id), now)


def _age(board: Board) -> timedelta:
    age = clock.now() - board.at
    return age if age >= timedelta(0) else FRESH  # a clock that was set back


def _is_behind(kept: Kept, centre_id: int) -> bool:
    if kept.board is None or _age(kept.board) >= FRESH:
        return True
    return bool(db.session.scalar(_CHANGED, {"snapshot": kept.snapshot, "centre_id": centre_id}))


# What guards the rows makes these statements long: to plan them takes longer than to answer them.
_PLANNED_ONCE = text("SET LOCAL plan_cache_mode = force_generic_plan")


def _snapshot() -> str:
    return str(db.session.scalar(text("SELECT pg_current_snapshot()::text")))


# A change counts as new when that snapshot could not see it, also one that committed late.
_CHANGED = text(
    "SELECT EXISTS (SELECT 1 FROM live_changes"
    " WHERE xid >= (pg_snapshot_xmin(CAST(:snapshot AS pg_snapshot))::text)::bigint"
    " AND centre_id = :centre_id AND NOT pg_visible_in_snapshot("
    "xid::text::xid8, CAST(:snapshot AS pg_snapshot)))"
)
