"""Giving work out: 500 agents, thousands who wait, 100 more each second.

Beside it the least that giving one out can cost: one bare UPDATE of the first row nobody holds.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bench.forked import forks
from bench.machine import Groups, cpu_seconds
from bench.product import Product
from bench.tables import Table
from contactcenter import clock
from contactcenter.accounts.models import Centre, Organisation, Person
from contactcenter.accounts.permissions import Role
from contactcenter.db import Scope, db, within
from contactcenter.edge import ContactCenter, transaction
from contactcenter.queues import actions
from contactcenter.queues.models import Queue, QueueKind
from contactcenter.queues.routing_models import PersonSkill, RoutingRule, Skill
from servers import roles

AGENTS, QUEUES = 500, 10
ASKERS = 4
LANGUAGES = ("fr", "nl", "de")

# They came one a second, the last one now; one in ten has priority, one in five speaks Dutch.
WAITING = """
INSERT INTO visits (centre_id, queue_id, channel, source, priority_class, priority_reason,
    overtaken, language, state, entered_at, calls, is_rehearsal, needs)
SELECT %(centre)s, (%(queues)s::bigint[])[1 + n %% cardinality(%(queues)s::bigint[])], 'phone',
       'new', CASE WHEN n / 10 %% 10 = 3 THEN 'priority' ELSE 'normal' END, '', 0, 'fr', 'waiting',
       %(now)s - interval '1 second' * n, 0, false,
       CASE WHEN n / 10 %% 5 = 1 THEN ARRAY[%(dutch)s] ELSE ARRAY[%(french)s] END::bigint[]
FROM generate_series(1, %(many)s) AS n
"""
HISTORY = """
INSERT INTO visits (centre_id, queue_id, channel, source, priority_class, priority_reason,
    overtaken, language, state, entered_at, outcome, left_at, called_at, answered_at, answered_by,
    ended_at, calls, is_rehearsal)
SELECT %(centre)s, (%(queues)s::bigint[])[1 + n %% cardinality(%(queues)s::bigint[])], 'phone',
       'new', 'normal', '', 0, 'fr', 'over', at, 'answered', at, at, at, %(person)s, at, 1, false
FROM generate_series(1, %(many)s) AS n
CROSS JOIN LATERAL (SELECT %(now)s - interval '1 minute' * (n + 1440) AS at) AS times
"""
FREE = """
UPDATE visits SET state = 'over', outcome = 'answered', left_at = called_at,
    answered_at = called_at, ended_at = called_at, answered_by = reserved_for,
    reserved_for = NULL, reserved_until = NULL
WHERE centre_id = %s AND id = %s
"""
BARE = """
UPDATE visits SET state = 'reserved', reserved_for = %(person)s, reserved_until = %(now)s,
    called_at = %(now)s, calls = calls + 1
