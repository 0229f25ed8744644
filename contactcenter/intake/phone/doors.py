"""What Twilio asks of us: each address notes one fact of a call and answers with what comes next.

The ids in a signed request are looked up in the centre of the line that was called; the operator's
own position in line is ignored, since the order is ours.
"""

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from twilio.twiml import TwiML

from contactcenter import clock, outbox
from contactcenter.accounts.models import Centre
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import Scope, db, enter
from contactcenter.directory.models import Line
from contactcenter.edge import transaction
from contactcenter.errors import NotFound
from contactcenter.fields import whole_number
from contactcenter.intake.phone import (
    actions,
    follow_script,
    following,
    handing,
    promising,
    queries,
    records,
    script,
)
from contactcenter.intake.phone.menu import queues_of
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.intake.phone.opening import opens_in_words
from contactcenter.intake.phone.script import Scene
from contactcenter.intake.phone.signature import leave_trace, signed, warn_without_token
from contactcenter.intake.phone.waiting import place_of
from contactcenter.languages import force_locale
from contactcenter.links import public_url
from contactcenter.queues.models import VisitState
from contactcenter.queues.outcomes import Outcome
from contactcenter.steering.in_force import said

blueprint = Blueprint("phone_doors", __name__, url_prefix="/phone")
blueprint.record_once(warn_without_token)

MOVED = frozenset({"redirected", "redirected-from-bridged"})
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
AGENT = "agent"
RETRY_SECONDS = "5"
AWAY = (OperationalError, InterfaceError, PoolTimeout)  # the database
MOVED_BY_US = "participant_updated_via_api"


class UnknownLine(Exception):
    """The number that was called is none of ours."""


@blueprint.errorhandler(UnknownLine)
def refuse_line(_error: UnknownLine) -> ResponseReturnValue:
    with transaction():
        leave_trace("no line has this number")
    # What is told of a text is answered by a document for texts: spoken words are an error there.
    is_text = "MessageSid" in request.form
    return nothing() if is_text else as_document(script.unknown_line())


@blueprint.errorhandler(NotFound)
def refuse_call(_error: NotFound) -> ResponseReturnValue:
    """A request about a call we do not have: a trace is left, and nothing is done."""
    try:
        with transaction():
            leave_trace("a call that is not known here")
    except AWAY:
        return come_back()
    return Response("no such call\n", 404, content_type="text/plain")


def come_back() -> ResponseReturnValue:
    """While the database is away: what is only told is not to be taken for kept."""
    headers = {"Retry-After": RETRY_SECONDS}
    return Response("come back\n", 503, headers, content_type="text/plain")


@blueprint.post("/voice")
@requires(Permission.PUBLIC)
@signed
def create_call() -> ResponseReturnValue:
    return _next(call_asked())


@blueprint.post("/menu")
@requires(Permission.PUBLIC)
@signed
def create_choice() -> ResponseReturnValue:
    scene = call_asked()
    if request.form.get("Digits") == script.FOLLOW_KEY and following.may_follow(scene.call):
        return as_document(follow_script.ask(scene.call))
    if request.args.get("at") == script.at(scene.call):
        actions.choose(scene.call, scene.line, scene.centre, request.form.get("Digits", ""))
    return _next(scene)


@blueprint.post("/wait")
@requires(Permission.PUBLIC)
@signed
def show_wait() -> ResponseReturnValue:
    scene = call_asked()
    if _is_of_now(scene.call):
        actions.begin_wait(scene.call, request.form.get("QueueSid", ""))
        handing.look_for_expert(scene.call)
    return _wait(scene)


@blueprint.post("/wait-key")
@requires(Permission.PUBLIC)
@signed
def create_wait_key() -> ResponseReturnValue:
    """A key while one waits: the call back, or where a request stands, if it was offered."""
    scene = call_asked()
    visit = records.visit_of(scene.call)
    if request.form.get("Digits") == script.FOLLOW_KEY and _may_follow_waiting(scene):
        return as_document(follow_script.ask(scene.call, in_line=True))
    if visit is not None and request.form.get("Digits") == script.CALL_ME_KEY:
        until = promising.may_promise(scene.call, visit, place_of(visit, scene.centre).estimate)
        if until is not None and _is_of_now(scene.call):
            promising.promise(scene.call, until)
    return _wait(scene)


