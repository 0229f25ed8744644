"""What happens to requests by itself, in time."""

from datetime import timedelta

from contactcenter import clock
from contactcenter.edge import sweep
from contactcenter.tickets import vocabulary
from contactcenter.tickets.actions import close_long_resolved

RESOLVED_FOR = timedelta(days=30)


@sweep(every_seconds=60)
def close_old() -> None:
    """Close what has been finished for long without another word from the citizen."""
    close_long_resolved(clock.now() - RESOLVED_FOR)


@sweep(every_seconds=10)
def learn_words() -> None:
    vocabulary.learn_words()


@sweep(every_seconds=3600)
def forget_words() -> None:
    vocabulary.forget_words()
