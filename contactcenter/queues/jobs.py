"""What the sweeper keeps for all who look at queues."""

from contactcenter import clock
from contactcenter.edge import sweep
from contactcenter.queues import interval_rows
from contactcenter.queues.outlook import bring_up_to_date


@sweep(every_seconds=15)
def keep_outlooks() -> None:
    bring_up_to_date(clock.now())


@sweep(every_seconds=5)
def recount_intervals() -> None:
    """Count the quarter hours in which visits changed again."""
    interval_rows.recount()
