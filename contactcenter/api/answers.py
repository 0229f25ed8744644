"""Rows as the API shows them."""

from collections.abc import Mapping, Sequence

from contactcenter import clock
from contactcenter.accounts.models import Organisation
from contactcenter.api.shapes import MessageOut, ReferralOut, TicketOut, TicketWhole
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.escalation.models import Referral
from contactcenter.teamwork.queries import all_tags, tags_on
from contactcenter.tickets.models import Message, Ticket


def ticket_out(ticket: Ticket, topics: dict[int, str], tags: Mapping[int, list[str]]) -> TicketOut:
    return TicketOut(
        reference=ticket.reference,
        status=ticket.status,
        queue=ticket.queue_id,
        subject=ticket.subject,
        priority=ticket.priority,
        channel=ticket.channel,
        language=ticket.language,
        topic=topics.get(ticket.topic_id) if ticket.topic_id else None,
        opened_at=ticket.opened_at,
        updated_at=ticket.updated_at,
        due_at=ticket.due_at,
        resolved_at=ticket.resolved_at,
        tags=tags.get(ticket.id, []),
        rehearsal=ticket.is_rehearsal,
    )


def topic_codes(tickets: list[Ticket]) -> dict[int, str]:
    ids = {ticket.topic_id for ticket in tickets if ticket.topic_id}
    if not ids:
        return {}
    rows = db.session.execute(
        db.select(Topic.id, Topic.code).where(
            Topic.centre_id == tickets[0].centre_id, Topic.id.in_(ids)
        )
    )
    return {row.id: row.code for row in rows}


def tag_names(tickets: Sequence[Ticket]) -> dict[int, list[str]]:
    """By ticket, the names of its tags in order."""
    names = {tag.id: tag.name for tag in db.session.scalars(all_tags())}
    found: dict[int, list[str]] = {}
    for ticket_id, tag_id in db.session.execute(tags_on([ticket.id for ticket in tickets])):
        found.setdefault(ticket_id, []).append(names[tag_id])
    return {ticket_id: sorted(here) for ticket_id, here in found.items()}


def ticket_whole(
    ticket: Ticket, messages: list[Message], earlier: str | None, referrals: list[Referral]
) -> TicketWhole:
    return TicketWhole(
        **ticket_out(ticket, topic_codes([ticket]), tag_names([ticket])).model_dump(),
        messages=[message_out(message) for message in messages],
        earlier=earlier,
        referrals=[referral_out(referral, ticket.reference) for referral in referrals],
    )


def message_out(message: Message) -> MessageOut:
    return MessageOut(
        id=message.id,
        kind=message.kind,
        channel=message.channel,
        text=message.text,
        language=message.language,
        written_at=message.written_at,
    )


def referral_out(referral: Referral, reference: str | None) -> ReferralOut:
    """`reference` is None for the partner's side: they know the question, not our ticket."""
    organisation = db.session.get_one(Organisation, (referral.centre_id, referral.organisation_id))
    return ReferralOut(
        id=referral.id,
        ticket=reference,
        team=referral.team_id,
        organisation=organisation.name,
        status=referral.status,
        question=referral.question,
        asked_at=referral.asked_at,
        due_at=referral.due_at,
        taken_at=referral.taken_at,
        closed_at=referral.closed_at,
        answer=referral.closing_text or None,
        is_late=bool(
            referral.is_open and referral.due_at is not None and referral.due_at < clock.now()
        ),
        rehearsal=referral.is_rehearsal,
    )
