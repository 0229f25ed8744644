"""Gather what the page of one request shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.attachments import queries as attachments
from contactcenter.attachments.models import Attachment
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.desk import records, story
from contactcenter.desk.seen import citizen_of, topic_of
from contactcenter.desk.story import Entry
from contactcenter.desk.topics import TopicNames, topic_names
from contactcenter.directory.models import Topic
from contactcenter.escalation.cards import Panel, panel_of
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.queues.models import Queue
from contactcenter.tickets.models import Message, Ticket
from contactcenter.tickets.queries import newest_first, of_citizen
from contactcenter.triage.models import Field, Proposal
from contactcenter.triage.queries import proposals_of

OTHERS = 8  # of the citizen's other requests


SAID_AT_ONCE, MOST_SAID = 200, 5_000


@dataclass(frozen=True)
class TicketPage:
    """One request with its thread and what helps to answer it."""

    ticket: Ticket
    thread: list[Entry]
    last_said: int
    last_written: int  # the id of the last words, notes too
    earlier: int | None  # how many words to ask for to see those before; None: here they all are
    citizen: Citizen | None
    topic: Topic | None
    queue: Queue | None
    assignee: str
    attachments: Sequence[Attachment]
    experts: Panel
    proposals: dict[Field, Proposal]
    others: Sequence[Ticket]
    topics: TopicNames
    queues: dict[int, Queue]
    names: dict[int, str]
    now: datetime

    @property
    def is_late(self) -> bool:
        return is_late(self.ticket, self.now)

    @property
    def open_referrals(self) -> list[Referral]:
        return [card.referral for card in self.experts.cards if card.referral.is_open]

    @property
    def is_asked_back(self) -> bool:
        """An expert waits for us: the move is ours, whoever else has a question of it."""
        return any(referral.status == ReferralStatus.ASKED_BACK for referral in self.open_referrals)

    @property
    def expert_is_late(self) -> bool:
        due = [referral.due_at for referral in self.open_referrals if referral.due_at]
        return any(due_at < self.now for due_at in due)


def is_late(ticket: Ticket, now: datetime) -> bool:
    """Our move, and the citizen should have had an answer by now."""
    return ticket.is_ours and ticket.due_at is not None and ticket.due_at < now


def gather(ticket: Ticket, person: Person, said: int = SAID_AT_ONCE) -> TicketPage:
    """The request with its last words, `said` of them, and what happened since they began."""
    said = min(max(said, SAID_AT_ONCE), MOST_SAID)
    topic = topic_of(ticket)  # held while the panel asks for it
    experts = panel_of(ticket)
    messages = db.session.scalars(newest_first(ticket).limit(said + 1)).all()[::-1]
    since = messages[-said].written_at if len(messages) > said else None
    read = _records(ticket, messages[-said:], was_asked=bool(experts.cards))
    queues = {queue.id: queue for queue in records.queues_for_requests()}
    return TicketPage(
        ticket=ticket,
        thread=[each for each in story.entries(read) if since is None or each.at >= since],
        last_said=last_said(read.messages),
        last_written=max((message.id for message in read.messages), default=0),
        earlier=said * 5 if since is not None and said < MOST_SAID else None,
        citizen=citizen_of(ticket),
        topic=topic,
        queue=queues.get(ticket.queue_id or 0),
        assignee=read.names.get(ticket.assigned_to or 0, ""),
        attachments=read.attachments,
        experts=experts,
        proposals={each.field: each for each in db.session.scalars(proposals_of(ticket))},
        others=_others(ticket, person),
        topics=topic_names(),
        queues=queues,
        names=dict(read.names),
        now=clock.now(),
    )


def last_said(messages: Sequence[Message]) -> int:
    """The id of the last words between the citizen and us: notes do not count."""
    return max((m.id for m in messages if m.kind in records.SAID), default=0)


def _records(ticket: Ticket, messages: Sequence[Message], *, was_asked: bool) -> story.Records:
    events = db.session.scalars(records.told_events(ticket)).all()
    asked = records.words_with_experts(ticket)
    with_experts = db.session.execute(asked).all() if was_asked else []
    notices = db.session.scalars(records.notices_of(ticket)) if _sent(messages) else ()
    files = db.session.scalars(attachments.of_ticket(ticket.id)).all()
    ids = story.people([*messages, *events, *files, *(row[0] for row in with_experts)])
    ids |= {ticket.assigned_to} if ticket.assigned_to else set()
    return story.Records(
        messages=messages,
        contacts=db.session.scalars(records.contacts(ticket)).all(),
        events=events,
        with_experts=with_experts,
        notices={each.id: each for each in notices},
        attachments=files,
        names={row.id: row.name for row in db.session.execute(records.names_of(ids))},
    )


def _sent(messages: Sequence[Message]) -> bool:
    return any(message.notice_id is not None for message in messages)


def _others(ticket: Ticket, person: Person) -> Sequence[Ticket]:
    if ticket.citizen_id is None:
        return []
    known = of_citizen(person, ticket.citizen_id).where(Ticket.id != ticket.id)
    return db.session.scalars(known.limit(OTHERS)).all()
