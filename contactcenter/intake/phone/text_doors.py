"""What Twilio tells us of texts: one that a citizen sent, and how far one of ours has come."""

from flask import request
from flask.typing import ResponseReturnValue

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.errors import NotFound
from contactcenter.fields import whole_number
from contactcenter.intake.phone import texts
from contactcenter.intake.phone.doors import blueprint, enter_centre, line_called, nothing
from contactcenter.intake.phone.signature import signed
from contactcenter.notices import actions as notices
from contactcenter.notices import sms

MOST_MEDIA = 10


@blueprint.post("/sms")
@requires(Permission.PUBLIC)
@signed
def create_message() -> ResponseReturnValue:
    line = line_called("To")
    form = request.form
    texts.receive(
        form.get("MessageSid", ""),
        form.get("From", ""),
        form.get("Body", ""),
        media=_media(),
        opt_out=form.get("OptOutType", ""),
        line=line,
        centre=enter_centre(line.centre_id),
    )
    return nothing()


@blueprint.post("/message-status")
@requires(Permission.PUBLIC)
@signed
def update_message() -> ResponseReturnValue:
    enter_centre(line_called("From").centre_id)
    notice = notices.lock(request.args.get("notice", 0, type=whole_number))
    if notice is None:
        raise NotFound("no such notice")
    form = request.form
    sms.hear_status(
        notice,
        form.get("MessageSid", ""),
        form.get("MessageStatus", ""),
        form.get("ErrorCode", ""),
    )
    return nothing()


def _media() -> list[str]:
    """What came along with a text; it is named in the request, and not fetched."""
    count = request.form.get("NumMedia", 0, type=whole_number)
    told = range(min(count, MOST_MEDIA))
    return [request.form.get(f"MediaContentType{number}", "?") for number in told]
