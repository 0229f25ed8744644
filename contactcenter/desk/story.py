"""One thread of everything that happened to a request, whatever the channel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from contactcenter.attachments.models import Attachment
from contactcenter.escalation.models import ReferralMessage, Side
from contactcenter.events import EventRecord
from contactcenter.languages import zone
from contactcenter.notices.models import Notice
from contactcenter.tickets.models import Channel, Interaction, Message, MessageKind


@dataclass(frozen=True)
class Entry:
    """One entry; `kind` is citizen, reply, record, note, contact, expert or event."""

    kind: str
    at: datetime
    who: str = ""
    message: Message | None = None
    contact: Interaction | None = None
    notice: Notice | None = None
    event: EventRecord | None = None
    expert: ReferralMessage | None = None
    team: str = ""
    organisation: str = ""
    files: list[Attachment] = field(default_factory=list)

    @property
    def is_automatic(self) -> bool:
        """Whether a program wrote it: an absence note."""
        return self.contact is not None and "automatic" in self.contact.detail

    @property
    def stranger(self) -> str:
        """Who wrote this mail, if it is nobody whose request it is; empty otherwise."""
        if self.contact is None or self.contact.citizen_id is not None:
            return ""
        detail = self.contact.detail
        named = (detail.get("sender_name"), detail.get("sender"))
        return ", ".join(each for each in named if each)

    @property
    def is_doubtful(self) -> bool:
        """Whether the mail server of the centre did not find the sender proved."""
        return self.contact is not None and self.contact.detail.get("proved") == "no"

    @property
    def received_on(self) -> date | None:
        """The day it reached us, where that is worth telling beside the time it was kept."""
        day = self.contact.received_on if self.contact else None
        is_letter = self.contact is not None and self.contact.channel is Channel.LETTER
        return day if is_letter or day != self.at.astimezone(zone()).date() else None


@dataclass(frozen=True)
class Records:
    """The rows of one request, as they were read."""

    messages: Sequence[Message]
    contacts: Sequence[Interaction]
    events: Sequence[EventRecord]
    with_experts: Sequence[tuple[ReferralMessage, str, str]]
    notices: Mapping[int, Notice]
    attachments: Sequence[Attachment]
    names: Mapping[int, str]


def entries(records: Records) -> list[Entry]:
    """The whole thread, oldest first; contacts that left words are told by their words."""
    told = {message.interaction_id for message in records.messages}
    contacts = {contact.id: contact for contact in records.contacts}
    thread = [_said(message, contacts, records) for message in records.messages]
    thread += [
        Entry("contact", contact.started_at, contact=contact)
        for contact in records.contacts
        if contact.id not in told
    ]
    thread += [_asked(*row, names=records.names) for row in records.with_experts]
    thread += [_happened(event, records.names) for event in records.events]
    return sorted(thread, key=lambda entry: entry.at)


def people(records_of: Sequence[Any]) -> set[int]:
    """The ids of everyone who wrote or did something in these rows."""
    named = ("author_id", "person_id", "added_by", "corrected_by")
    found = {getattr(row, name, None) for row in records_of for name in named}
    found |= {row.detail.get("assigned_to") for row in records_of if isinstance(row, EventRecord)}
    return {each for each in found if each is not None}


def _said(message: Message, contacts: Mapping[int, Interaction], records: Records) -> Entry:
    files = [each for each in records.attachments if each.message_id == message.id]
    return Entry(
        _KINDS[message.kind],
        message.written_at,
        who=records.names.get(message.author_id or 0, ""),
        message=message,
        contact=contacts.get(message.interaction_id or 0),
        notice=records.notices.get(message.notice_id or 0),
        files=files,
    )


_KINDS = {
    MessageKind.CITIZEN: "citizen",
    MessageKind.REPLY: "reply",
    MessageKind.RECORD: "record",
    MessageKind.NOTE: "note",
}


def _asked(
    message: ReferralMessage, team: str, organisation: str, *, names: Mapping[int, str]
) -> Entry:
    kind = "inside" if message.is_private and message.side is Side.ASKER else "expert"
    return Entry(
        kind,
        message.written_at,
        who=names.get(message.author_id, ""),
        expert=message,
        team=team,
        organisation=organisation,
    )


def _happened(event: EventRecord, names: Mapping[int, str]) -> Entry:
    return Entry("event", event.happened_at, who=names.get(event.person_id or 0, ""), event=event)
