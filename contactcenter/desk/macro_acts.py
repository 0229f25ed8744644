"""What a ready-made reply does to a request without its words, and the way back from that."""

import contextlib
from collections.abc import Mapping

from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.desk.tags import tags
from contactcenter.errors import Conflict, Invalid
from contactcenter.replies import actions as replies
from contactcenter.replies import macro_actions
from contactcenter.replies.events import MacroUsed
from contactcenter.replies.models import Macro, Then
from contactcenter.teamwork import actions as teamwork
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from contactcenter.worklists import verbs
from contactcenter.worklists.models import Act

_ENDS = {Then.RESOLVE: Act.RESOLVE, Then.WAIT: Act.WAIT}
_MOVES = frozenset(_ENDS.values())


def changing(macro: Macro, ticket: Ticket) -> dict[str, str]:
    """Each act that would change something, by its name, with what it finds now."""
    found = {}
    for name, (act, value) in _acts_of(macro).items():
        before = verbs.state(act, ticket, value)
        if before != verbs.wanted_state(act, value) and (act not in _MOVES or ticket.is_open):
            found[name] = before
    return found


def do(macro: Macro, ticket: Ticket, *, by: Person) -> None:
    macro_actions.apply(macro.id, ticket, by=by)
    replies.follow(ticket, macro.then, by=by)


def set_tags(event: MacroUsed) -> None:
    """Those that are still offered and find room; the words leave all the same."""
    ticket = tickets.get(event.ticket_id)
    by = db.session.get_one(Person, (current_centre(), event.person_id))
    for tag_id in event.tag_ids:
        with contextlib.suppress(Invalid, Conflict):
            teamwork.tag(ticket, tag_id, by=by)


def undo(macro: Macro, ticket: Ticket, before: Mapping[str, str], *, by: Person) -> bool:
    """Put back what is as the reply left it; what someone changed since stays. False if all did."""
    is_any = False
    for name, (act, value) in reversed(_acts_of(macro).items()):
        if name in before and verbs.state(act, ticket, value) == verbs.wanted_state(act, value):
            verbs.undo(act, ticket, value, before[name], by)
            is_any = True
    return is_any


def _acts_of(macro: Macro) -> dict[str, tuple[Act, str]]:
    """What it does, by a name, each with what it wants; a tag that is not offered is not set."""
    acts = [(Act.TOPIC, macro.topic_id), (Act.PRIORITY, macro.priority)]
    named = {act.value: (act, str(value)) for act, value in acts if value is not None}
    for tag_id in macro.tag_ids:
        if tag_id in tags() and tags()[tag_id].is_active:
            named[f"{Act.TAG}-{tag_id}"] = (Act.TAG, str(tag_id))
    if macro.then is not None:
        named[_ENDS[macro.then].value] = (_ENDS[macro.then], "")
    return named
