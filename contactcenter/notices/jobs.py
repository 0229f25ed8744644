"""Send what waits, and find again what a crash left behind."""

from datetime import timedelta

from flask import current_app

from contactcenter import clock, outbox
from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db
from contactcenter.edge import job, sweep
from contactcenter.notices import actions, carrier, mail, sms
from contactcenter.notices.models import Means, Notice, NoticeState

LEFT_BEHIND = timedelta(minutes=15)


@job
def send(notice_id: int) -> None:
    """Send a notice once. Killed between hand-over and commit, it leaves again with the same id."""
    notice = actions.lock(notice_id)
    if notice is None or notice.state is not NoticeState.PENDING:
        return
    if notice.means is Means.EMAIL:
        _send_mail(notice)
    elif notice.means is Means.SMS:
        _send_text(notice)


def _send_mail(notice: Notice) -> None:
    if not current_app.config["SETTINGS"].smtp_host:
        return  # it waits: `find_left_behind` tries again, and the page says that it has not left
    centre = db.session.get_one(Centre, notice.centre_id)
    try:
        composed = mail.compose(notice)
        mail.hand_over(composed, notice.to_address, from_address=centre.mail_address)
    except mail.Undeliverable as refused:
        actions.failed(notice, str(refused))
    except ValueError:
        actions.failed(notice, "this address cannot be written to")
    else:
        actions.sent(notice)


def _send_text(notice: Notice) -> None:
    try:
        sms.send(notice)
    except carrier.NoAccount:
        return  # it waits, as a mail without a mail server does


@sweep(every_seconds=60)
def find_left_behind() -> None:
    """Ring again for pending notices whose job is gone, by their state and not by a time window."""
    now = clock.now()
    left = db.session.scalars(
        db.select(Notice)
        .where(
            Notice.centre_id == current_centre(),
            Notice.state == NoticeState.PENDING,
            Notice.means.in_(actions.SENT_BY_A_MACHINE),
            Notice.due_at < now - LEFT_BEHIND,
        )
        .order_by(Notice.due_at)
        .limit(100)
        .with_for_update(skip_locked=True)
    )
    for notice in left:
        notice.due_at = now
        outbox.stage("notices.send", notice_id=notice.id)
