"""What the sweeper keeps for all who look at queues."""

from contactcenter import clock
from contactcenter.edge import sweep
from contactcenter.queues import interval_rows, loans, routing
from contactcenter.queues.outlook import bring_up_to_date
from contactcenter.queues.overflow import overflow


@sweep(every_seconds=15)
def keep_outlooks() -> None:
    bring_up_to_date(clock.now())


@sweep(every_seconds=5)
def recount_intervals() -> None:
    """Count the quarter hours in which visits changed again."""
    interval_rows.recount()


@sweep(every_seconds=1)
def let_go_of_agents() -> None:
    """Nobody waits for one agent longer than their queue says."""
    routing.let_go()


@sweep(every_seconds=5)
def send_on() -> None:
    overflow()


@sweep(every_seconds=60)
def keep_loans() -> None:
    loans.keep_time()
