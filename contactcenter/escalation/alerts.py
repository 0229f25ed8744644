"""Whom a lateness is told: so many notices a person and day, the rest together in one.

Only in the hours of the team that is late: what falls outside leaves when it opens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, select

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db, write
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.directory.rules import NeverOpens, is_open, next_opening
from contactcenter.escalation import letters, mandates
from contactcenter.escalation.coverage import today_at
from contactcenter.escalation.ladder import Recipient
from contactcenter.escalation.models import Press, Referral
from contactcenter.escalation.staffing_models import Alert
from contactcenter.escalation.sweep_queries import addresses_untold, told_on, untold
from contactcenter.links import public_url
from contactcenter.notices import actions as notices
from contactcenter.notices.letters import Letter, speaking
from contactcenter.notices.models import Means, Notice
from contactcenter.tickets.models import Ticket

MOST_A_DAY = 5  # notices of their own; the rest is one digest
GATHERS_FOR = timedelta(minutes=30)


@dataclass(frozen=True)
class Told:
    """One step of one question, for one address."""

    referral: Referral
    team: Team
    step: int
    press: Press
    recipient: Recipient


def tell(all_told: Sequence[Told], now: datetime) -> None:
    """Write each alert, what is lost first first, with its notice while the day allows one."""
    if not all_told:
        return
    one_by_one(each.recipient.address for each in all_told)
    had = _had(all_told, now)
    for told in sorted(all_told, key=lambda each: _slack(each.referral)):
        key = (told.recipient.address, today_at(told.team, now))
        had[key] = had.get(key, 0) + 1
        has_own = had[key] <= MOST_A_DAY
        _keep(told, key[1], now, now if has_own else None)
        if has_own:
            _write(told, now)


def one_by_one(addresses: Iterable[str]) -> None:
    """Two sweepers count the notices of one address one after the other; in order, so no knot."""
    for address in sorted(set(addresses)):
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"alerts:{address}"))))


def send_digests(now: datetime) -> None:
    """One letter a day and address for what had no notice of its own, in the team's hours."""
    waiting = db.session.scalars(addresses_untold(now - GATHERS_FOR)).all()
    one_by_one(waiting)
    for address in waiting:
        _send_digest(address, now)


def _send_digest(address: str, now: datetime) -> None:
    rows = db.session.execute(untold(address)).all()
    if not rows or not is_open(hours_of(rows[0][2]), now):
        return
    first, team = rows[0][0], rows[0][2]
    once = f"digest:{address}:{today_at(team, now)}"
    if db.session.scalar(_written(once)):
        return  # tomorrow
    still = [
        (referral, late)
        for alert, referral, late in rows
        if referral.is_open and (alert.press is Press.ASKER or mandates.shows(referral))
    ]
    for alert, _referral, _team in rows:
        alert.told_at = now
    if still:
        with speaking(first.language, team.timezone):
            _notice(address, first.language, _digest(still), once)


def _digest(rows: Sequence[tuple[Referral, Team]]) -> Letter:
    by_id = {referral.id: referral for referral, _team in rows}
    ordered = sorted(by_id.values(), key=_slack)
    return letters.digest([(_link(each), each.due_at or clock.now()) for each in ordered])


def _slack(referral: Referral) -> datetime:
    """What is lost first comes first: a right, else the deadline."""
    moments = [each for each in (referral.right_lost_at, referral.due_at) if each]
    return min(moments, default=clock.now())


def _had(all_told: Sequence[Told], now: datetime) -> dict[tuple[str, date], int]:
    addresses = {each.recipient.address for each in all_told}
    days = {today_at(each.team, now) for each in all_told}
    return {
        (address, day): times
        for address, day, times in db.session.execute(told_on(addresses, days))
    }


def _keep(told: Told, day: date, now: datetime, told_at: datetime | None) -> None:
    write(
        Alert,
        address=told.recipient.address,
        person_id=told.recipient.person_id,
        language=told.recipient.language,
        team_id=told.team.id,
        referral_id=told.referral.id,
        step=told.step,
        press=told.press,
        day=day,
        written_at=now,
        told_at=told_at,
    )


def _write(told: Told, now: datetime) -> None:
    referral, due_at = told.referral, told.referral.due_at or now
    is_asker = told.press is Press.ASKER
    link = _ticket_link(referral) if is_asker else _link(referral)
    with speaking(told.recipient.language, _zone() if is_asker else told.team.timezone):
        letter = letters.pressed(told.press, link, due_at)
    notices.write(
        kind="ladder",
        means=Means.EMAIL,
        to_address=told.recipient.address,
        subject=letter.subject,
        body=letter.body,
        language=told.recipient.language,
        referral_id=referral.id,
        dedupe_key=f"referral:{referral.id}:step:{told.step}:{told.recipient.address}",
        due_at=now if is_asker else _when_open(told.team, now),
        is_rehearsal=referral.is_rehearsal,
    )


def _when_open(team: Team, now: datetime) -> datetime:
    try:
        return next_opening(hours_of(team), now)
    except NeverOpens:
        return now


def _notice(address: str, language: str, letter: Letter, once: str) -> None:
    notices.write(
        kind="ladder_digest",
        means=Means.EMAIL,
        to_address=address,
        subject=letter.subject,
        body=letter.body,
        language=language,
        dedupe_key=once,
    )


def _written(once: str) -> Select[int]:
    return select(Notice.id).where(Notice.centre_id == current_centre(), Notice.dedupe_key == once)


def _link(referral: Referral) -> str:
    return public_url(f"/referrals/{referral.id}")


def _ticket_link(referral: Referral) -> str:
    ticket = db.session.get_one(Ticket, (current_centre(), referral.ticket_id))
    return public_url(f"/tickets/{ticket.reference}")


def _zone() -> str:
    return db.session.get_one(Centre, current_centre()).timezone
