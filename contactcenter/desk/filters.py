"""What narrows a list: each filter by its name in the address, and what it asks of a ticket."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, select

from contactcenter.db import is_there
from contactcenter.escalation.models import Referral
from contactcenter.escalation.queries import WITH_THEM
from contactcenter.languages import LANGUAGES, zone
from contactcenter.teamwork.models import Snooze, TicketTag
from contactcenter.tickets.models import Channel, Priority, Status

Choice = TypeVar("Choice", bound=StrEnum)


class Waits(StrEnum):
    """Whose move it is."""

    US = "us"
    CITIZEN = "citizen"
    EXPERT = "expert"


@dataclass(frozen=True)
class Filters:
    """What narrows a list; all of it stands in the address. Days are those of the centre."""

    queue_id: int | None = None
    topic_id: int | None = None
    tag_id: int | None = None
    site_id: int | None = None
    organisation_id: int | None = None
    channel: Channel | None = None
    status: Status | None = None
    priority: Priority | None = None
    language: str | None = None
    assignee: str | None = None  # "me", "none" or the id of a person
    waits: Waits | None = None
    snoozed: str | None = None  # "yes" or "no"
    opened_from: date | None = None
    opened_to: date | None = None
    updated_from: date | None = None
    updated_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None

    @classmethod
    def parse(cls, asked: Mapping[str, str]) -> "Filters":
        """What is not understood does not narrow."""
        return cls(**{name: read(asked.get(written, "")) for name, (written, read) in READ.items()})

    @property
    def chosen(self) -> dict[str, Any]:
        """What is asked for, by field."""
        named = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in named.items() if value is not None}

    @property
    def kept(self) -> dict[str, str]:
        """The same, as an address writes it."""
        return {READ[name][0]: str(value) for name, value in self.chosen.items()}

    def given(self, reader_id: int) -> dict[str, Any]:
        """By name of a condition, the value it is given."""
        return {
            name: value
            for field, chosen in self.chosen.items()
            for name, value in _condition_of(field, chosen, reader_id)
        }


def _condition_of(field: str, chosen: Any, reader_id: int) -> list[tuple[str, Any]]:
    if field == "assignee":
        if chosen == "none":
            return [("nobody", None)]
        return [("assigned_to", reader_id if chosen == "me" else int(chosen))]
    if field == "waits":
        return [(f"waits_{chosen}", None)]
    if field == "snoozed":
        return [("snoozed" if chosen == "yes" else "awake", None)]
    if field.endswith("_from"):
        return [(field, _midnight(chosen))]
    if field.endswith("_to"):
        return [(field, _midnight(chosen + timedelta(days=1)))]
    return [(field, chosen)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone())


def _asked_of(walked: Any, organisation_id: Any) -> ColumnElement[bool]:
    return _open_referral(walked, Referral.organisation_id == organisation_id)


def _open_referral(walked: Any, *which: ColumnElement[bool]) -> ColumnElement[bool]:
    asked = select(Referral.id).where(
        Referral.centre_id == walked.centre_id,
        Referral.ticket_id == walked.id,
        Referral.closed_at.is_(None),
        *which,
    )
    return is_there(asked)


def _with_expert(walked: Any) -> ColumnElement[bool]:
    return _open_referral(walked, or_(*[Referral.status == status for status in WITH_THEM]))


def _put_away(walked: Any) -> ColumnElement[bool]:
    put_away = select(Snooze.id).where(
        Snooze.centre_id == walked.centre_id, Snooze.ticket_id == walked.id
    )
    return is_there(put_away)


def _tagged(walked: Any, tag_id: Any) -> ColumnElement[bool]:
    tagged = select(TicketTag.tag_id).where(
        TicketTag.centre_id == walked.centre_id,
        TicketTag.ticket_id == walked.id,
        TicketTag.tag_id == tag_id,
    )
    return is_there(tagged)


Condition = Callable[[Any, Any], ColumnElement[bool]]

# Asked of a ticket, or of the columns of one that was walked to; with the value, if it has one.
CONDITIONS: dict[str, Condition] = {
    "queue_id": lambda walked, value: walked.queue_id == value,
    "topic_id": lambda walked, value: walked.topic_id == value,
    "site_id": lambda walked, value: walked.site_id == value,
    "organisation_id": _asked_of,
    "tag_id": _tagged,
    "channel": lambda walked, value: walked.channel == value,
    "status": lambda walked, value: walked.status == value,
    "priority": lambda walked, value: walked.priority == value,
    "language": lambda walked, value: walked.language == value,
    "assigned_to": lambda walked, value: walked.assigned_to == value,
    "nobody": lambda walked, _value: walked.assigned_to.is_(None),
    "waits_us": lambda walked, _value: (
        walked.status.in_((Status.NEW, Status.OPEN)) & ~_with_expert(walked)
    ),
    "waits_citizen": lambda walked, _value: walked.status == Status.WAITING_ON_CITIZEN,
    "waits_expert": lambda walked, _value: _with_expert(walked),
    "snoozed": lambda walked, _value: _put_away(walked),
    "awake": lambda walked, _value: ~_put_away(walked),
    "opened_from": lambda walked, value: walked.opened_at >= value,
    "opened_to": lambda walked, value: walked.opened_at < value,
    "updated_from": lambda walked, value: walked.updated_at >= value,
    "updated_to": lambda walked, value: walked.updated_at < value,
    "due_from": lambda walked, value: walked.due_at >= value,
    "due_to": lambda walked, value: walked.due_at < value,
}


def number(written: str) -> int | None:
    return int(written) if written.isdecimal() and len(written) < 19 else None


def day(written: str) -> date | None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _one_of(kind: type[Choice]) -> Callable[[str], Choice | None]:
    return lambda written: kind(written) if written in set(kind) else None


def _among(*words: str) -> Callable[[str], str | None]:
    return lambda written: written if written in words else None


def _assignee(written: str) -> str | None:
    return written if written in ("me", "none") or number(written) is not None else None


# By field: its name in the address, and how it is read there.
READ: dict[str, tuple[str, Callable[[str], Any]]] = {
    "queue_id": ("queue", number),
    "topic_id": ("topic", number),
    "tag_id": ("tag", number),
    "site_id": ("site", number),
    "organisation_id": ("expert", number),
    "channel": ("channel", _one_of(Channel)),
    "status": ("status", _one_of(Status)),
    "priority": ("priority", _one_of(Priority)),
    "language": ("language", _among(*LANGUAGES)),
    "assignee": ("assignee", _assignee),
    "waits": ("waits", _one_of(Waits)),
    "snoozed": ("snoozed", _among("yes", "no")),
    "opened_from": ("opened_from", day),
    "opened_to": ("opened_to", day),
    "updated_from": ("updated_from", day),
    "updated_to": ("updated_to", day),
    "due_from": ("due_from", day),
    "due_to": ("due_to", day),
}
