"""What follows when a citizen says that it is not solved and why."""

import hashlib

from contactcenter.escalation.solved_models import SolvedQuestion
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Channel


def say_missing(question: SolvedQuestion, text: str) -> None:
    """The citizen's words join the request and open it again; once, however often they are sent."""
    ticket = tickets.lock_survivor(question.ticket_id)
    if ticket is None:
        return
    receipt = receipts.claim(
        Door.WEB,
        f"{question.centre_id}:solved:{question.id}:{hashlib.sha256(text.encode()).hexdigest()}",
        is_rehearsal=ticket.is_rehearsal,
    )
    if receipt is None:
        return
    interaction = tickets.open_interaction(
        Channel.WEB,
        ticket_id=ticket.id,
        citizen_id=ticket.citizen_id,
        is_rehearsal=ticket.is_rehearsal,
    )
    tickets.hear(ticket, text, interaction=interaction)
    receipts.settle(receipt, Fate.ATTACHED, ticket_id=ticket.id)
