"""Figures of a day of many visits: from every visit, and from the quarter hours kept of them."""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from bench.product import Product
from bench.tables import Table
from contactcenter import clock
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.civil_days import day_of
from contactcenter.queues.interval_rows import Asked, counted, rebuild, tallies
from contactcenter.queues.measures import window_figures
from contactcenter.queues.models import Visit

ZONE = "Europe/Paris"

# Ten hours of arrivals, spread over the queues of the first centre, told apart in many ways.
VISITS = """
INSERT INTO visits (centre_id, queue_id, topic_id, channel, source, priority_class, priority_reason,
    overtaken, language, state, entered_at, outcome, left_at, called_at, answered_at, answered_by,
    ended_at, calls, is_rehearsal)
SELECT q.centre_id, q.id, t.id, 'phone', 'new',
       CASE WHEN n %% 20 = 0 THEN 'priority' ELSE 'normal' END, '', 0,
       (ARRAY['fr', 'fr', 'fr', 'nl', 'en'])[1 + n %% 5], 'over', at,
       CASE WHEN n %% 7 = 0 THEN 'abandoned' ELSE 'answered' END, at + wait, at + wait,
       CASE WHEN n %% 7 > 0 THEN at + wait END,
       CASE WHEN n %% 7 > 0 THEN p.id END,
       CASE WHEN n %% 7 > 0 THEN at + wait + interval '4 minutes' END, 1, false
FROM generate_series(1, %(many)s) AS n
CROSS JOIN LATERAL (SELECT %(from)s + interval '10 hours' * (n::float / %(many)s) AS at,
    interval '1 second' * (n * 7919 %% 900) AS wait) AS times
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM queues
      WHERE centre_id = %(centre)s) AS q
    ON q.place = n %% (SELECT count(*) FROM queues WHERE centre_id = %(centre)s)
JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM topics
      WHERE centre_id = %(centre)s) AS t
    ON t.place = n * 13 %% (SELECT count(*) FROM topics WHERE centre_id = %(centre)s)
CROSS JOIN (SELECT min(id) AS id FROM persons WHERE centre_id = %(centre)s) AS p
"""


def bench(product: Product, visits: int, times: int) -> None:
    start, end = day_of((clock.now() - timedelta(days=400)).date(), ZONE)
    with product.connect() as owner:
        row = owner.execute("SELECT min(id) FROM centres").fetchone()
        assert row is not None
        centre_id = int(row[0])
        asked = {"many": visits, "centre": centre_id, "from": start + timedelta(hours=8)}
        owner.execute(VISITS, asked)
        owner.commit()
        owner.execute("ANALYZE visits")
        found = owner.execute("SELECT id FROM queues WHERE centre_id = %s", [centre_id])
        queues = [each[0] for each in found]
    day = Asked(centre_id, queues, start, end)
    table = Table(
        f"Figures of a day of {visits:,} visits, all queues", ("from", "p50 ms", "worst ms")
    )

    def every_visit() -> None:
        wanted = counted(is_detailed=False).where(
            Visit.centre_id == centre_id, Visit.entered_at >= start, Visit.entered_at < end
        )
        db.session.execute(wanted).all()

    with product.app().app_context(), within(Scope(centre_id)):
        table.row("visits, counted", *_took(every_visit, times))
        table.row("visits, every figure of the report", *_took(lambda: _report(day), 1))
        table.row("counting all quarter hours anew", *_took(rebuild, 1))
        with product.connect() as owner:
            owner.execute("ANALYZE visit_intervals")
        table.row("quarter hours, by queue", *_took(lambda: tallies(day, "queue_id"), times))
        table.row("quarter hours, each", *_took(lambda: tallies(day, "begins_at"), times))
    table.print("target: 2 s from visits, 50 ms from quarter hours")


def _report(day: Asked) -> None:
    window_figures(day.centre_id, day.start, day.end, ZONE)


def _took(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Milliseconds, the middle one and the worst."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        with transaction():
            work()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took), max(took)
