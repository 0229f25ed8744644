"""The suggestions of a ticket: kept when made, and settled by what a person chooses."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, update

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db, write_by
from contactcenter.insertions import Insertion
from contactcenter.tickets.models import Ticket
from contactcenter.triage.models import Settled, Suggestion
from contactcenter.triage.rules import Case
from contactcenter.triage.suggesting import suggested

_ONCE = Insertion(
    Suggestion.__tablename__,
    columns=("centre_id", "ticket_id", "topic_id", "rank", "reason", "suggested_at"),
    otherwise="ON CONFLICT DO NOTHING",
)


def suggest(ticket: Ticket, case: Case, *, leaving_out: Collection[int] = ()) -> None:
    """Keep up to three suggestions beside the ticket's own topic; a topic is suggested once."""
    others = {topic_id for topic_id in (*leaving_out, ticket.topic_id) if topic_id}
    with db.session.no_autoflush:  # a new ticket is written when all is known of it
        found = suggested(case, leaving_out=others)
    for rank, each in enumerate(found, start=1):
        write_by(
            _ONCE,
            centre_id=current_centre(),
            ticket_id=ticket.id,
            topic_id=each.topic_id,
            rank=rank,
            reason=each.reason,
            suggested_at=clock.now(),
        )


def settle(ticket: Ticket, topic_id: int | None, *, by: Person) -> None:
    """A person chose this topic: it was accepted if it was suggested, the others were refused."""
    _settle(ticket, Settled.ACCEPTED, by, Suggestion.topic_id == topic_id)
    _settle(ticket, Settled.REFUSED, by, Suggestion.topic_id.is_distinct_from(topic_id))


def refuse(ticket: Ticket, *, by: Person) -> None:
    """None of those suggested: the topic stays as it is."""
    _settle(ticket, Settled.REFUSED, by, Suggestion.topic_id.is_not(None))


def _settle(ticket: Ticket, settled: Settled, by: Person, which: ColumnElement[bool]) -> None:
    db.session.execute(
        update(Suggestion)
        .where(
            Suggestion.centre_id == ticket.centre_id,
            Suggestion.ticket_id == ticket.id,
            Suggestion.settled.is_(None),
            which,
        )
        .values(settled=settled, settled_by=by.id, settled_at=clock.now())
        .execution_options(synchronize_session=False)
    )
