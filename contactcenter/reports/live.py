"""Who may follow the boards."""

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission
from contactcenter.events import Event


def refresh_board(_event: Event) -> None:
    live.touch("board")


@live.right_to_follow("board")
def may_follow_board(person: Person, rest: str) -> bool:
    return rest == "" and person.may(Permission.SEE_BOARDS)
