"""Tell a citizen, once, that their written request has been received."""

from datetime import timedelta

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.intake.acknowledgement import queries, words
from contactcenter.intake.codes import code_of
from contactcenter.languages import force_locale
from contactcenter.notices import actions as notices
from contactcenter.notices.models import Means
from contactcenter.tickets.models import Interaction, Ticket
from contactcenter.tickets.references import hash_code

KIND = "acknowledgement"
MOST_AN_HOUR = 5  # to one address: whoever writes more, or a machine, has read it by then
WINDOW = timedelta(hours=1)


def acknowledge(ticket: Ticket, interaction: Interaction) -> None:
    """Write it, where there is a way to the citizen and none that could make a loop.

    The request gets a follow-up code if it has none. Nothing the citizen typed is repeated: whoever
    types somebody else's address into a form makes us send them these words and no others.
    """
    centre = db.session.get_one(Centre, ticket.centre_id)
    reached = _way_to(ticket)
    if not centre.acknowledges or reached is None or _is_enough(*reached):
        return
    means, address = reached
    code = _code(ticket, interaction)
    with force_locale(ticket.language):
        told = words.Acknowledged(ticket, centre, code, interaction.received_on)
        body = told.letter() if means is Means.EMAIL else told.text()
        subject = told.subject()
    notices.write(
        kind=KIND,
        means=means,
        to_address=address,
        subject=subject if means is Means.EMAIL else "",
        body=body,
        language=ticket.language,
        headers=_thread(interaction) if means is Means.EMAIL else {},
        ticket_id=ticket.id,
        citizen_id=ticket.citizen_id,
        dedupe_key=f"{KIND}:{ticket.id}",
        is_rehearsal=ticket.is_rehearsal,
    )


def _way_to(ticket: Ticket) -> tuple[Means, str] | None:
    citizen = (
        db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
        if ticket.citizen_id
        else None
    )
    if citizen is None:
        return None
    if citizen.phone and citizen.wants_texts:
        return Means.SMS, citizen.phone
    return (Means.EMAIL, citizen.email) if citizen.email else None


def _is_enough(means: Means, address: str) -> bool:
    """Whether it is an address of ours, or one that had its share of these."""
    if means is Means.EMAIL and db.session.scalar(queries.is_ours(address)):
        return True
    since = clock.now() - WINDOW
    return (db.session.scalar(queries.told_since(KIND, address, since)) or 0) >= MOST_AN_HOUR


def _code(ticket: Ticket, interaction: Interaction) -> str | None:
    """The code of the first contact; None if another one was given with the request."""
    code = code_of(ticket.centre_id, interaction.id)
    if ticket.follow_up_hash is None:
        ticket.follow_up_hash = hash_code(code)
    return code if ticket.follow_up_hash == hash_code(code) else None


def _thread(interaction: Interaction) -> dict[str, str]:
    """Headers that put it beside the citizen's own mail, if there is one."""
    mail_id = interaction.detail.get("mail_id")
    return {"In-Reply-To": f"<{mail_id}>", "References": f"<{mail_id}>"} if mail_id else {}
