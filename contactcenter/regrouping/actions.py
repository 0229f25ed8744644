"""Two tickets become one, one becomes two; and both ways back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import consent
from contactcenter.events import announce
from contactcenter.regrouping import moving
from contactcenter.regrouping.events import TicketsMerged, TicketsParted, TicketSplit
from contactcenter.regrouping.models import Kind, Regrouping
from contactcenter.regrouping.queries import both, chosen, for_change, leaving
from contactcenter.teamwork import actions as teamwork
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Message, MessageKind, Priority, Status, Ticket
from contactcenter.tickets.queries import timeline
from contactcenter.tickets.rules import subject_in

ENDED = ("status", "resolved_at", "closed_at")
KEPT = ("citizen_id", "due_at", "priority")


def merge(
    kept: str,
    merged: str,
    *,
    by: Person,
    takes_citizen: bool = False,
    is_sure: bool = False,
) -> Regrouping:
    """Let all of one ticket go on in another; the one that is kept has its citizen, unless it has
    none or `takes_citizen`.

    Two citizens need `is_sure`. Raises Invalid, Conflict if either was merged meanwhile, NotFound
    if this person may not see both.
    """
    target, source = lock_both(kept, merged, by=by)
    if _are_of_two(target, source) and not is_sure:
        raise Invalid(_("Confirmez : ces demandes sont de deux personnes différentes."), "sure")
    return _join(target, source, by=by, takes_citizen=takes_citizen)


def part(regrouping_id: int, *, by: Person) -> Regrouping:
    """Undo a merge: exactly what was moved goes back; what came later stays with the kept ticket.

    Raises Conflict when something since then stands in the way, saying what.
    """
    done = _living(regrouping_id, Kind.MERGE)
    target, source = lock_both(*_references(done.to_id, done.from_id), by=by, is_undone=True)
    if target.merged_into is not None:
        raise Conflict(_("La demande gardée a été réunie à une autre : séparez d’abord celle-là."))
    source.merged_into = None
    for field, value in done.before["merged"].items():
        setattr(source, field, _read(field, value))
    for field in KEPT:
        if _write(getattr(target, field)) == done.after[field]:
            _give_back(target, field, done.before["kept"][field], by)
    source.updated_at = target.updated_at = clock.now()
    db.session.flush()  # the rows that go back are changed by statements
    moving.back(done.moved, source, target)
    _undone(done, by)
    for each in (target, source):
        announce(
            TicketsParted(
                ticket_id=each.id,
                person_id=by.id,
                kept=target.reference,
                merged=source.reference,
            )
        )
    return done


def split(ticket: Ticket, message_ids: Sequence[int], subject: str, *, by: Person) -> Ticket:
    """Make a ticket of its own of some words of a locked one: same citizen, triaged anew.

    Raises Invalid unless something is chosen and something of the citizen stays.
    """
    messages = db.session.scalars(chosen(ticket, message_ids)).all()
    _refuse_split(ticket, messages)
    first = next(each for each in messages if each.kind is not MessageKind.NOTE)
    said = "\n\n".join(each.text for each in messages if each.kind is MessageKind.CITIZEN)
    made = tickets.open_ticket(
        subject.strip() or subject_in(first.text, tickets.LONGEST_SUBJECT),
        channel=first.channel,
        language=ticket.language,
        said_before=said or first.text,
        site_id=ticket.site_id,
        citizen_id=ticket.citizen_id,
        by=by,
        is_rehearsal=ticket.is_rehearsal,
    )
    moved = moving.some(ticket, made, [each.id for each in messages])
    moved[moving.ADDED + "search_documents"] = moving.index(moved["messages"], made)
    _keep(Kind.SPLIT, ticket, made, moved, by)
    teamwork.link(ticket, made.reference, by=by)
    ticket.updated_at = clock.now()
    for each in (ticket, made):
        announce(
            TicketSplit(
                ticket_id=each.id,
                person_id=by.id,
                source=ticket.reference,
                made=made.reference,
                messages=len(messages),
            )
        )
    return made


def unsplit(regrouping_id: int, *, by: Person) -> Regrouping:
    """Take back what was split off, and all that was said there since: nothing is lost."""
    done = _living(regrouping_id, Kind.SPLIT)
    target, source = lock_both(*_references(done.from_id, done.to_id), by=by)
    _undone(done, by)
    return _join(target, source, by=by)


def lock_both(
    one: str, other: str, *, by: Person, is_undone: bool = False
) -> tuple[Ticket, Ticket]:
    """Raises NotFound for one that this person may not see, Conflict for one that is merged."""
    found = {each.reference: each for each in db.session.scalars(both(one, other, by))}
    if one not in found or other not in found:
        raise NotFound(_("Cette demande n’existe pas, ou n’est pas à vous."))
    if one == other:
        raise Invalid(_("Choisissez une autre demande que celle-ci."), "other")
    for each in found.values():
        if each.merged_into is not None and not is_undone:
            raise tickets.Merged(each)
    return found[one], found[other]


def _give_back(target: Ticket, field: str, value: Any, by: Person) -> None:
    """Of another person what its citizen allowed is another's too."""
    if field == "citizen_id":
        tickets.set_citizen(target, value, by=by)
    else:
        setattr(target, field, _read(field, value))


