"""Questions to experts: the sweep of many that fall due at once, their list, their deadlines."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from typing import Any

import psycopg

from bench import loader, sweeper
from bench.clients import Browser, measure
from bench.product import Product
from bench.tables import Table
from contactcenter import clock
from contactcenter.db import Scope, db, within
from contactcenter.directory.rules import Hours, Interval
from contactcenter.edge import transaction
from contactcenter.escalation import jobs, rules

TICKETS = 100
REFERENT = "referent@dgfip.example"
AHEAD = timedelta(days=2)  # the product's own sweeper goes by today's clock and leaves these alone


@dataclass(frozen=True)
class Sizes:
    closed: int
    still_open: int
    due: int
    deadlines: int
    seconds: float


FULL = Sizes(closed=1_000_000, still_open=100_000, due=10_000, deadlines=200_000, seconds=8)
QUICK = Sizes(closed=500, still_open=100, due=40, deadlines=500, seconds=0.2)

QUESTIONS = """
INSERT INTO referrals (centre_id, ticket_id, team_id, organisation_id, status, is_live, question,
    blocks, blocked_since, tried, right_lost, closing_text, standard_procedure, is_rehearsal,
    asked_by, asked_at, due_at, next_due_at, closed_at, answer_seconds, steps_done)
SELECT %(centre)s, t.id, e.team_id, e.organisation_id, %(status)s::text, false, 'Question ' || n,
    '', '', '', '', '', false, false, p.id, at - interval '1 day', at,
    CASE WHEN %(status)s::text = 'sent' THEN at END,
    CASE WHEN %(status)s::text <> 'sent' THEN at END,
    CASE WHEN %(status)s::text <> 'sent' THEN 3600 END, 0
FROM generate_series(1, %(many)s) AS n
CROSS JOIN LATERAL (SELECT %(first)s::timestamptz + (%(last)s::timestamptz - %(first)s::timestamptz)
    * (n::float / %(many)s) AS at) AS times
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM tickets
      WHERE centre_id = %(centre)s) AS t
    ON t.place = n %% (SELECT count(*) FROM tickets WHERE centre_id = %(centre)s)
JOIN (SELECT id AS team_id, organisation_id, row_number() OVER (ORDER BY id) - 1 AS place
      FROM teams WHERE centre_id = %(centre)s) AS e
    ON e.place = n %% (SELECT count(*) FROM teams WHERE centre_id = %(centre)s)
CROSS JOIN (SELECT min(id) AS id FROM persons WHERE centre_id = %(centre)s) AS p
"""

# What the sweep of so many writes, by PostgreSQL alone: one statement a table.
BARE = """
WITH due AS (UPDATE referrals SET steps_done = 1, next_due_at = next_due_at + interval '30 days'
             WHERE centre_id = %(centre)s AND next_due_at = %(moment)s RETURNING *),
pressed AS (INSERT INTO pressings (centre_id, referral_id, step, press, planned_at, pressed_at)
            SELECT centre_id, id, 0, 'lead', due_at, due_at FROM due),
told AS (INSERT INTO alerts (centre_id, address, language, team_id, referral_id, step, press, day,
             written_at)
         SELECT centre_id, 'x@y.example', 'fr', team_id, id, 0, 'lead', due_at::date, due_at
         FROM due)
