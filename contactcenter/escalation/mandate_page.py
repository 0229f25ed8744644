"""Gather what a receipt of permissions tells: what was allowed, to whom, for what, until when."""

from collections.abc import Sequence
from dataclasses import dataclass

from contactcenter.accounts.models import Centre, Organisation
from contactcenter.db import db
from contactcenter.directory.keeping import this_centre
from contactcenter.escalation import disclosing
from contactcenter.escalation.mandate_queries import given_together, topics_named
from contactcenter.escalation.models import Mandate
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True)
class Receipt:
    """What the citizen allowed in one breath; `topics` in their language, none for every topic."""

    centre: Centre
    ticket: Ticket
    rows: Sequence[tuple[Mandate, Organisation]]
    topics: Sequence[str]
    shares: str  # what they see of the citizen, in words

    @property
    def first(self) -> Mandate:
        """They were all given in the same way, at the same moment and for as long."""
        return min((mandate for mandate, _organisation in self.rows), key=lambda each: each.id)


def receipt_of(mandate: Mandate) -> Receipt:
    ticket = db.session.get_one(Ticket, (mandate.centre_id, mandate.ticket_id))
    named = db.session.scalars(topics_named(mandate.topic_ids or [ticket.topic_id or 0])).all()
    return Receipt(
        centre=this_centre(),
        ticket=ticket,
        rows=db.session.execute(given_together(mandate)).all(),
        topics=[topic.label_in(ticket.language) for topic in named if mandate.topic_ids],
        shares=disclosing.in_words({each for topic in named for each in topic.shared}),
    )
