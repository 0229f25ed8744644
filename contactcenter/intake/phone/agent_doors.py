"""What Twilio tells us of the telephone that is rung for an agent."""

from flask import request
from flask.typing import ResponseReturnValue

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.intake.phone import handing
from contactcenter.intake.phone.doors import OVER, blueprint, conference_call, end_talk, nothing
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
        if status == PICKED_UP:
            handing.join_agent(call, request.form.get("CallSid", ""))
            end_talk(call)
        else:
            handing.fail_agent(call)
    return nothing()


def _is_its_agent(call: PhoneCall) -> bool:
    """Rung twice after a crash, the telephone that counts is the last, or the one that joined."""
    return call.agent_sid in (None, request.form.get("CallSid"))
