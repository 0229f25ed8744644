"""What Twilio tells us of the telephone that is rung for an agent."""

from flask import request
from flask.typing import ResponseReturnValue

from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.intake.phone import handing, script
from contactcenter.intake.phone.doors import (
    OVER,
    as_document,
    blueprint,
    conference_call,
    end_talk,
    nothing,
)
from contactcenter.intake.phone.hands import SOFTWARE
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.intake.phone.signature import signed

PICKED_UP = "completed"


@blueprint.post("/agent-leg")
@requires(Permission.PUBLIC)
@signed
def update_agent_leg() -> ResponseReturnValue:
    """The call to the agent's telephone ended; if it never joined, another agent's is rung."""
    call, is_now = conference_call(request.args.get("conference", ""))
    status = request.form.get("CallStatus")
    if is_now and status in OVER and _is_its_agent(call):
        if status == PICKED_UP and request.form.get("To", "").startswith(SOFTWARE):
            handing.join_agent(call, request.form.get("CallSid", ""))
            end_talk(call)
        else:
            handing.fail_agent(call)
    return nothing()


@blueprint.post("/post-key")
@requires(Permission.PUBLIC)
@signed
def create_post_key() -> ResponseReturnValue:
    """An agent's number was picked up: they take the call by a key, which a voicemail has not."""
    call, is_now = conference_call(request.args.get("conference", ""))
    if not is_now or call.ended_at is not None or call.accepted_by is None:
        return as_document(script.too_late())
    person = db.session.get_one(Person, (call.centre_id, call.accepted_by))
    if request.form.get("Digits") != script.TAKE_KEY:
        return as_document(script.ask_to_take(call, person.language))
    handing.join_agent(call, request.form.get("CallSid", ""))
    return as_document(script.agent_document(call))


def _is_its_agent(call: PhoneCall) -> bool:
    """Rung twice after a crash, the telephone that counts is the last, or the one that joined."""
    return call.agent_sid in (None, request.form.get("CallSid"))
