"""Hand a notice to the operator as a text, and hear what became of it."""

from collections.abc import Callable
from functools import partial

from flask import current_app
from twilio.base.exceptions import TwilioRestException

from contactcenter.db import db
from contactcenter.directory.models import Line
from contactcenter.edge import transaction
from contactcenter.links import public_url
from contactcenter.notices import actions, carrier, refusals
from contactcenter.notices.models import Means, Notice, NoticeState
from contactcenter.notices.outcomes import NotTaken, Refused, Unsure

LONGEST = 1600  # characters one message may have
OPTED_OUT = 21610

# A later callback may come first: only what is further along is believed.
RANKS = ("accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed")
LOST = frozenset({"undelivered", "failed"})
TAKEN = frozenset({"queued", "sending", "sent", "delivered"})
UNDER_WAY = (NoticeState.PENDING, NoticeState.SENDING, NoticeState.UNSURE)


def prepared(notice: Notice) -> Callable[[], str | None]:
    """How to hand a text over, once no transaction is open. Raises Refused."""
    if refusals.is_refused(Means.SMS, notice.to_address):
        raise Refused("asked for no more texts")
    sender = sender_of(notice)
    if sender is None:
        raise Refused("the centre has no line to send from")
    return partial(
        _hand_over,
        to=notice.to_address,
        from_=sender,
        body=notice.body[:LONGEST],
        status_callback=public_url(f"/phone/message-status?notice={notice.id}"),
    )


def _hand_over(**text: str) -> str | None:
    """The operator's id of the text. Raises Refused, NotTaken or Unsure, which quote nothing."""
    try:
        return carrier.client().messages.create(**text).sid
    except TwilioRestException as refused:
        if carrier.is_of_account(refused):
            current_app.logger.error(
                "the telephone operator refuses our account (%s): texts wait", refused.code
            )
        if not carrier.is_final(refused):
            raise NotTaken(f"the operator answered {refused.status}") from None
        if refused.code == OPTED_OUT:
            with transaction():
                refusals.refuse(Means.SMS, text["to"])
        raise Refused(f"refused by the operator ({refused.code})") from None
    except OSError as broken:
        kind = NotTaken if carrier.was_not_reached(broken) else Unsure
        raise kind(f"no answer of the operator ({type(broken).__name__})") from None


def hear_status(notice: Notice, message_id: str, status: str, error: str) -> None:
    """Note how far a text has come; one that is lost is shown to the agent.

    What the operator tells of has been handed over, even if whoever did it died before noting so.
    """
    if notice.message_id not in (None, message_id) or status not in RANKS:
        return
    known = notice.headers.get("status", RANKS[0])
    if RANKS.index(status) <= RANKS.index(known):
        return
    notice.message_id = message_id
    notice.headers = {**notice.headers, "status": status}
    if status in LOST and notice.state is not NoticeState.FAILED:
        actions.failed(notice, f"not delivered ({error or status})")
    elif status in TAKEN and notice.state in UNDER_WAY:
        actions.sent(notice)


def sender_of(notice: Notice) -> str | None:
    """The line the citizen wrote to, else the first of the centre."""
    if written_to := notice.headers.get("line"):
        return str(written_to)
    return db.session.scalar(
        db.select(Line.number).where(Line.centre_id == notice.centre_id).order_by(Line.id).limit(1)
    )
