"""Gather what a receipt of permissions tells: what was allowed, to whom, for what, until when."""

from collections.abc import Sequence
from dataclasses import dataclass

from contactcenter.accounts.models import Centre, Organisation
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.directory.keeping import this_centre
from contactcenter.escalation import disclosing
from contactcenter.escalation.mandate_queries import first_line, given_together, topics_named
from contactcenter.escalation.models import Mandate
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True)
class Receipt:
    """What the citizen allowed in one breath; `topics` in their language, none for every topic."""

    centre: Centre
    ticket: Ticket
    rows: Sequence[tuple[Mandate, Organisation]]
    topics: Sequence[str]
    given_by: str  # empty for who is not known by name, or may have been another
    line: str  # the centre's telephone, empty without one
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
        given_by="" if mandate.revoked_at else _name_of(ticket),
        line=db.session.scalar(first_line()) or "",
        shares=disclosing.in_words(shared),
    )


def _name_of(ticket: Ticket) -> str:
    citizen = ticket.citizen_id and db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
    return citizen.name if citizen else ""
