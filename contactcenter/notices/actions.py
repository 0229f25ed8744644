"""The verbs of notices: write one, say that it left, that it failed, or that it need not leave."""

from datetime import datetime, timedelta
from typing import Any, TypedDict, Unpack

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.events import announce
from contactcenter.notices import rules
from contactcenter.notices.events import NoticeFailed, NoticeSent
from contactcenter.notices.models import INVITATION, TOO_MANY, Means, Notice, NoticeState
from contactcenter.notices.tokens import message_id

MOST_AUTOMATIC_AN_HOUR = 30  # to one address: a loop between two machines ends here
MOST_TO_COLLEAGUES_AN_HOUR = 1000  # to one person or team: a busy day is no loop
SENT_BY_A_MACHINE = (Means.EMAIL, Means.SMS)


class About(TypedDict, total=False):
    """What a notice is about, as far as there is such a thing."""

    ticket_id: int | None
    referral_id: int | None
    said_id: int | None
    citizen_id: int | None
    is_rehearsal: bool


def write(
    *,
    kind: str,
    means: Means,
    to_address: str,
    body: str,
    language: str,
    subject: str = "",
    headers: dict[str, Any] | None = None,
    attachment_ids: list[int] | None = None,
    is_automatic: bool = True,
    dedupe_key: str | None = None,
    due_at: datetime | None = None,
    **about: Unpack[About],
) -> Notice:
    """Write what will leave, in the caller's transaction; a letter is printed by an agent.

    With a `dedupe_key`, writing the same notice again gives back the first one.
    """
    now = clock.now()
    notice = _once(
        kind=kind,
        means=means,
        to_address=to_address,
        subject=" ".join(subject.split())[:300],  # a header is one line, whoever wrote it
        body=body,
        language=language,
        headers=headers or {},
        attachment_ids=attachment_ids or [],
        is_automatic=is_automatic,
        dedupe_key=dedupe_key,
        state=NoticeState.PENDING,
        written_at=now,
        due_at=due_at or now,
        **about,
    )
    if notice is None:
        return db.session.scalars(db.select(Notice).filter_by(dedupe_key=dedupe_key)).one()
    _prepare(notice)
    return notice


def _once(**values: Any) -> Notice | None:
    """The new row; None if its `dedupe_key` was used before."""
    notice_id = db.session.scalar(
        insert(Notice)
        .values(centre_id=current_centre(), **values)
        .on_conflict_do_nothing(index_elements=["centre_id", "dedupe_key"])
        .returning(Notice.id)
    )
    if notice_id is None:
        return None
    return db.session.get_one(Notice, (current_centre(), notice_id))


def _prepare(notice: Notice) -> None:
    if notice.means is Means.EMAIL:
        notice.message_id = message_id(notice)
    if notice.is_automatic and _too_many(notice):
        failed(notice, TOO_MANY)
    elif notice.means in SENT_BY_A_MACHINE:
        stage(notice)


def stage(notice: Notice) -> None:
    """Have it sent when it is due, in a lane of its own: whoever takes it may be slow."""
    outbox.stage("notices.send", lane="letters", due_at=notice.due_at, notice_id=notice.id)


def _too_many(notice: Notice) -> bool:
    written = db.session.scalar(
        db.select(func.count(Notice.id)).where(
            Notice.centre_id == notice.centre_id,
            func.lower(Notice.to_address) == func.lower(notice.to_address),
            Notice.is_automatic,
            Notice.written_at > clock.now() - timedelta(hours=1),
        )
    )
    return (written or 0) > (
        MOST_TO_COLLEAGUES_AN_HOUR if _is_a_colleague(notice) else MOST_AUTOMATIC_AN_HOUR
    )


def _is_a_colleague(notice: Notice) -> bool:
    """Whether the address is one of our people or of an expert team: busy, and no machine."""
    address = func.lower(notice.to_address)
    people = db.select(Person.id).where(
        Person.centre_id == notice.centre_id, func.lower(Person.email) == address
    )
    teams = db.select(Team.id).where(
        Team.centre_id == notice.centre_id, func.lower(Team.email) == address
    )
    return bool(db.session.scalar(db.select(people.exists() | teams.exists())))


def begin(notice: Notice) -> None:
    """From now on it is being handed over, for as long as that may take."""
    notice.state, notice.due_at = NoticeState.SENDING, clock.now() + rules.HANDED_OVER_WITHIN


def put_off(notice: Notice, why: str) -> None:
    """It was not taken: try again later, each time later, until it has failed."""
    notice.tries += 1
    if notice.tries >= rules.MOST_TRIES:
        failed(notice, why)
    else:
        notice.state, notice.failure = NoticeState.PENDING, why
        notice.due_at = clock.now() + rules.pause(notice.tries)
        stage(notice)


def doubt(notice: Notice) -> None:
    """Nobody said whether it was taken. It leaves again under the same id, but not without end."""
    notice.doubts += 1
    if notice.doubts < rules.MOST_DOUBTS:
        put_off(notice, rules.UNSURE)
    else:
        failed(notice, rules.UNSURE, state=NoticeState.UNSURE)


def sent(notice: Notice) -> None:
    """It was handed over: accepted by a mail server, by the operator, or printed."""
    notice.state, notice.sent_at, notice.failure = NoticeState.SENT, clock.now(), None
    if notice.kind == INVITATION:
        notice.body = ""
    announce(
        NoticeSent(
            ticket_id=notice.ticket_id, notice_id=notice.id, kind=notice.kind, means=notice.means
        )
    )


def failed(notice: Notice, why: str, *, state: NoticeState = NoticeState.FAILED) -> None:
    """It cannot be delivered; `why` is the other side's answer, without the address."""
    notice.state = state
    notice.failure = why.replace(notice.to_address, "…")[:300]
    announce(
        NoticeFailed(
            ticket_id=notice.ticket_id, notice_id=notice.id, kind=notice.kind, means=notice.means
        )
    )


def lock(notice_id: int) -> Notice | None:
    return db.session.scalar(
        db.select(Notice)
        .where(Notice.centre_id == current_centre(), Notice.id == notice_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
