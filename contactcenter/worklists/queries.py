"""Questions about kept lists and acts on many tickets."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.queries import site_ids
from contactcenter.escalation.mandate_queries import is_shared
from contactcenter.escalation.models import Referral
from contactcenter.tickets.models import Ticket
from contactcenter.worklists.models import Act, BulkAct, BulkRow, Outcome, SavedView, Shared

MOST_VIEWS = 30


def views_for(person: Person) -> Select[SavedView]:
    """The lists this person has before their eyes, their own first."""
    return (
        select(SavedView)
        .where(
            SavedView.centre_id == person.centre_id,
            or_(
                SavedView.person_id == person.id,
                SavedView.shared == Shared.CENTRE,
                SavedView.site_id.in_(site_ids(person)),
            ),
        )
        .order_by((SavedView.person_id == person.id).desc(), SavedView.place, SavedView.id)
        .limit(MOST_VIEWS)
    )


def acts_of(person: Person, among: Collection[Act] = tuple(Act)) -> Select[BulkAct]:
    return select(BulkAct).where(
        BulkAct.centre_id == person.centre_id,
        BulkAct.person_id == person.id,
        BulkAct.act.in_(among),
    )


def reversal_of(bulk: BulkAct) -> Select[BulkAct]:
    return select(BulkAct).where(
        BulkAct.centre_id == bulk.centre_id, BulkAct.reverses_id == bulk.id
    )


def tally(bulk: BulkAct) -> Select[*tuple[Any, ...]]:
    """How many rows ended in each way: (outcome, refusal, number)."""
    return (
        select(BulkRow.outcome, BulkRow.refusal, func.count())
        .where(BulkRow.centre_id == bulk.centre_id, BulkRow.bulk_id == bulk.id)
        .group_by(BulkRow.outcome, BulkRow.refusal)
    )


def rows_of(bulk: BulkAct, outcome: Outcome, after: int, most: int) -> Select[*tuple[Any, ...]]:
    """The rows that ended so, with the references of their tickets: (row, reference)."""
    return (
        select(BulkRow, Ticket.reference)
        .join(Ticket, and_(Ticket.centre_id == BulkRow.centre_id, Ticket.id == BulkRow.ticket_id))
        .where(
            BulkRow.centre_id == bulk.centre_id,
            BulkRow.bulk_id == bulk.id,
            BulkRow.outcome == outcome,
            BulkRow.id > after,
        )
        .order_by(BulkRow.id)
        .limit(most)
    )


def question_rows_of(
    bulk: BulkAct, outcome: Outcome, after: int, most: int
) -> Select[*tuple[Any, ...]]:
    """The rows that ended so, with their questions: (row, question)."""
    return (
        select(BulkRow, Referral)
        .join(
            Referral,
            and_(Referral.centre_id == BulkRow.centre_id, Referral.id == BulkRow.referral_id),
        )
        .where(
            BulkRow.centre_id == bulk.centre_id,
            BulkRow.bulk_id == bulk.id,
            BulkRow.outcome == outcome,
            BulkRow.id > after,
        )
        .order_by(BulkRow.id)
        .limit(most)
    )


def pending(bulk: BulkAct, most: int) -> Select[BulkRow]:
    """The next rows to do, in the order in which others lock tickets too."""
    return (
        select(BulkRow)
        .where(
            BulkRow.centre_id == bulk.centre_id,
            BulkRow.bulk_id == bulk.id,
            BulkRow.outcome.is_(None),
        )
        .order_by(BulkRow.ticket_id, BulkRow.referral_id)
        .limit(most)
    )


def still_handed(bulk: BulkAct, person_id: int) -> Select[*tuple[Any, ...]]:
    """How many questions an act gave to who has them yet and may see them; if all are played."""
    same = and_(Referral.centre_id == BulkRow.centre_id, Referral.id == BulkRow.referral_id)
    return (
        select(func.count(), func.coalesce(func.bool_and(Referral.is_rehearsal), False))
        .select_from(BulkRow)
        .join(Referral, same)
        .where(
            BulkRow.centre_id == bulk.centre_id,
            BulkRow.bulk_id == bulk.id,
            BulkRow.outcome == Outcome.CHANGED,
            Referral.closed_at.is_(None),
            Referral.taken_by == person_id,
            is_shared(clock.now()),
        )
    )