@blueprint.post("/left")
@requires(Permission.PUBLIC)
@signed
def create_leaving() -> ResponseReturnValue:
    """The stay in Twilio's queue ended; when we moved the call, this only says so."""
    scene = call_asked()
    result = request.form.get("QueueResult", "")
    if not _is_of_now(scene.call):
        return _next(scene)
    actions.leave_queue(scene.call, result)
    if result == actions.FAILED and request.form.get("CallStatus") in OVER:
        actions.end(scene.call)
    if result in MOVED and scene.call.accepted_at is not None:
        actions.move(scene.call)
    return _next(scene)


@blueprint.post("/conference")
@requires(Permission.PUBLIC)
@signed
def show_conference() -> ResponseReturnValue:
    """The caller has been taken out of the line; who is no longer expected waits on."""
    scene = call_asked()
    if scene.call.accepted_at is not None and _is_of_now(scene.call):
        actions.move(scene.call)
    return _next(scene)


@blueprint.post("/over")
@requires(Permission.PUBLIC)
@signed
def create_end() -> ResponseReturnValue:
    """The caller is out of the conference, on the line or not."""
    scene = call_asked()
    if _is_of_now(scene.call):
        actions.end(scene.call)
    return _next(scene)


@blueprint.post("/hold")
@requires(Permission.PUBLIC)
@signed
def show_hold() -> ResponseReturnValue:
    """Words and music for who is on hold."""
    call, _is_now = conference_call(request.args.get("conference", ""))
    return as_document(script.hold_document(call))


@blueprint.post("/status")
@requires(Permission.PUBLIC)
@signed
def update_status() -> ResponseReturnValue:
    """The end of the call, whatever else was lost on the way."""
    if request.form.get("CallStatus") in OVER:
        actions.end(call_asked().call)
    return nothing()


@blueprint.post("/conference-events")
@requires(Permission.PUBLIC)
@signed
def create_conference_event() -> ResponseReturnValue:
    call, is_now = conference_call(request.form.get("FriendlyName", ""))
    told = request.form.get("StatusCallbackEvent", "")
    if is_now:
        _CONFERENCE.get(told, _ignore)(call)
    elif told == "participant-join" and (_is_agent(call) or call.promised_until is not None):
        # The call was handed on, or waits again, before this telephone was there.
        outbox.stage("intake.let_go", call_sid=request.form.get("CallSid", ""))
    return nothing()


@blueprint.post("/citizen-leg")
@requires(Permission.PUBLIC)
@signed
def update_citizen_leg() -> ResponseReturnValue:
    """A call of ours is over: it was answered, or is tried again."""
    call, is_now = conference_call(request.args.get("conference", ""))
    if is_now and request.form.get("CallStatus") in OVER:
        if promising.is_being_brought_together(call):
            promising.miss(call)
        else:
            actions.end(call)
    return nothing()


def call_asked() -> Scene:
    """The call of this request, met if it is new, in the centre of the line that was called.

    Of a call of ours, the line is the one that called.
    """
    is_ours = request.form.get("Direction", "").startswith("outbound")
    line = line_called("From" if is_ours else "To")
    centre, sid = enter_centre(line.centre_id), request.form.get("CallSid", "")
    if is_ours:
        call = records.lock(PhoneCall.call_sid == sid)
    else:
        call = actions.meet(sid, request.form.get("From", ""), line, centre)
    call.heard_at = clock.now()
    return Scene(call, None, line, centre)


def line_called(field: str) -> Line:
    """The line whose number stands in this field. Raises UnknownLine."""
    line: Line | None = db.session.scalar(queries.line_numbered(request.form.get(field, "")))
    if line is None:
        raise UnknownLine
    return line


def enter_centre(centre_id: int) -> Centre:
    enter(Scope(centre_id))
    centre = db.session.get_one(Centre, centre_id)
    g.centre, g.timezone = centre, centre.timezone
    return centre


def _wait(scene: Scene) -> ResponseReturnValue:
    visit = records.visit_of(scene.call)
    if visit is None or visit.state is not VisitState.WAITING:
        return as_document(script.wait_document(_look(scene), None))
    place = place_of(visit, scene.centre)
    until = promising.may_promise(scene.call, visit, place.estimate)
    may_follow = _may_follow_waiting(scene)
    return as_document(script.wait_document(_look(scene), place, until, may_follow=may_follow))


