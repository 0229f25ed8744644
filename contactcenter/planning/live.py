"""Who may follow that a rehearsed day goes on."""

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission


@live.right_to_follow("what-if")
def may_follow_what_if(person: Person, what_if_id: str) -> bool:
    """The page itself shows only those of the person's own centre."""
    return what_if_id.isdecimal() and person.may(Permission.PLAN_WORK)