INSERT INTO events (centre_id, kind, ticket_id, detail, happened_at, is_rehearsal)
SELECT centre_id, 'LateSidePressed', ticket_id, '{}', due_at, false FROM due
"""


def bench(product: Product, sizes: Sizes) -> None:
    _deadlines(sizes)
    with product.connect() as owner:
        loader.fill(owner, TICKETS)  # what the questions are about
        owner.autocommit = True
        centre_id = _number(owner, "SELECT min(id) FROM centres")
        owner.execute("DELETE FROM ladder_steps WHERE centre_id = %s", [centre_id])  # one step each
        bench = _Bench(product, owner, centre_id, sizes)
        bench.list_of_questions()
        bench.sweeps()


@dataclass(frozen=True)
class _Bench:
    product: Product
    owner: "psycopg.Connection[Any]"
    centre_id: int
    sizes: Sizes

    def list_of_questions(self) -> None:
        table = Table(
            "An expert’s list", ("questions closed before", "p50 ms", "p95 ms", "p95 to empty")
        )
        browser = Browser(self.product.port).sign_in(REFERENT, self.product.password)
        empty = measure(1, self.sizes.seconds / 2, lambda: lambda: _ask(browser, "/healthz"))
        now = clock.now()
        for closed in (0, self.sizes.closed):
            self._questions(closed, "answered", now - timedelta(days=400), now)
            p50, p95 = self._list()
            table.row(f"{closed:,}", p50, p95, p95 / empty.percentile(95))
        table.print("target: p95 at most 60 ms")

    def _list(self) -> tuple[float, float]:
        """Milliseconds for half of the asked and for 95 of a hundred.

        Signed in anew: a connection that was idle while many rows were written may be closed.
        """
        browser = Browser(self.product.port).sign_in(REFERENT, self.product.password)
        for _ in range(20):  # until the connections know their plans
            browser.weigh("/referrals")
        got = measure(1, self.sizes.seconds, lambda: lambda: _ask(browser, "/referrals"))
        return got.percentile(50), got.percentile(95)

    def sweeps(self) -> None:
        """Of these many open, so many due in the same minute: by one sweeper, and under fire."""
        due, still_open = self.sizes.due, self.sizes.still_open
        moment = clock.now().replace(microsecond=0) + AHEAD
        self._questions(still_open - due, "sent", moment + timedelta(days=5), moment + 10 * AHEAD)
        self._questions(due, "sent", moment, moment)
        table = Table(
            f"Sweep of {due:,} questions due at once, of {still_open:,} open",
            ("by", "seconds", "processor of the sweeper", "lost", "doubled", "killed"),
        )
        table.row("PostgreSQL alone", self._bare(moment), "", "", "", "")
        table.row("one sweeper", *self._sweep(moment), *self._wrong(moment), "")
        moment += timedelta(minutes=1)
        self._questions(due, "sent", moment, moment)
        began = time.perf_counter()
        killed = sweeper.sweep_under_fire(
            self.product.urls, self.centre_id, moment, lambda: not self._due(moment), seed=5
        )
        took = time.perf_counter() - began
        table.row("two, killed at random", took, "", *self._wrong(moment), killed)
        table.print("target: 10 s by one sweeper; none lost, none doubled")

    def _questions(self, many: int, status: str, first: datetime, last: datetime) -> None:
        if not many:
            return
        known = {"centre": self.centre_id, "many": many, "status": status}
        self.owner.execute(QUESTIONS, known | {"first": first, "last": last})
        self.owner.execute("ANALYZE referrals")

    def _bare(self, moment: datetime) -> float:
        began = time.perf_counter()
        with self.owner.transaction(force_rollback=True):
            self.owner.execute(BARE, {"centre": self.centre_id, "moment": moment})
        return time.perf_counter() - began

    def _sweep(self, moment: datetime) -> tuple[float, float]:
        """Seconds by the clock, and of this process."""
        clock.set_reader(lambda: moment)
        try:
            with self.product.app().app_context(), within(Scope(self.centre_id)):
                db.session.execute(db.text("SELECT 1"))  # a connection is there before the sweep
                began, worked = time.perf_counter(), time.process_time()
                while _climbed():
                    pass
                return time.perf_counter() - began, time.process_time() - worked
        finally:
            clock.set_reader(None)

    def _wrong(self, moment: datetime) -> tuple[int, int]:
        """How many steps, alerts and notices are lost, and how many there are twice."""
        known = {"centre": self.centre_id, "moment": moment}
        lost = sum(row[0] for row in self.owner.execute(sweeper.LOST, known))
        return lost, sum(row[0] for row in self.owner.execute(sweeper.DOUBLED, known))

    def _due(self, moment: datetime) -> int:
        due = "SELECT count(*) FROM referrals WHERE centre_id = %s AND next_due_at <= %s"
        return _number(self.owner, due, self.centre_id, moment)


def _climbed() -> bool:
    with transaction():
        return jobs.climb_ladders()


def _deadlines(sizes: Sizes) -> None:
    """Eight open hours from any moment of two years, with a lunch break and Alsatian holidays."""
    day = (Interval(hour(9), hour(12)), Interval(hour(14), hour(17)))
    hours = Hours(weekly=dict.fromkeys(range(5), day), country="FR", region="57")
    start, amount = datetime(2026, 1, 1, tzinfo=UTC), timedelta(hours=8)
    step = timedelta(days=700) / sizes.deadlines
    starts = [start + step * number for number in range(sizes.deadlines)]
    rules.deadline(hours, starts[-1], amount)  # the calendar is written out once
    plain = _took(lambda: [each + amount for each in starts])
    computed = _took(lambda: [rules.deadline(hours, each, amount) for each in starts])
    table = Table("Deadlines in opening hours", ("how", "a second", "x one addition"))
    table.row("an addition of two times", f"{sizes.deadlines / plain:,.0f}", 1.0)
    table.row("eight open hours later", f"{sizes.deadlines / computed:,.0f}", computed / plain)
    table.print("target: 200,000 a second")


def _took(work: Callable[[], object]) -> float:
    took = []
    for _ in range(3):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return statistics.median(took) or 1e-9


def _ask(browser: Browser, path: str) -> None:
    browser.weigh(path)


def _number(owner: "psycopg.Connection[Any]", statement: str, *known: object) -> int:
    row = owner.execute(statement, known).fetchone()
    assert row is not None
    return int(row[0])
