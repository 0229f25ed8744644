"""Send what waits, and find again what a crash left behind."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from flask import current_app

from config import Settings
from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.edge import Errand, job, sweep, transaction
from contactcenter.notices import actions, carrier, mail, queries, sms, smtp
from contactcenter.notices.models import Means, Notice, NoticeState
from contactcenter.notices.outcomes import NotTaken, Refused, Unsure

LEFT_BEHIND = timedelta(minutes=15)
MOST_AT_ONCE = 100

HandOver = Callable[[], str | None]  # returns the id that the other side gave it


@job
def send(notice_id: int) -> Errand | None:
    """Mark a notice as leaving; the errand then hands it over and says what became of it."""
    notice = actions.lock(notice_id)
    if notice is None or notice.state is not NoticeState.PENDING:
        return None
    if notice.means not in _means_that_work():
        return None  # it waits: `find_left_behind` looks whether there is a way by now
    try:
        hand_over = _prepared(notice)
    except Refused as refused:
        actions.failed(notice, str(refused))
        return None
    actions.begin(notice)
    return partial(_leave, notice_id, hand_over)


def _means_that_work() -> list[Means]:
    settings = _settings()
    ways = {Means.EMAIL: bool(settings.smtp_host), Means.SMS: carrier.has_account(settings)}
    return [means for means, works in ways.items() if works]


def _prepared(notice: Notice) -> HandOver:
    """All that needs the database is read here. Raises Refused."""
    if notice.means is Means.SMS:
        return sms.prepared(notice)
    centre = db.session.get_one(Centre, notice.centre_id)
    try:
        letter = mail.compose(notice)
    except ValueError as wrong:
        raise Refused("this address cannot be written to") from wrong
    return partial(
        smtp.hand_over,
        letter,
        notice.to_address,
        from_address=centre.mail_address,
        settings=_settings(),
    )


def _leave(notice_id: int, hand_over: HandOver) -> None:
    try:
        given_id = hand_over()
    except NotTaken as why:
        current_app.logger.warning("notice %s waits: %s", notice_id, why)
        _settle(notice_id, partial(actions.put_off, why=str(why)))
    except Unsure as why:
        current_app.logger.warning("notice %s may have left: %s", notice_id, why)
        _settle(notice_id, actions.doubt)
    except Refused as why:
        _settle(notice_id, partial(actions.failed, why=str(why)))
    else:
        _settle(notice_id, partial(_taken, given_id=given_id))


def _taken(notice: Notice, given_id: str | None) -> None:
    notice.message_id = given_id or notice.message_id
    actions.sent(notice)


def _settle(notice_id: int, become: Callable[[Notice], None]) -> None:
    with transaction():
        notice = actions.lock(notice_id)
        if notice is not None and notice.state is NoticeState.SENDING:  # else a report came first
            become(notice)


@sweep(every_seconds=60)
def find_left_behind() -> None:
    """Go on with notices that a crash left: by their state, and where no job is on its way."""
    now = clock.now()
    for notice in db.session.scalars(queries.cut_short(now, MOST_AT_ONCE)):
        actions.doubt(notice)
    late = queries.left_behind(now - LEFT_BEHIND, _means_that_work(), MOST_AT_ONCE)
    for notice, has_died in db.session.execute(late).all():
        if has_died:
            actions.failed(notice, "its job was given up")
        else:
            notice.due_at = now
            actions.stage(notice)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings
