"""The question whether it is solved goes out by itself."""

from contactcenter.edge import sweep
from contactcenter.escalation import solved


@sweep(every_seconds=300)
def ask_solved() -> bool:
    return solved.ask_due()
