"""What comes back by itself: tickets that were put away, reminders."""

from contactcenter.edge import sweep
from contactcenter.teamwork import actions


@sweep(every_seconds=5)
def wake_due() -> None:
    actions.wake_due()


@sweep(every_seconds=5)
def tell_due() -> None:
    actions.tell_due()
