"""What Twilio tells us of texts: one that a citizen sent, and how far one of ours has come."""

from flask import request
from flask.typing import ResponseReturnValue

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.accounts.usual import usual_centre
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.fields import whole_number
from contactcenter.intake.phone import queries, texts
from contactcenter.intake.phone.doors import blueprint, enter_centre, line_called, nothing
from contactcenter.intake.phone.signature import signed
from contactcenter.notices import actions as notices
from contactcenter.notices import sms

MOST_MEDIA = 10


@blueprint.post("/sms")
@requires(Permission.PUBLIC)
@signed
def create_message() -> ResponseReturnValue:
    called = request.form.get("To", "")
    line = db.session.scalar(queries.line_numbered(called))
    if line is not None:
        texts.receive(text_told(), line, enter_centre(line.centre_id))
    else:
        centre = usual_centre()
        if centre is not None:
            enter_centre(centre.id)
        texts.hold(text_told(), called, is_kept=centre is not None)
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


def text_told() -> texts.Text:
    """The text of this request."""
    form = request.form
    count = min(form.get("NumMedia", 0, type=whole_number), MOST_MEDIA)
    return texts.Text(
        sid=form.get("MessageSid", ""),
        sender=form.get("From", ""),
        body=form.get("Body", ""),
        pictures=[form.get(f"MediaUrl{number}", "") for number in range(count)],
        wish=form.get("OptOutType", ""),
    )
