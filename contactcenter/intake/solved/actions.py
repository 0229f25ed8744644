"""What follows when a citizen says that it is not solved and why."""

import hashlib

from flask_babel import gettext as _

from contactcenter.db import db
from contactcenter.errors import Conflict
from contactcenter.escalation.solved_models import SolvedQuestion
from contactcenter.intake.follow_up.actions import refuse_too_many_words
from contactcenter.intake.follow_up.opened import followed
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel, Ticket


def request_of(question: SolvedQuestion) -> Ticket:
    """Where what was asked about goes on, for the person who was asked."""
    return followed(tickets.get(question.ticket_id))


def say_missing(question: SolvedQuestion, text: str) -> None:
    """The citizen's words join the request and open it again; once, however often they are sent.

    Raises Conflict where it was joined to another person's, TooMany.
    """
    ticket = request_of(question)
    db.session.refresh(ticket, with_for_update=True)
    if ticket.merged_into is not None:
        raise Conflict(_("Cette demande est close. Posez une nouvelle question."))
    receipt = receipts.claim(
        Door.WEB,
        f"{question.centre_id}:solved:{question.id}:{hashlib.sha256(text.encode()).hexdigest()}",
        is_rehearsal=ticket.is_rehearsal,
    )
    if receipt is None:
        return
    refuse_too_many_words(ticket)
    interaction = tickets.open_interaction(
        Channel.WEB,
        ticket_id=ticket.id,
        citizen_id=ticket.citizen_id,
        is_rehearsal=ticket.is_rehearsal,
    )
    tickets.hear(ticket, text, interaction=interaction)
    receipts.settle(receipt, Fate.ATTACHED, ticket_id=ticket.id)
