"""What a ready-made reply does to a request without its words, and the way back from that."""

from collections.abc import Mapping

from contactcenter.accounts.models import Person
from contactcenter.replies import actions as replies
from contactcenter.replies import macro_actions
from contactcenter.replies.models import Macro, Then
from contactcenter.tickets.models import Ticket
from contactcenter.worklists import verbs
from contactcenter.worklists.models import Act

_ENDS = {Then.RESOLVE: Act.RESOLVE, Then.WAIT: Act.WAIT}
_MOVES = frozenset(_ENDS.values())


def changing(macro: Macro, ticket: Ticket) -> dict[Act, str]:
    """Each act that would change something, with what it finds now."""
    found = {}
    for act, value in _acts_of(macro).items():
        before = verbs.state(act, ticket, value)
        if before != verbs.wanted_state(act, value) and (act not in _MOVES or ticket.is_open):
            found[act] = before
    return found


def do(macro: Macro, ticket: Ticket, *, by: Person) -> None:
    macro_actions.apply(macro.id, ticket, by=by)
    replies.follow(ticket, macro.then, by=by)


def undo(macro: Macro, ticket: Ticket, before: Mapping[Act, str], *, by: Person) -> bool:
    """Put back what is as the reply left it; what someone changed since stays. False if all did."""
    is_any = False
    for act, value in reversed(_acts_of(macro).items()):
        if act in before and verbs.state(act, ticket, value) == verbs.wanted_state(act, value):
            verbs.undo(act, ticket, value, before[act], by)
            is_any = True
    return is_any


def _acts_of(macro: Macro) -> dict[Act, str]:
    """What it does, each with what it wants."""
    acts = {}
    if macro.topic_id is not None:
        acts[Act.TOPIC] = str(macro.topic_id)
    if macro.priority is not None:
        acts[Act.PRIORITY] = macro.priority.value
    if macro.then is not None:
        acts[_ENDS[macro.then]] = ""
    return acts
