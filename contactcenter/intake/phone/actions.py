"""The life of a call. Each verb notes a fact; `settle` brings the visit in line with all facts.

So a webhook that comes twice, late or before its elder changes nothing in the end. A call's row is
locked before its visit's, and neither is held while Twilio is asked for something.
"""

from datetime import datetime, timedelta

from flask_babel import force_locale
from flask_babel import gettext as _

from contactcenter import clock, outbox
from contactcenter.accounts.models import Centre, Person
from contactcenter.citizens import actions as citizens
from contactcenter.db import db
from contactcenter.directory.models import Line, Topic
from contactcenter.intake.phone import offers, records
from contactcenter.intake.phone.menu import (
    PATIENCE,
    Menu,
    chosen_label,
    chosen_words,
    first_language,
    menu_of,
)
from contactcenter.intake.phone.models import OfferResult, PhoneCall
from contactcenter.intake.phone.opening import answers_now
from contactcenter.intake.phone.rules import caller_number
from contactcenter.intake.phone.waiting import too_long
from contactcenter.queues import actions as queues
from contactcenter.queues import presence
from contactcenter.queues.callers import caller_key
from contactcenter.queues.models import Queue, Visit, VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.queries import waiting_count
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate
from contactcenter.receipts.words import LEFT_LINE, LEFT_MENU, TOLD_IN_MENU
from contactcenter.steering.in_force import wrap_up_of
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Interaction, Ticket

SAID_WITHIN = timedelta(seconds=60)  # then whoever picked up is taken for the person
WRAP_UP = timedelta(seconds=90)  # so long no other call is offered, if nobody says earlier
REFUSED = {
    "queue-full": Outcome.FULL,
    "error": Outcome.ERROR,
}
HUNG_UP = "hangup"
FAILED = "system-error"  # also of who hangs up before they quite stand in the queue
HANGS_UP_WITHIN = timedelta(seconds=5)  # so soon the end of such a call is told


def meet(call_sid: str, caller: str, line: Line, centre: Centre) -> PhoneCall:
    """The call of this id, locked. A new one outside hours is turned away."""
    receipt = receipts.claim(Door.PHONE, f"call:{call_sid}")
    if receipt is None:
        return records.lock(PhoneCall.call_sid == call_sid)
    number = caller_number(caller, centre.country)
    key = caller_key(number) if number else None
    interaction = tickets.open_interaction(Channel.PHONE, caller_key=key)
    # By `from`, who hung up unserved can be called back.
    interaction.detail = {"call_sid": call_sid} | ({"from": number} if number else {})
    now = clock.now()
    call = PhoneCall(
        call_sid=call_sid,
        line_id=line.id,
        interaction_id=interaction.id,
        receipt_id=receipt.id,
        caller=number,
        language=first_language(centre),
        rang_at=now,
        heard_at=now,
    )
    db.session.add(call)
    db.session.flush()  # what it leads to names it
    if not answers_now(line):
        _turn_away(call, line)
    elif menu_of(line, centre, call.language).is_empty:
        _choose(call, line.queue_id, None)
    return call


def choose(call: PhoneCall, line: Line, centre: Centre, digit: str) -> None:
    """Take what was keyed in the menu; silence twice means the line's own queue."""
    menu = menu_of(line, centre, call.language)
    if call.queue_id is not None or call.visit_id is not None:
        return
    if entry := menu.entry(digit):
        call.digit = digit
        _note_choice(call, chosen_words(line, digit))
        _choose(call, entry.queue_id, entry.topic_id)
    elif language := menu.languages.get(digit):
        call.language = language
    else:
        _hear_silence(call, line, menu)


def begin_wait(call: PhoneCall, queue_sid: str) -> None:
    """The caller hears the wait: from now on they stand in line."""
    call.waited_at = call.waited_at or clock.now()
    call.queue_sid = call.queue_sid or queue_sid or None
    settle(call)
    visit = records.visit_of(call)
    if visit is None or visit.state is not VisitState.WAITING:
        return
    if too_long(visit, records.queue_named(call, visit.queue_id)):
        leave_line(call, visit, Outcome.TIMEOUT, _("Attente la plus longue atteinte"))


def leave_queue(call: PhoneCall, result: str) -> None:
    """Twilio says how the stay in its queue ended; being moved by us ends nothing."""
    if result == HUNG_UP:
        records.note_end(call)
    if result == FAILED:
        call.failed_at = call.failed_at or clock.now()
    if result in REFUSED or result == HUNG_UP:
        call.queue_result = call.queue_result or result
    settle(call)


def move(call: PhoneCall) -> None:
    """The caller is being sent to the conference."""
    call.moved_at = call.moved_at or clock.now()


