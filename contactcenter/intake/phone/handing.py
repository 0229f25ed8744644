"""Hold a caller, and hand them on: to another line, a colleague, or the expert on duty.

Handed on, the call waits again with its place and its request kept. The stay before stays answered,
the next one is a visit of its own that continues it.
"""

from datetime import timedelta

from flask_babel import gettext as _

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict
from contactcenter.escalation import asking
from contactcenter.escalation.queries import visit_of
from contactcenter.events import announce
from contactcenter.intake.phone import actions, offers, promising, records, serving, targets
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.queues import actions as queues
from contactcenter.queues import holding
from contactcenter.queues.events import TalkTransferred
from contactcenter.queues.models import Queue, QueueKind, Visit, VisitState
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

WAITED_FOR = timedelta(minutes=3)  # so long a colleague alone is asked, then the whole line


class CallerLeft(Conflict):
    def __init__(self) -> None:
        super().__init__(_("La personne n’est plus en ligne."))


def hold(call_id: int, *, by: Person) -> None:
    """The caller hears music and nothing else. Raises CallerLeft."""
    call, visit = _talk(call_id, by)
    holding.hold(visit, by=by)
    outbox.stage("intake.set_hold", call_id=call.id)


def take_back(call_id: int, *, by: Person) -> None:
    call, visit = _talk(call_id, by)
    holding.take_back(visit, by=by)
    outbox.stage("intake.set_hold", call_id=call.id)


def to_queue(call_id: int, queue: Queue, text: str, *, by: Person) -> None:
    """Let the call wait in another line. Raises CallerLeft, Conflict."""
    call, visit = _talk(call_id, by)
    serving.write_down(call_id, text, by=by)
    _hand_on(call, visit, queue, by=by)


def to_person(call_id: int, colleague: Person, text: str, *, by: Person) -> None:
    """Let it wait for one colleague, then for the others of their line. Raises as above."""
    call, visit = _talk(call_id, by)
    serving.write_down(call_id, text, by=by)
    queue = targets.line_of(colleague, visit.queue_id)
    following = _hand_on(call, visit, queue, by=by, to_person=colleague)
    following.wanted_person_id = colleague.id
    following.wanted_until = clock.now() + WAITED_FOR


def to_team(call_id: int, team: Team, text: str, *, may_share: bool, by: Person) -> None:
    """Put a live question to who is on duty, who talks to the caller once they take it.

    Without a permission the expert is told the topic alone. Raises CallerLeft, Conflict.
    """
    call, visit = _talk(call_id, by)
    if not targets.is_on_duty(team):
        raise Conflict(_("Plus personne de cette équipe n’est de permanence."))
    serving.write_down(call_id, text, by=by)
    ticket = serving.ticket_of(call)
    if ticket is None:
        raise CallerLeft
    queues.finish(visit, by=by)
    visit.transferred_at = clock.now()
    referral = asking.ask_live(
        ticket,
        team,
        question=text if may_share else "",
        may_share=may_share,
        by=by,
        handed_on=visit,
    )
    following = db.session.scalars(visit_of(referral)).one()
    if following.id == call.visit_id or following.previous_id != visit.id:
        raise Conflict(_("Cette équipe a déjà cette question en direct."))
    _let_wait(call, visit, following, ticket, by=by)


def connect_expert(visit_id: int) -> None:
    """An expert took the question: bring both telephones together. Twice does it once."""
    call = records.living_of(visit_id)
    visit = records.visit_of(call) if call else None
    if call is None or visit is None or visit.answered_by is None or call.accepted_at is not None:
        return
    if call.waited_at is None:
        return  # still on the way to the line: asked again from there
    call.accepted_at, call.accepted_by = clock.now(), visit.answered_by
    outbox.stage("intake.move_caller", call_id=call.id)
    outbox.stage("intake.bring_agent", call_id=call.id)


def look_for_expert(call: PhoneCall) -> None:
    """The caller has come to the line: an expert may have taken the question meanwhile."""
    visit = records.visit_of(call)
    if visit is not None and visit.state is VisitState.SERVING and call.accepted_at is None:
        outbox.stage("intake.connect_expert", visit_id=visit.id)


def come_back(visit_id: int) -> None:
    """No expert talked to them: they wait again at the line they came from."""
    call = records.living_of(visit_id)
    visit = records.visit_of(call) if call else None
    if call is None or visit is None or visit.previous_id is None or call.agent_joined_at:
        return
    before = db.session.get_one(Visit, (visit.centre_id, visit.previous_id))
    gone = call.agent_sid
    following = queues.go_back(visit, records.queue_named(call, before.queue_id))
    records.begin_leg(call, following)
    _move_on(call, gone)


def join_agent(call: PhoneCall, agent_sid: str) -> None:
    """Whoever took the call is there; who was promised a call is rung now."""
    actions.join_agent(call, agent_sid)
    if promising.is_being_brought_together(call):
        promising.ring(call)


def fail_agent(call: PhoneCall) -> None:
    """A telephone that was rung for the caller did not answer: another is, but for an expert's."""
    visit = records.visit_of(call)
    if visit is None or call.agent_joined_at is not None or call.ended_at is not None:
        return
    if visit.state is VisitState.RESERVED and call.accepted_at is not None:
        offers.miss(call, visit)
    elif records.queue_named(call, visit.queue_id).kind is QueueKind.CONSULT:
        outbox.stage("intake.come_back", visit_id=visit.id)


def _hand_on(
    call: PhoneCall, visit: Visit, queue: Queue, *, by: Person, to_person: Person | None = None
) -> Visit:
    if queue.kind is not QueueKind.PHONE or not queue.is_active:
        raise Conflict(_("Cette file ne prend pas d’appels."))
    following = queues.hand_on(visit, queue, by=by)
    ticket = serving.ticket_of(call)
    if ticket is not None:
        tickets.set_queue(ticket, queue.id, by=by)
    _let_wait(call, visit, following, ticket, by=by, to_person=to_person)
    return following


def _let_wait(
    call: PhoneCall,
    visit: Visit,
    following: Visit,
    ticket: Ticket | None,
    *,
    by: Person,
    to_person: Person | None = None,
) -> None:
    """The caller leaves this talk for the next stay; whoever talked to them is free."""
    if ticket is not None and ticket.assigned_to == by.id:
        tickets.assign(ticket, None, by=by)
    gone = call.agent_sid
    records.begin_leg(call, following)
    announce(
        TalkTransferred(
            visit_id=visit.id,
            queue_id=visit.queue_id,
            to_visit_id=following.id,
            to_queue_id=following.queue_id,
            to_person_id=to_person.id if to_person else None,
            ticket_id=visit.ticket_id,
            person_id=by.id,
        )
    )
    _move_on(call, gone)
    serving.be_idle(by)


def _move_on(call: PhoneCall, agent_sid: str | None) -> None:
    outbox.stage("intake.send_on", call_id=call.id, leg=call.leg)
    if agent_sid is not None:
        outbox.stage("intake.let_go", call_sid=agent_sid)


def _talk(call_id: int, by: Person) -> tuple[PhoneCall, Visit]:
    """The talk this agent is in. Raises NotFound, CallerLeft."""
    call = serving.own(call_id, by)
    visit = records.visit_of(call)
    if visit is None or visit.state is not VisitState.SERVING or call.ended_at is not None:
        raise CallerLeft
    live.touch(f"person:{by.id}")
    return call, visit