WHERE centre_id = %(centre)s AND id = (
    SELECT id FROM visits WHERE centre_id = %(centre)s AND queue_id = %(queue)s
      AND needs = %(needs)s::bigint[] AND priority_class = 'normal' AND state = 'waiting'
      AND wanted_person_id IS NULL
    ORDER BY coalesce(virtual_entered_at, entered_at), id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


@dataclass(frozen=True)
class Room:
    """A centre of its own with its agents, its queues and what they speak."""

    centre_id: int
    people: list[int]
    queues: list[int]
    skills: dict[str, int]

    def serves(self, person_id: int) -> list[int]:
        """The two queues an agent gives their time to."""
        first = person_id % QUEUES
        return [self.queues[first], self.queues[(first + 1) % QUEUES]]


@dataclass
class Got:
    """What was given out, by whom it was asked for; seconds each took."""

    visits: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def percentile(self, share: int) -> float:
        """Milliseconds."""
        return sorted(self.seconds)[len(self.seconds) * share // 100 - 1] * 1000


def bench(
    product: Product,
    lengths: tuple[int, ...],
    history: int,
    times: int,
    askers: int = ASKERS,
) -> None:
    groups, room = Groups.of(product), _room(product)
    table = Table(
        f"Giving out work, {AGENTS} agents in {QUEUES} queues, one after the other",
        ("waiting", "behind them", "p50 ms", "p95 ms", "CPU ms", "bare UPDATE ms", "ratio of CPU"),
    )
    with product.connect() as owner:
        for length, past in [*((each, 0) for each in lengths), (lengths[-1], history)]:
            _fill(owner, room, HISTORY, past)
            _fill(owner, room, WAITING, length - _waiting(owner, room))
            bare = _bare(product, room, groups, times)
            got, cpu = _one_after_the_other(product, room, groups, times)
            table.row(length, past, got.percentile(50), got.percentile(95), cpu, bare, cpu / bare)
    table.print(
        "target: CPU flat as the line grows; the bare UPDATE knows its line and does no more"
    )
    _at_once(product, room, lengths[-1], min(10.0, times / 10), askers)


def _at_once(product: Product, room: Room, length: int, seconds: float, askers: int) -> None:
    """100 come and 100 are given out each second, by several processes at once."""
    table = Table(
        f"Giving out work to {askers} askers at once, {length:,} waiting, 100 arrivals/s",
        ("given out", "each second", "p50 ms", "p95 ms", "twice"),
    )
    stop = threading.Event()
    arrivals = threading.Thread(target=_arrive, args=(product, room, stop))
    arrivals.start()
    try:
        with ProcessPoolExecutor(askers, forks) as pool:
            asked = [
                pool.submit(_ask_paced, product, room, room.people[n::askers], seconds, askers)
                for n in range(askers)
            ]
            parts = [each.result() for each in asked]
    finally:
        stop.set()
        arrivals.join()
    got = Got([v for p in parts for v in p.visits], [s for p in parts for s in p.seconds])
    twice = sum(count - 1 for count in Counter(got.visits).values())
    rate = len(got.visits) / seconds
    table.row(len(got.visits), rate, got.percentile(50), got.percentile(95), twice)
    table.print("target: p95 at most 20 ms, none twice")


def _ask_paced(product: Product, room: Room, people: list[int], seconds: float, askers: int) -> Got:
    got, every = Got(), askers / 100
    with product.connect() as owner, _asker(product.app(), room) as ask:
        for warm in range(min(20, len(people))):
            _take(owner, room, ask, people[warm], Got())
        began = due = time.perf_counter()
        while time.perf_counter() - began < seconds:
            _take(owner, room, ask, people[len(got.visits) % len(people)], got)
            due += every
            time.sleep(max(0.0, due - time.perf_counter()))
    return got


def _one_after_the_other(
    product: Product, room: Room, groups: Groups, times: int
) -> tuple[Got, float]:
    """And the processor time of each in milliseconds: of this program and of PostgreSQL."""
    got = Got()
    with product.connect() as owner, _asker(product.app(), room) as ask:
        for warm in range(20):
            _take(owner, room, ask, room.people[warm], Got())
        own, theirs = time.thread_time(), cpu_seconds(groups.postgres)
        for person_id in room.people[:times]:
            began = time.perf_counter()
            got.visits.append(ask(person_id))
            got.seconds.append(time.perf_counter() - began)
        spent = time.thread_time() - own + cpu_seconds(groups.postgres) - theirs
        _let_go(owner, room, got.visits)
    return got, spent / times * 1000


def _take(owner: Any, room: Room, ask: Callable[[int], int], person_id: int, got: Got) -> None:
    began = time.perf_counter()
    visit_id = ask(person_id)
    got.seconds.append(time.perf_counter() - began)
    got.visits.append(visit_id)
    _let_go(owner, room, [visit_id])


def _let_go(owner: Any, room: Room, held: list[int]) -> None:
    """The agents are free again; this is not measured."""
    for visit_id in held:
        owner.execute(FREE, (room.centre_id, visit_id))
    owner.commit()


def _bare(product: Product, room: Room, groups: Groups, times: int) -> float:
    """Milliseconds of processor time of one bare UPDATE with its commit."""
    line, held = product.connect(roles.APP), list[int]()
    line.prepare_threshold = 2
    asked = {"centre": room.centre_id, "needs": [room.skills["fr"]], "now": clock.now()}
    own, theirs = time.thread_time(), cpu_seconds(groups.postgres)
    for number in range(times):
        with line.transaction():
            line.execute("SELECT set_config('app.centre_id', %s, true)", [str(room.centre_id)])
            here = {"person": room.people[number % AGENTS], "queue": room.queues[number % QUEUES]}
            row = line.execute(BARE, asked | here).fetchone()
        assert row is not None
        held.append(row[0])
    spent = time.thread_time() - own + cpu_seconds(groups.postgres) - theirs
    with product.connect() as owner:
        _let_go(owner, room, held)
    line.close()
    return spent / times * 1000


@contextmanager
def _asker(app: ContactCenter, room: Room) -> Iterator[Callable[[int], int]]:
    """Gives the next one to an agent as a counter does, and commits."""
    with app.app_context(), within(Scope(room.centre_id)):

        def ask(person_id: int) -> int:
            with transaction():
                person = db.session.get_one(Person, (room.centre_id, person_id))
                visit = actions.call_next(person, room.serves(person_id))
                assert visit is not None
                return visit.id

        yield ask


def _arrive(product: Product, room: Room, stop: threading.Event) -> None:
    with product.connect() as owner:
        while not stop.wait(0.1):
            _fill(owner, room, WAITING, 10, is_analysed=False)


def _waiting(owner: Any, room: Room) -> int:
    row = owner.execute(
        "SELECT count(*) FROM visits WHERE centre_id = %s AND state = 'waiting'", [room.centre_id]
    ).fetchone()
    return int(row[0])


def _fill(owner: Any, room: Room, rows: str, many: int, *, is_analysed: bool = True) -> None:
    asked = {
        "centre": room.centre_id,
        "queues": room.queues,
        "person": room.people[0],
        "french": room.skills["fr"],
        "dutch": room.skills["nl"],
        "now": clock.now() - timedelta(seconds=1),
        "many": many,
    }
    owner.execute(rows, asked)
    owner.commit()
    if is_analysed:
        owner.execute("ANALYZE visits")
        owner.commit()


def _room(product: Product) -> Room:
    with product.connect() as owner:
        centre = Centre(code="bench-routing")
        row = owner.execute(
            "INSERT INTO centres (code, name, country, timezone, languages, mail_address,"
            " rehearsing, acknowledges) VALUES (%s, 'Bench', 'BE', 'Europe/Brussels', '{fr}',"
            " 'bench@centre.example', false, false) RETURNING id",
            [centre.code],
        ).fetchone()
        assert row is not None
        centre_id = int(row[0])
    with product.app().app_context(), within(Scope(centre_id)), transaction():
        return _people(centre_id)


def _people(centre_id: int) -> Room:
    """Everyone speaks French, one in three Dutch too."""
    own = Organisation(code="own", name="Bench", is_own=True)
    skills = {each: Skill(name=each, language=each) for each in LANGUAGES}
    queues = [Queue(name=f"Queue {n}", kind=QueueKind.PHONE) for n in range(QUEUES)]
    db.session.add_all([own, *skills.values(), *queues])
    db.session.flush()
    people = [
        Person(
            organisation_id=own.id,
            email=f"room-{n}@centre.example",
            name=f"Agent {n}",
            role=Role.AGENT,
        )
        for n in range(AGENTS)
    ]
    db.session.add_all(people)
    db.session.flush()
    for number, person in enumerate(people):
        db.session.add(PersonSkill(person_id=person.id, skill_id=skills["fr"].id))
        if number % 3 == 0:
            db.session.add(PersonSkill(person_id=person.id, skill_id=skills["nl"].id))
    for queue in queues:
        rule = RoutingRule(queue_id=queue.id, asks_language=True, priority_weight=3.0)
        db.session.add(rule)
    db.session.flush()
    return Room(
        centre_id,
        list(db.session.scalars(select(Person.id).where(Person.centre_id == centre_id))),
        [queue.id for queue in queues],
        {name: skill.id for name, skill in skills.items()},
    )