def join(call: PhoneCall, conference_sid: str) -> None:
    """The caller is in the conference: they are answered once the agent is, too."""
    call.joined_at = call.joined_at or clock.now()
    call.conference_sid = call.conference_sid or conference_sid or None
    settle(call)


def join_agent(call: PhoneCall, agent_sid: str) -> None:
    """The agent's telephone is in the conference; if the caller is gone it is let go at once."""
    call.agent_sid = agent_sid
    call.agent_joined_at = call.agent_joined_at or clock.now()
    settle(call)
    if call.ended_at is not None:
        _hang_up_later(call)


def end(call: PhoneCall) -> None:
    """The call, or what tied it to an agent, is over; of a call of ours, once it is known how."""
    if call.awaits_word:
        call.hung_up_at = call.hung_up_at or clock.now()
        _hang_up_later(call)
    else:
        records.note_end(call)
    settle(call)


def end_unheard(call: PhoneCall, at: datetime) -> None:
    """Nobody told us of the end of a talk: it was then, within the talk and not after now."""
    visit = records.visit_of(call)
    if call.ended_at is not None or visit is None or visit.state is not VisitState.SERVING:
        return
    at = min(max(at, visit.answered_at or at), clock.now())
    records.note_end(call, at)
    visit.ended_at = at
    settle(call)


def settle(call: PhoneCall) -> None:
    """Bring the visit, and what hangs on it, in line with what is known of the call."""
    visit = records.visit_of(call) or _enter_when_due(call)
    if visit is None:
        return _note_end_in_menu(call)
    if visit.outcome is None:
        _end_wait(call, visit)
    if visit.state is VisitState.SERVING and call.ended_at is not None:
        _end_service(call, visit)
    if visit.outcome is Outcome.CLOSED and call.ended_at is not None:
        _note_told(call)
    return None


def _end_service(call: PhoneCall, visit: Visit) -> None:
    """The talk is over; what was said is still to be noted."""
    queues.finish(visit)
    if visit.answered_by is not None:
        presence.write_up(
            call.centre_id, visit.answered_by, clock.now() + wrap_up_of(visit.queue_id, WRAP_UP)
        )
    _hang_up_later(call)


def give_up(call: PhoneCall, reason: str | None = None) -> None:
    """Nothing more will come from this caller: the wait ends here if it has not."""
    records.note_end(call)
    visit = records.visit_of(call)
    if visit is not None and visit.outcome is None:
        leave_line(call, visit, Outcome.ABANDONED, reason)
        if call.moved_at is not None:
            _hang_up_later(call)


def _turn_away(call: PhoneCall, line: Line) -> None:
    visit = _enter(call, records.queue_named(call, line.queue_id))
    if visit.outcome is None:
        queues.leave(visit, Outcome.CLOSED)
    records.settle_receipt(call, Fate.REJECTED, "outside opening hours")


def _choose(call: PhoneCall, queue_id: int, topic_id: int | None) -> None:
    queue = records.queue_named(call, queue_id)
    call.queue_id, call.topic_id = queue.id, topic_id
    if queue.capacity is not None and _waiting(queue) >= queue.capacity:
        _enter(call, queue)
    settle(call)


def _note_choice(call: PhoneCall, words: dict[str, str]) -> None:
    """Kept with the contact: figures and lists say it where no topic was given."""
    contact = records.interaction_of(call)
    contact.detail = {**contact.detail, "choice": words}


def _hear_silence(call: PhoneCall, line: Line, menu: Menu) -> None:
    call.silences += 1
    if call.silences >= PATIENCE or not menu.entries:
        _choose(call, line.queue_id, None)


def _enter_when_due(call: PhoneCall) -> Visit | None:
    """The visit of a caller who chose and then waited, or left before they could."""
    is_due = call.waited_at or call.queue_result or call.failed_at or call.ended_at
    if call.queue_id is None or is_due is None:
        return None
    return _enter(call, records.queue_named(call, call.queue_id))


def _enter(call: PhoneCall, queue: Queue) -> Visit:
    interaction = records.interaction_of(call)
    promised = _promised(call, queue)
    if call.caller and interaction.citizen_id is None:
        citizen = citizens.find_or_create(phone=call.caller, language=call.language)
        interaction.citizen_id = citizen.id
    visit = queues.enter(
        queue,
        channel=Channel.PHONE,
        interaction_id=interaction.id,
        topic_id=call.topic_id,
        language=call.language,
        caller_key=interaction.caller_key,
        previous=promised,
        ticket_id=_followed(interaction),
    )
    call.visit_id = visit.id
    if visit.outcome is not None:
        records.settle_receipt(call, Fate.REJECTED, "the queue was full")
    return visit


def _followed(interaction: Interaction) -> int | None:
    """The request whose code was typed before waiting, while it is open: the talk is about it."""
    if interaction.ticket_id is None:
        return None
    ticket = tickets.get(interaction.ticket_id)
    return ticket.id if ticket.is_open else None


