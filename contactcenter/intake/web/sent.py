"""What the page after sending says of a request."""

from dataclasses import dataclass

from markupsafe import Markup

from contactcenter.accounts.models import Centre
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.intake.acknowledgement.words import Acknowledged
from contactcenter.intake.codes import code_of
from contactcenter.intake.slips import follow_up_address, follow_up_square
from contactcenter.intake.web.actions import first_contact_of
from contactcenter.notices.models import Means, Notice
from contactcenter.tickets.models import Channel, Ticket
from contactcenter.tickets.references import hash_code


@dataclass(frozen=True)
class Receipt:
    """`told_by` is how the acknowledgement leaves, if one does."""

    ticket: Ticket
    code: str
    words: Acknowledged
    citizen: Citizen | None
    told_by: Means | None

    @property
    def shown_address(self) -> str:
        return follow_up_address().split("://", 1)[-1]

    @property
    def square(self) -> Markup:
        return follow_up_square(self.code)


def sent(ticket: Ticket) -> Receipt | None:
    """None for a request that came another way, or whose code we can no longer make."""
    contact = first_contact_of(ticket)
    if contact is None or ticket.channel is not Channel.WEB:
        return None
    code = code_of(ticket.centre_id, contact.id)
    if hash_code(code) != ticket.follow_up_hash:
        return None
    centre = db.session.get_one(Centre, ticket.centre_id)
    return Receipt(
        ticket,
        code,
        Acknowledged(ticket, centre, code),
        db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
        if ticket.citizen_id
        else None,
        db.session.scalar(
            db.select(Notice.means).where(
                Notice.centre_id == ticket.centre_id,
                Notice.dedupe_key == f"acknowledgement:{ticket.id}",
            )
        ),
    )
