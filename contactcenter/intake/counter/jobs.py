"""What time does at a counter: a call nobody answered ends, and so does the day."""

from contactcenter.edge import sweep
from contactcenter.intake.counter import closing


@sweep
def let_unanswered_calls_go() -> None:
    closing.let_unanswered_calls_go()


@sweep
def end_days() -> None:
    closing.end_days()