def _join(target: Ticket, source: Ticket, *, by: Person, takes_citizen: bool = False) -> Regrouping:
    for each in (target, source):
        if db.session.scalar(leaving(each).limit(1)) is not None:
            raise Conflict(_("Une réponse est en train de partir : réessayez dans un instant."))
    before = {"merged": _fields(source, ENDED), "kept": _fields(target, KEPT)}
    was_open = source.status in (Status.NEW, Status.OPEN)
    is_of_one = source.citizen_id == target.citizen_id
    if target.citizen_id is None or takes_citizen:
        tickets.set_citizen(target, source.citizen_id or target.citizen_id, by=by)
    if source.is_open:
        target.due_at = min((d for d in (target.due_at, source.due_at) if d), default=None)
        if source.priority is Priority.HIGH:
            target.priority = Priority.HIGH
    _end(source, target)
    target.updated_at = clock.now()
    db.session.flush()  # the rows that move are changed by statements
    moved = moving.everything(source, target)
    if not is_of_one:
        consent.withdraw(source)  # their yes would be for somebody else's request
        moved[moving.LEAVE] = moving.take_leave(target)
    done = _keep(Kind.MERGE, source, target, moved, by, before, _fields(target, KEPT))
    for each in (target, source):
        announce(
            TicketsMerged(
                ticket_id=each.id,
                person_id=by.id,
                kept=target.reference,
                merged=source.reference,
            )
        )
    if was_open and target.status not in (Status.NEW, Status.OPEN):
        tickets.reopen(target, by=by)
    return done


def _end(source: Ticket, target: Ticket) -> None:
    """Closed with a pointer: it is nobody's work any more, and whatever names it leads on."""
    now = clock.now()
    source.status, source.merged_into = Status.CLOSED, target.id
    source.resolved_at, source.closed_at = source.resolved_at or now, source.closed_at or now
    source.updated_at = now


def _keep(
    kind: Kind,
    source: Ticket,
    target: Ticket,
    moved: moving.Moved,
    by: Person,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Regrouping:
    done = Regrouping(
        kind=kind,
        from_id=source.id,
        to_id=target.id,
        moved=moved,
        before=before or {},
        after=after or {},
        done_by=by.id,
        done_at=clock.now(),
    )
    db.session.add(done)
    db.session.flush()  # the way back names it
    return done


def _living(regrouping_id: int, kind: Kind) -> Regrouping:
    done = db.session.scalar(for_change(regrouping_id))
    if done is None or done.kind is not kind:
        raise NotFound(_("Cette réunion n’est pas connue ici."))
    if done.undone_at is not None:
        raise Conflict(_("C’est déjà défait."))
    return done


def _undone(done: Regrouping, by: Person) -> None:
    done.undone_by, done.undone_at = by.id, clock.now()


def _references(*ticket_ids: int) -> tuple[str, str]:
    one, other = (tickets.get(each).reference for each in ticket_ids)
    return one, other


def _refuse_split(ticket: Ticket, messages: Sequence[Message]) -> None:
    if not any(each.kind is not MessageKind.NOTE for each in messages):
        raise Invalid(_("Choisissez au moins un message qui n’est pas une note."), "messages")
    if not ticket.is_open:
        raise Conflict(_("La demande est terminée : rouvrez-la d’abord."))
    all_said = timeline(ticket).where(Message.kind != MessageKind.NOTE).subquery()
    count = db.session.scalar(select(func.count()).select_from(all_said)) or 0
    if count <= sum(each.kind is not MessageKind.NOTE for each in messages):
        raise Invalid(_("Laissez au moins un message à cette demande."), "messages")


def _are_of_two(one: Ticket, other: Ticket) -> bool:
    known = one.citizen_id is not None and other.citizen_id is not None
    return known and one.citizen_id != other.citizen_id


def _fields(ticket: Ticket, names: Sequence[str]) -> dict[str, Any]:
    return {name: _write(getattr(ticket, name)) for name in names}


def _write(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(field: str, value: Any) -> Any:
    if value is None or field == "citizen_id":
        return value
    if field == "status":
        return Status(value)
    if field == "priority":
        return Priority(value)
    return datetime.fromisoformat(value)
