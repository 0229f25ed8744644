"""What time does at a counter: a call nobody answered ends, and so does the day."""

from contactcenter.edge import sweep
from contactcenter.intake.counter import closing


@sweep(every_seconds=5)
def let_unanswered_calls_go() -> None:
    closing.let_unanswered_calls_go()


@sweep(every_seconds=60)
def end_days() -> None:
    closing.end_days()