def _may_follow_waiting(scene: Scene) -> bool:
    return following.may_follow_waiting(scene.call, scene.line, scene.centre)


def _is_of_now(call: PhoneCall) -> bool:
    """Whether this is asked for the stay the call is in: what is said of an earlier one is late."""
    return request.args.get("leg", "1") == str(call.leg)


def conference_call(name: str) -> tuple[PhoneCall, bool]:
    """The call a conference was made for, and whether it still is the one of that call.

    Its name carries both ids and the leg. Raises NotFound.
    """
    _ours, *ids = name.split("-")
    if len(ids) != 3 or not all(each.isdecimal() for each in ids):
        raise NotFound("no conference of ours")
    centre_id, call_id, leg = (int(each) for each in ids)
    if db.session.get(Centre, centre_id) is None:
        raise NotFound("no such centre")
    enter_centre(centre_id)
    call = records.lock_id(call_id)
    call.heard_at = clock.now()
    return call, call.leg == leg


def _look(scene: Scene) -> Scene:
    """The same call as it stands now, after what was just noted."""
    with force_locale(scene.call.language):
        opening = opens_in_words(scene.line)
    call = scene.call
    queue_ids = [call.queue_id] if call.queue_id else queues_of(scene.line)
    news = said(queue_ids, call.language)
    visit = records.visit_of(call)
    called_back = visit is not None and visit.outcome is Outcome.CALLBACK
    promise = records.promise_of(call) if called_back else None
    return Scene(call, visit, scene.line, scene.centre, opening, news, promise)


def _next(scene: Scene) -> ResponseReturnValue:
    return as_document(script.next_document(_look(scene)))


def as_document(document: TwiML) -> ResponseReturnValue:
    return Response(str(document), content_type="text/xml; charset=utf-8")


def nothing() -> ResponseReturnValue:
    return Response('<?xml version="1.0" encoding="UTF-8"?><Response/>', content_type="text/xml")


@blueprint.post("/follow-up")
@requires(Permission.PUBLIC)
@signed
def create_follow_up() -> ResponseReturnValue:
    """The digits of a code: where that request stands, in words."""
    scene = call_asked()
    call, in_line = scene.call, "leg" in request.args
    if in_line and not (_is_of_now(call) and _may_follow_waiting(scene)):
        return _wait(scene)
    if not in_line and not following.may_follow(call):
        return _next(scene)
    attempt = request.args.get("try", 1, type=whole_number)
    said = following.follow(call, request.form.get("Digits", ""), attempt, scene.centre)
    if not following.is_known(call) and call.code_tries < following.MOST_TRIES:
        return as_document(follow_script.ask(call, said, in_line=in_line))
    return as_document(follow_script.tell(call, said, _back(call, in_line=in_line)))


def _back(call: PhoneCall, *, in_line: bool) -> str | None:
    """Where who was told goes on: in line, in the menu, or nowhere when it is closed."""
    if in_line:
        return script.of_leg("/phone/wait", call)
    return public_url("/phone/voice") if call.visit_id is None else None


def _is_agent(call: PhoneCall) -> bool:
    return (
        request.form.get("ParticipantLabel") == AGENT
        or request.form.get("CallSid") == call.agent_sid
    )


def _joined(call: PhoneCall) -> None:
    if _is_agent(call):
        handing.join_agent(call, request.form.get("CallSid", ""))
    else:
        promising.note_telephone(call, request.form.get("CallSid", ""))
        actions.join(call, request.form.get("ConferenceSid", ""))


def _left(call: PhoneCall) -> None:
    """Whoever left was in it before; the other one is not left alone with the music."""
    if request.form.get("ReasonParticipantLeft") == MOVED_BY_US:
        return
    _joined(call)
    end_talk(call)


def end_talk(call: PhoneCall) -> None:
    """Without the citizen, a call of ours was not made: it waits again."""
    if promising.is_being_brought_together(call):
        promising.put_back(call)
    else:
        actions.end(call)


def _ignore(_call: PhoneCall) -> None:
    """Holding and muting are told too, and change nothing here."""


_CONFERENCE = {
    "participant-join": _joined,
    "participant-leave": _left,
    "conference-end": end_talk,
}
