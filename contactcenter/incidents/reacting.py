"""What incidents do when something happened to a request: named in `reactions.py`."""

from contactcenter.incidents import actions
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.events import TicketCorrected, TicketOpened


def attach_to_incident(event: TicketOpened | TicketCorrected) -> None:
    """A request belongs to the open incident of its topic, from the moment it has the topic."""
    if isinstance(event, TicketOpened) or event.field == "topic":
        actions.attach_by_rule(tickets.get(event.ticket_id))
