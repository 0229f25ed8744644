"""To which ticket a mail belongs. A wrong join is a leak, so proof is asked for at each step."""

from flask import current_app
from sqlalchemy import Select, func, or_

from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.intake.mail.message import ParsedMail
from contactcenter.intake.mail.sender_checks import is_authentic
from contactcenter.notices.models import Notice
from contactcenter.notices.tokens import notice_named, ticket_tagged
from contactcenter.tickets.actions import lock_survivor
from contactcenter.tickets.models import Message, Ticket
from contactcenter.tickets.references import find_reference


def ticket_of(mail: ParsedMail, recipient: str) -> Ticket | None:
    """The ticket this mail continues, locked, or None; to one that is closed nothing is added.

    1. an id we made in In-Reply-To or References; 2. an id of a stored mail, only from a
    participant; 3. the sealed tag of the address written to; 4. a reference in the subject, only
    from a participant. The mail that is answered comes before the address: it may have been split
    off since. What was merged is continued where it goes on.
    """
    ticket_id = (
        _by_our_id(mail) or _by_known_id(mail) or _by_tag(mail, recipient) or _by_reference(mail)
    )
    if ticket_id is None:
        return None
    return lock_survivor(ticket_id)


def notice_answered(mail: ParsedMail) -> Notice | None:
    """The notice of ours that this mail names, if it names one."""
    for written in _ids(mail):
        notice_id = notice_named(written, current_centre())
        if notice_id is not None:
            return db.session.get(Notice, (current_centre(), notice_id))
    return None


def participant(address: str, ticket_id: int) -> Select[*tuple[int]]:
    """Who has this address and asks in this ticket, or asked in one that was joined to it."""
    return (
        db.select(Citizen.id)
        .join(
            Ticket,
            (Ticket.centre_id == Citizen.centre_id) & (Ticket.citizen_id == Citizen.id),
        )
        .where(
            Ticket.centre_id == current_centre(),
            or_(Ticket.id == ticket_id, Ticket.merged_into == ticket_id),
            func.lower(Citizen.email) == address.lower(),
        )
        .order_by((Ticket.id == ticket_id).desc())
        .limit(1)
    )


def writer_of(mail: ParsedMail, ticket_id: int) -> int | None:
    """The citizen of a request who wrote this mail; None for a stranger, and for a From that the
    trusted mail server did not find proved.
    """
    if not mail.from_address:
        return None
    if not is_authentic(mail, current_app.config["SETTINGS"].mail_authserv_id):
        return None
    return db.session.scalar(participant(mail.from_address, ticket_id))


def _by_tag(mail: ParsedMail, recipient: str) -> int | None:
    for address in (recipient, *mail.to, *mail.cc):
        if (ticket_id := ticket_tagged(address, current_centre())) is not None:
            return ticket_id
    return None


def _by_our_id(mail: ParsedMail) -> int | None:
    notice = notice_answered(mail)
    return notice.ticket_id if notice else None


def _by_known_id(mail: ParsedMail) -> int | None:
    ids = _ids(mail)
    if not ids:
        return None
    found = db.session.scalars(
        db.select(Message.ticket_id)
        .where(Message.centre_id == current_centre(), Message.mail_id.in_(ids))
        .order_by(Message.id.desc())
        .limit(5)
    )
    return next((ticket_id for ticket_id in found if _takes_part(mail, ticket_id)), None)


def _by_reference(mail: ParsedMail) -> int | None:
    reference = find_reference(mail.subject)
    if reference is None:
        return None
    ticket_id = db.session.scalar(
        db.select(Ticket.id).where(
            Ticket.centre_id == current_centre(), Ticket.reference == reference
        )
    )
    return ticket_id if ticket_id is not None and _takes_part(mail, ticket_id) else None


def _takes_part(mail: ParsedMail, ticket_id: int) -> bool:
    """A reference alone proves nothing: the sender must be one whose request it is."""
    return writer_of(mail, ticket_id) is not None


def _ids(mail: ParsedMail) -> list[str]:
    return [*mail.in_reply_to, *reversed(mail.references)][:50]
