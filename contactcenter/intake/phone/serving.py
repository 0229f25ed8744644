"""What an agent does with a call they took: end it, note what was said, be rung again."""

from flask_babel import gettext as _

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.intake.phone import actions, queries, records
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.queues.queries import presence_of
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Message, Ticket
from contactcenter.triage import placing


def hang_up(call_id: int, *, by: Person) -> None:
    """The agent ends the call; both telephones follow. Raises NotFound."""
    call = own(call_id, by)
    actions.end(call)
    live.touch(f"person:{by.id}")


def write_down(call_id: int, text: str, *, by: Person) -> None:
    """Keep what was said with the request, once: the same words sent again add nothing."""
    call = own(call_id, by)
    ticket = ticket_of(call)
    if not text.strip() or ticket is None:
        return
    interaction = records.interaction_of(call)
    known = queries.records_of(interaction).where(Message.text == text.strip())
    if not db.session.scalar(known):
        tickets.record(ticket, text, by=by, interaction=interaction)


def wrap_up(call_id: int, text: str, *, by: Person, is_settled: bool) -> None:
    """Everything is noted: the agent is free. What is not settled waits for a written answer."""
    write_down(call_id, text, by=by)
    call = own(call_id, by)
    if call.wrapped_at is not None:
        return
    if call.ended_at is None:
        actions.end(call)
    call.wrapped_at = clock.now()
    ticket = ticket_of(call)
    if ticket is not None and ticket.is_open:
        if is_settled:
            tickets.resolve(ticket, by=by)
        else:
            placing.place_again(ticket, by=by)
    be_idle(by)


def own(call_id: int, by: Person) -> PhoneCall:
    call = records.lock_id(call_id)
    if call.accepted_by != by.id:
        raise NotFound(_("Cet appel n’est pas connu ici."))
    return call


def ticket_of(call: PhoneCall) -> Ticket | None:
    """The request of the call, locked: who took the call may write to it."""
    visit = records.visit_of(call)
    if visit is None or visit.ticket_id is None:
        return None
    return db.session.scalars(
        db.select(Ticket)
        .where(Ticket.centre_id == call.centre_id, Ticket.id == visit.ticket_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def be_idle(person: Person) -> None:
    """Idle from now on: the next call goes to whoever has been so for longest."""
    outbox.stage("intake.offer_calls")
    presence = db.session.scalar(presence_of(person).with_for_update())
    if presence is not None:
        presence.idle_since, presence.writes_until = clock.now(), None
    live.touch(f"person:{person.id}")
    live.touch("board")
