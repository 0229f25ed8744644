"""What happens to requests by itself, in time."""

from datetime import timedelta

from sqlalchemy import select

from contactcenter import clock
from contactcenter.db import current_centre, db
from contactcenter.edge import sweep
from contactcenter.tickets import actions, vocabulary
from contactcenter.tickets.models import Status, Ticket

RESOLVED_FOR = timedelta(days=30)
MOST = 100  # in one transaction


@sweep(every_seconds=60)
def close_old() -> None:
    """Close what has been finished for long without another word from the citizen."""
    due = db.session.scalars(
        select(Ticket)
        .where(
            Ticket.centre_id == current_centre(),
            Ticket.status == Status.RESOLVED,
            Ticket.resolved_at < clock.now() - RESOLVED_FOR,
        )
        .limit(MOST)
        .with_for_update(skip_locked=True)
    )
    for ticket in due:
        actions.close(ticket)


@sweep(every_seconds=10)
def learn_words() -> None:
    vocabulary.learn_words()


@sweep(every_seconds=3600)
def forget_words() -> None:
    vocabulary.forget_words()
