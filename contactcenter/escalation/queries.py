"""Questions about referrals. Every question about their content starts from `visible_to`."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from contactcenter import clock
from contactcenter.accounts.models import Organisation, Person
from contactcenter.accounts.permissions import Permission
from contactcenter.attachments.models import Attachment
from contactcenter.db import current_centre, is_there
from contactcenter.directory.models import Team, Topic
from contactcenter.escalation.mandate_queries import is_shared
from contactcenter.escalation.models import (
    OPEN,
    Pressing,
    Referral,
    ReferralMessage,
    ReferralStatus,
    SharedPaper,
    Side,
)
from contactcenter.escalation.shown import told_with
from contactcenter.events import EventRecord
from contactcenter.queues.models import Visit
from contactcenter.replies.models import HeldReply
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import content_is_for

WITH_THEM = (ReferralStatus.SENT, ReferralStatus.TAKEN)


def visible_to(person: Person) -> Select[Referral]:
    """Referrals this person may see; the rest do not exist for them.

    A referent: what was asked of their organisation, while the citizen's permission lasts. The
    centre's side: those of tickets whose content is theirs.
    """
    mine = select(Referral).where(Referral.centre_id == person.centre_id)
    if person.may(Permission.ANSWER_REFERRALS) and person.is_referent:
        return mine.where(
            Referral.organisation_id == person.organisation_id, is_shared(clock.now())
        )
    if person.may(Permission.ASK_REFERENTS):
        theirs = select(Ticket.id).where(
            Ticket.centre_id == person.centre_id, content_is_for(person)
        )
        return mine.where(Referral.ticket_id.in_(theirs))
    return mine.where(false())


def of_ticket(ticket: Ticket) -> Select[Referral]:
    """All questions about a ticket, open ones first, then the latest."""
    return (
        select(Referral)
        .where(Referral.centre_id == ticket.centre_id, Referral.ticket_id == ticket.id)
        .order_by(Referral.closed_at.is_not(None), Referral.asked_at.desc(), Referral.id.desc())
    )


def open_of_ticket(ticket_id: int) -> Select[Referral]:
    return select(Referral).where(
        Referral.centre_id == current_centre(),
        Referral.ticket_id == ticket_id,
        Referral.closed_at.is_(None),
    )


def open_told(ticket: Ticket) -> Select[Referral]:
    """Open questions that were asked for the citizen of this request."""
    return select(Referral).where(
        Referral.centre_id == ticket.centre_id, Referral.closed_at.is_(None), told_with(ticket)
    )


def with_referent() -> ColumnElement[bool]:
    """On Ticket: the next move is an expert's. Observed from open referrals, never stored."""
    return _open_referral(or_(*[Referral.status == status for status in WITH_THEM]))


def asked_back() -> ColumnElement[bool]:
    """On Ticket: an expert waits for a precision from us."""
    return _open_referral(Referral.status == ReferralStatus.ASKED_BACK)


def late(now: datetime | ColumnElement[datetime] | None = None) -> ColumnElement[bool]:
    """On Ticket: an expert's answer is overdue now."""
    return _open_referral(Referral.due_at < (clock.now() if now is None else now))


def _open_referral(which: ColumnElement[bool]) -> ColumnElement[bool]:
    asked = select(Referral.id).where(
        Referral.centre_id == Ticket.centre_id,
        Referral.ticket_id == Ticket.id,
        Referral.closed_at.is_(None),
        which,
    )
    return is_there(asked)


def withdrawn_by_end(ticket: Ticket, kind: str, ended_at: datetime) -> Select[Referral]:
    """What the end of the ticket at that moment withdrew, as words of this kind say; locked."""
    said = exists().where(
        ReferralMessage.centre_id == Referral.centre_id,
        ReferralMessage.referral_id == Referral.id,
        ReferralMessage.kind == kind,
        ReferralMessage.written_at >= ended_at,
    )
    return (
        select(Referral)
        .where(
            Referral.centre_id == ticket.centre_id,
            Referral.ticket_id == ticket.id,
            Referral.status == ReferralStatus.WITHDRAWN,
            said,
        )
        .with_for_update()
    )


def held_answer(referral: Referral) -> Select[HeldReply]:
    """Its answer that is about to leave for the citizen."""
    return select(HeldReply).where(
        HeldReply.centre_id == referral.centre_id, HeldReply.referral_id == referral.id
    )


def same_open_question(
    ticket: Ticket, team: Team, question: str, *, is_live: bool
) -> Select[Referral]:
    return select(Referral).where(
        Referral.centre_id == ticket.centre_id,
        Referral.ticket_id == ticket.id,
        Referral.team_id == team.id,
        Referral.question == question,
        Referral.is_live == is_live,
        Referral.status.in_(OPEN),
    )


