"""Each act on many tickets in terms of the verbs of one, and the way back from it."""

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.escalation import actions as questions
from contactcenter.teamwork import actions as teamwork
from contactcenter.teamwork.queries import snooze_of, tags_of, team_of
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Status, Ticket
from contactcenter.triage import actions as triage
from contactcenter.triage.models import Field
from contactcenter.worklists.models import Act

_FIELDS = {Act.TOPIC: Field.TOPIC, Act.PRIORITY: Field.PRIORITY, Act.QUEUE: Field.QUEUE}
_STATUSES = {
    Act.WAIT: Status.WAITING_ON_CITIZEN,
    Act.RESOLVE: Status.RESOLVED,
    Act.CLOSE: Status.CLOSED,
}


def check(act: Act, value: str) -> None:
    """Raises Invalid for an act that lacks what it needs."""
    if act in (Act.PRIORITY, Act.QUEUE, *_TAGGING) and not value:
        raise Invalid(_("Choisissez ce que les demandes doivent devenir."), act.value)
    if act is Act.SNOOZE and not _is_moment(value):
        raise Invalid(_("Choisissez un jour et une heure."), act.value)


def state(act: Act, ticket: Ticket, value: str) -> str:
    """What of a ticket the act changes; of a tag, whether it is set."""
    if act in _TAGGING:
        here = (tag.id for tag in db.session.scalars(tags_of(ticket)))
        return Act.TAG.value if value in map(str, here) else Act.UNTAG.value
    if act is Act.ASSIGN:
        return _written(ticket.assigned_to)
    if act is Act.TOPIC:
        return _written(ticket.topic_id)
    if act is Act.QUEUE:
        return _written(ticket.queue_id)
    if act is Act.PRIORITY:
        return ticket.priority.value
    if act is Act.SNOOZE:
        put_away = db.session.scalar(snooze_of(ticket))
        return put_away.until.isoformat() if put_away else ""
    return ticket.status.value


def wanted_state(act: Act, value: str) -> str:
    """What `state` is once the act was done."""
    if act is Act.SNOOZE:
        return datetime.fromisoformat(value).isoformat()
    if act in _TAGGING:
        return act.value
    return _STATUSES[act].value if act in _STATUSES else value


def do(act: Act, ticket: Ticket, value: str, by: Person) -> None:
    if act in _FIELDS:
        triage.correct(ticket, _FIELDS[act], value, by=by)
    elif act is Act.ASSIGN:
        tickets.assign(ticket, _colleague(ticket, value, by), by=by)
    elif act is Act.SNOOZE:
        teamwork.snooze(ticket, datetime.fromisoformat(value), by=by)
    elif act in _TAGGING:
        _TAGGING[act](ticket, _number(value), by=by)
    else:
        _MOVES[act](ticket, by)


def undo(act: Act, ticket: Ticket, value: str, before: str, by: Person) -> None:
    """Back to what it was. A status is gone back to by the moves that lead there."""
    if act in _FIELDS:
        triage.correct(ticket, _FIELDS[act], before, by=by)
    elif act is Act.ASSIGN:
        held = db.session.get(Person, (ticket.centre_id, int(before))) if before else None
        tickets.assign(ticket, held, by=by)
    elif act is Act.SNOOZE:
        _put_back(ticket, before, by)
    elif act in _TAGGING:
        _TAGGING[Act(before)](ticket, _number(value), by=by)
    else:
        ended_at = ticket.resolved_at
        tickets.reopen(ticket, by=by)
        if act is Act.RESOLVE and ended_at is not None:
            questions.put_again(ticket, ended_at=ended_at, by=by)
        if before == Status.RESOLVED:
            tickets.resolve(ticket, by=by)
        elif before == Status.WAITING_ON_CITIZEN:
            tickets.await_citizen(ticket, by=by)


def _put_back(ticket: Ticket, before: str, by: Person) -> None:
    """Away until the moment it was put away to before; else here again."""
    if before:
        teamwork.snooze(ticket, datetime.fromisoformat(before), by=by)
    else:
        teamwork.wake(ticket.id, by_id=by.id)


def _colleague(ticket: Ticket, value: str, by: Person) -> Person | None:
    """Who can hold it: oneself, or someone of its queue or site. Raises Invalid."""
    if not value or value == str(by.id):
        return by if value else None
    for person in db.session.scalars(team_of(ticket)):
        if str(person.id) == value:
            return person
    raise Invalid(_("Cette personne ne sert ni la file ni le site de la demande."), "assign")


def _is_moment(value: str) -> bool:
    try:
        return datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def _number(value: str) -> int:
    return int(value) if value.isdecimal() and len(value) < 19 else 0


def _written(number: int | None) -> str:
    return "" if number is None else str(number)


_MOVES: dict[Act, Callable[[Ticket, Person], None]] = {
    Act.WAIT: lambda ticket, by: tickets.await_citizen(ticket, by=by),
    Act.RESOLVE: lambda ticket, by: tickets.resolve(ticket, by=by),
    Act.CLOSE: lambda ticket, by: tickets.close(ticket, by=by),
}
_TAGGING: dict[Act, Callable[..., None]] = {Act.TAG: teamwork.tag, Act.UNTAG: teamwork.untag}
