"""Which screens to wake when a ticket changes."""

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission


def wake(ticket_id: int) -> None:
    """Its own page, the line of it in lists, and what counts or announces requests."""
    live.touch(f"ticket:{ticket_id}")
    live.touch(f"row:{ticket_id}")
    live.touch("tickets")


@live.right_to_follow("row")
def may_follow_row(person: Person, rest: str) -> bool:
    """The first line may know of every request of its centre, and when it changed."""
    return rest.isdecimal() and len(rest) <= 18 and person.may(Permission.WORK_TICKETS)