def messages_of(referral_ids: Sequence[int], side: Side) -> Select[ReferralMessage, str]:
    """The words between both sides with their authors; private ones only to their own side."""
    return (
        select(ReferralMessage, Person.name)
        .join(
            Person,
            and_(
                Person.centre_id == ReferralMessage.centre_id,
                Person.id == ReferralMessage.author_id,
            ),
        )
        .where(
            ReferralMessage.centre_id == current_centre(),
            ReferralMessage.referral_id.in_(referral_ids),
            or_(~ReferralMessage.is_private, ReferralMessage.side == side),
        )
        .order_by(ReferralMessage.written_at, ReferralMessage.id)
    )


def read_since(referral: Referral, person: Person, since: datetime) -> Select[int]:
    """Whether this person's reading of the question was already written down since then."""
    return select(EventRecord.id).where(
        EventRecord.centre_id == referral.centre_id,
        EventRecord.ticket_id == referral.ticket_id,
        EventRecord.kind == "ReferralRead",
        EventRecord.person_id == person.id,
        EventRecord.detail["referral_id"].as_integer() == referral.id,
        EventRecord.happened_at > since,
    )


def last_message_at(referral: Referral, kind: str) -> Select[datetime | None]:
    return select(func.max(ReferralMessage.written_at)).where(
        ReferralMessage.centre_id == referral.centre_id,
        ReferralMessage.referral_id == referral.id,
        ReferralMessage.kind == kind,
    )


def written_since(referral: Referral, since: datetime) -> Select[int]:
    """Words of either side, or between experts, after that moment."""
    return select(ReferralMessage.id).where(
        ReferralMessage.centre_id == referral.centre_id,
        ReferralMessage.referral_id == referral.id,
        ReferralMessage.written_at > since,
    )


def papers_of(referral: Referral) -> Select[Attachment]:
    """The papers sent along, and no other."""
    return (
        select(Attachment)
        .join(
            SharedPaper,
            and_(
                SharedPaper.centre_id == Attachment.centre_id,
                SharedPaper.attachment_id == Attachment.id,
            ),
        )
        .where(SharedPaper.centre_id == referral.centre_id, SharedPaper.referral_id == referral.id)
        .order_by(Attachment.id)
    )


def shown_with(
    referral_ids: Sequence[int],
) -> Select[int, Team, Organisation, Topic, int | None]:
    """Each referral's team, organisation and topic; the topic only where the ticket is shared.

    Last the answer that is about to leave for the citizen, if one is.
    """
    leaving = and_(HeldReply.centre_id == Referral.centre_id, HeldReply.referral_id == Referral.id)
    return (
        select(Referral.id, Team, Organisation, Topic, HeldReply.id)
        .join(Team, and_(Team.centre_id == Referral.centre_id, Team.id == Referral.team_id))
        .join(
            Organisation,
            and_(
                Organisation.centre_id == Referral.centre_id,
                Organisation.id == Referral.organisation_id,
            ),
        )
        .outerjoin(
            Ticket,
            and_(
                Ticket.centre_id == Referral.centre_id,
                Ticket.id == func.coalesce(Referral.disclosed_as, Referral.ticket_id),
            ),
        )
        .outerjoin(Topic, and_(Topic.centre_id == Ticket.centre_id, Topic.id == Ticket.topic_id))
        .outerjoin(HeldReply, leaving)
        .where(Referral.centre_id == current_centre(), Referral.id.in_(referral_ids))
    )


def people_named(person_ids: set[int]) -> Select[int, str]:
    return select(Person.id, Person.name).where(
        Person.centre_id == current_centre(), Person.id.in_(person_ids)
    )


def pressings_of(referral_ids: Collection[int]) -> Select[Pressing]:
    return (
        select(Pressing)
        .where(Pressing.centre_id == current_centre(), Pressing.referral_id.in_(referral_ids))
        .order_by(Pressing.referral_id, Pressing.step)
    )


def due_now(now: datetime, limit: int) -> Select[Referral]:
    """Referrals for which something follows by itself; what another sweeper holds is skipped."""
    return (
        select(Referral)
        .where(Referral.centre_id == current_centre(), Referral.next_due_at <= now)
        .order_by(Referral.next_due_at, Referral.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )


def visit_of(referral: Referral) -> Select[Visit]:
    """The latest stay of a question in a team's queue."""
    return (
        select(Visit)
        .where(Visit.centre_id == referral.centre_id, Visit.referral_id == referral.id)
        .order_by(Visit.id.desc())
        .limit(1)
    )
