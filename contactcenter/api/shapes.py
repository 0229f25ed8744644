"""What comes in and what goes out, field by field: the source of the OpenAPI document."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
)

from contactcenter.fields import FIRST_YEAR, LAST_YEAR
from contactcenter.languages import LANGUAGES

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100_000)]
Language = Literal["fr", "nl", "en", "de"]
Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5000)]
WrittenChannel = Literal["api", "web", "email", "letter", "phone", "counter", "sms"]

assert set(LANGUAGES) == set(Language.__args__)  # type: ignore[attr-defined]  # a Literal's values


def _of_our_time(at: datetime) -> datetime:
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise ValueError(f"Write a year from {FIRST_YEAR} to {LAST_YEAR}.")
    return at


class In(BaseModel):
    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, given: Any) -> Any:
        """As in forms, a NUL is left out: no text of PostgreSQL can hold it."""
        return given.replace("\x00", "") if isinstance(given, str) else given


class CitizenIn(In):
    name: Line = ""
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = ""
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] = ""


class TicketIn(In):
    subject: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    text: Text
    topic: Annotated[str | int | None, Field(description="code or id of a topic")] = None
    channel: WrittenChannel = "api"
    language: Language | None = None
    citizen: CitizenIn | None = None


class MessageIn(In):
    text: Text
    kind: Literal["reply", "note"]


class ReferralIn(In):
    team: Annotated[int, Field(ge=1, le=2**63 - 1)]
    question: Question
    due_at: Annotated[AwareDatetime, AfterValidator(_of_our_time)] | None = None


class VisitIn(In):
    topic: str | int | None = None
    priority_class: Literal["normal", "priority"] = "normal"
    citizen: CitizenIn | None = None


class TicketMade(BaseModel):
    reference: str
    status: str
    queue: int | None


class TicketOut(TicketMade):
    subject: str
    priority: str
    channel: str
    language: str
    topic: str | None
    opened_at: datetime
    updated_at: datetime
    due_at: datetime | None
    resolved_at: datetime | None
    tags: list[str]
    rehearsal: bool


class MessageOut(BaseModel):
    id: int
    kind: str
    channel: str
    text: str
    language: str | None
    written_at: datetime


class ReferralOut(BaseModel):
    id: int
    ticket: str | None
    team: int
    organisation: str
    status: str
    question: str
    asked_at: datetime
    due_at: datetime | None
    taken_at: datetime | None
    closed_at: datetime | None
    answer: str | None
    is_late: bool
    rehearsal: bool


class TicketWhole(TicketOut):
    """The newest words, the oldest of them first; `earlier` is the cursor of those before them."""

    messages: list[MessageOut]
    earlier: str | None
    referrals: list[ReferralOut]


class MessagePage(BaseModel):
    items: list[MessageOut]
    next: str | None


class TicketPage(BaseModel):
    items: list[TicketOut]
    next: str | None


class TeamOut(BaseModel):
    id: int
    name: str
    organisation: str


class QueueOut(BaseModel):
    id: int
    name: str
    kind: str


class VisitMade(BaseModel):
    id: int
    number: str | None


class Problem(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