def _promised(call: PhoneCall, queue: Queue) -> Visit | None:
    """Whoever waits for a call of ours and calls themselves goes on waiting in person."""
    back = records.promised_to(call, queue)
    visit = records.visit_of(back) if back else None
    if back is None or visit is None or visit.state is not VisitState.WAITING:
        return None
    records.note_end(back)
    leave_line(back, visit, Outcome.MOVED, None)
    return visit


def _end_wait(call: PhoneCall, visit: Visit) -> None:
    if call.awaits_word:
        _ask_whom(call, visit)
    elif call.joined_at and call.agent_joined_at and call.accepted_by is not None:
        _answer(call, visit, call.accepted_by, max(call.joined_at, call.agent_joined_at))
    elif call.queue_result in REFUSED:
        leave_line(call, visit, REFUSED[call.queue_result], None)
    elif call.failed_at is not None and _was_a_fault(call, call.failed_at):
        leave_line(call, visit, Outcome.ERROR, None)
    elif call.ended_at is not None and not _may_still_join(call):
        leave_line(call, visit, Outcome.ABANDONED, None)


def _was_a_fault(call: PhoneCall, failed_at: datetime) -> bool:
    """Whether the caller was still there a moment after their queue failed."""
    return (call.ended_at or clock.now()) >= failed_at + HANGS_UP_WITHIN


def _ask_whom(call: PhoneCall, visit: Visit) -> None:
    """The agent is given time to say whether a person is there."""
    known = (call.joined_at, call.agent_joined_at, call.hung_up_at)
    visit.reserved_until = max(moment for moment in known if moment) + SAID_WITHIN
    offers.refresh(call)


def _may_still_join(call: PhoneCall) -> bool:
    """Until both are in the conference, the end may overtake the beginning."""
    return (
        call.accepted_at is not None and call.moved_at is not None and call.queue_result != HUNG_UP
    )


def _answer(call: PhoneCall, visit: Visit, person_id: int, at: datetime) -> None:
    person = db.session.get_one(Person, (call.centre_id, person_id))
    ticket = _known_ticket(visit) or _open_ticket(call, visit, person)
    tickets.assign(ticket, person, by=person)
    visit.ticket_id = ticket.id
    queues.answer(visit, by=person, at=at)
    records.settle_receipt(call, Fate.TICKETED, ticket_id=ticket.id)


def _open_ticket(call: PhoneCall, visit: Visit, person: Person) -> Ticket:
    interaction = records.interaction_of(call)
    line = db.session.get_one(Line, (call.centre_id, call.line_id))
    with force_locale(person.language):
        return tickets.open_ticket(
            _subject(call, line, person.language),
            channel=Channel.PHONE,
            language=call.language,
            topic_id=call.topic_id,
            queue_id=visit.queue_id,
            site_id=line.site_id,
            citizen_id=interaction.citizen_id,
            interaction=interaction,
            by=person,
        )


def _known_ticket(visit: Visit) -> Ticket | None:
    """Of a call that was handed on: its request goes with it."""
    return tickets.lock_survivor(visit.ticket_id) if visit.ticket_id is not None else None


def _subject(call: PhoneCall, line: Line, language: str) -> str:
    """The topic, else the words of the menu, else that it was a call."""
    if call.topic_id is not None:
        return db.session.get_one(Topic, (call.centre_id, call.topic_id)).label_in(language)
    choice = chosen_label(line, call.digit, language)
    return _("Appel : %(choice)s", choice=choice) if choice else _("Appel")


def leave_line(call: PhoneCall, visit: Visit, outcome: Outcome, reason: str | None) -> None:
    offers.close(call, OfferResult.CALLER_LEFT)
    call.wrapped_at = clock.now()  # there is nothing to note
    queues.leave(visit, outcome, reason=reason, at=call.ended_at)
    records.settle_receipt(call, Fate.REJECTED, f"{LEFT_LINE}{visit.outcome}")


def _note_end_in_menu(call: PhoneCall) -> None:
    if call.ended_at is not None and not _note_told(call):
        records.settle_receipt(call, Fate.REJECTED, LEFT_MENU)


def _note_told(call: PhoneCall) -> bool:
    """Whether the caller heard where their request stands: nobody had to be there for it."""
    followed = records.interaction_of(call).ticket_id
    if followed is None:
        return False
    records.settle_receipt(call, Fate.ATTACHED, TOLD_IN_MENU, ticket_id=followed)
    return True


def _hang_up_later(call: PhoneCall) -> None:
    outbox.stage("intake.hang_up", call_id=call.id)


def _waiting(queue: Queue) -> int:
    return db.session.scalar(waiting_count(queue.id)) or 0
