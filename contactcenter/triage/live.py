"""Who may follow that a trial of a rule goes on."""

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission


@live.right_to_follow("trial")
def may_follow_trial(person: Person, trial_id: str) -> bool:
    """The page itself shows only the trials of the person's own centre."""
    return trial_id.isdecimal() and person.may(Permission.EDIT_RULES)
