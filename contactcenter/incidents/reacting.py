"""What incidents do when something happened to a request: named in `reactions.py`."""

from contactcenter.escalation import actions as questions
from contactcenter.incidents import actions
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.events import TicketCorrected, TicketOpened, TicketResolved


def attach_to_incident(event: TicketOpened | TicketCorrected) -> None:
    """A request belongs to the open incident of its topic, from the moment it has the topic."""
    if isinstance(event, TicketOpened) or event.field == "topic":
        actions.attach_by_rule(tickets.get(event.ticket_id))


def withdraw_questions(event: TicketResolved) -> None:
    """Nobody looks for an answer that is no longer needed; what an incident asked still is."""
    asked = actions.carry_question(event.ticket_id)
    questions.withdraw_for_end(
        event.ticket_id, by_id=event.person_id, but=asked.id if asked else None
    )
