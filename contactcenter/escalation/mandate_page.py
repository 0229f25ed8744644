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
    shares: str  # what they see of the citizen, in words; for every topic, what they see at most

    @property
    def is_for_all(self) -> bool:
        """Which of it they see is told by the topic that the request has, today or later."""
        return not self.first.topic_ids

    @property
    def first(self) -> Mandate:
        """They were all given in the same way, at the same moment and for as long."""
        return min((mandate for mandate, _organisation in self.rows), key=lambda each: each.id)


def receipt_of(mandate: Mandate) -> Receipt:
    ticket = db.session.get_one(Ticket, (mandate.centre_id, mandate.ticket_id))
    named = db.session.scalars(topics_named(mandate.topic_ids)).all()
    rows = db.session.execute(given_together(mandate)).all()
    if mandate.topic_ids:
        shared = frozenset(each for topic in named for each in topic.shared)
    else:
        shared = disclosing.at_most([organisation for _mandate, organisation in rows])
    return Receipt(
        centre=this_centre(),
        ticket=ticket,
        rows=rows,
        topics=[topic.label_in(ticket.language) for topic in named],
        shares=disclosing.in_words(shared),
    )
