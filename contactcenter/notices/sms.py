"""Hand a notice to the operator as a text, and hear what became of it."""

from twilio.base.exceptions import TwilioRestException

from contactcenter.db import db
from contactcenter.directory.models import Line
from contactcenter.links import public_url
from contactcenter.notices import actions, carrier, refusals
from contactcenter.notices.models import Means, Notice, NoticeState

LONGEST = 1600  # characters one message may have
OPTED_OUT = 21610

# A later callback may come first: only what is further along is believed.
RANKS = ("accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed")
LOST = frozenset({"undelivered", "failed"})


def send(notice: Notice) -> None:
    """Send a pending text once. Raises what is worth trying again."""
    if refusals.is_refused(Means.SMS, notice.to_address):
        return actions.failed(notice, "asked for no more texts")
    sender = sender_of(notice)
    if sender is None:
        return actions.failed(notice, "the centre has no line to send from")
    try:
        message = carrier.client().messages.create(
            to=notice.to_address,
            from_=sender,
            body=notice.body[:LONGEST],
            status_callback=public_url(f"/phone/message-status?notice={notice.id}"),
        )
    except TwilioRestException as refused:
        if not carrier.is_final(refused):
            raise
        if refused.code == OPTED_OUT:
            refusals.refuse(Means.SMS, notice.to_address)
        return actions.failed(notice, f"refused by the operator ({refused.code})")
    notice.message_id = message.sid
    return actions.sent(notice)


def hear_status(notice: Notice, message_id: str, status: str, error: str) -> None:
    """Note how far a text has come; one that is lost is shown to the agent."""
    if notice.message_id not in (None, message_id) or status not in RANKS:
        return
    known = notice.headers.get("status", RANKS[0])
    if RANKS.index(status) <= RANKS.index(known):
        return
    notice.message_id = message_id
    notice.headers = {**notice.headers, "status": status}
    if status in LOST and notice.state is not NoticeState.FAILED:
        actions.failed(notice, f"not delivered ({error or status})")


def sender_of(notice: Notice) -> str | None:
    """The line the citizen wrote to, else the first of the centre."""
    if written_to := notice.headers.get("line"):
        return str(written_to)
    return db.session.scalar(
        db.select(Line.number).where(Line.centre_id == notice.centre_id).order_by(Line.id).limit(1)
    )
