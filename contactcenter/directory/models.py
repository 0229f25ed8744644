"""Where citizens come, what requests are about, and which expert teams answer."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from contactcenter.db import CentreKey, Id, Json, Model, PrimaryKey, within_centre


class SiteKind(StrEnum):
    POST_OFFICE = "post_office"
    TOWN_HALL = "town_hall"
    CALL_CENTRE = "call_centre"
    MAIL_ROOM = "mail_room"
    ITINERANT = "itinerant"


class Site(Model):
    """A place. `hours` is {"weekly": {"0".."6": [["09:00","12:00"], ...]}, "closed_on": [...]}."""

    __tablename__ = "sites"
    __table_args__ = (UniqueConstraint("centre_id", "name"),)

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    name: Mapped[str]
    kind: Mapped[SiteKind]
    address: Mapped[str] = mapped_column(default="")
    timezone: Mapped[str]
    country: Mapped[str]
    region: Mapped[str | None]  # subdivision whose holidays apply
    hours: Mapped[Json] = mapped_column(default=dict)
    kiosk_key: Mapped[str | None]  # of the address at which people take their own number


class Counter(Model):
    """A desk in a site where one agent receives one person at a time."""

    __tablename__ = "counters"
    __table_args__ = (
        within_centre("site_id", "sites"),
        UniqueConstraint("centre_id", "site_id", "name"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    site_id: Mapped[Id]
    name: Mapped[str]


class Line(Model):
    """A phone number that citizens call (E.164), its menu and its hours.

    `menu` is a list of {"digit": "1", "label": {"fr": ...}, "queue_id": 3, "topic_id": 5 or null}.
    """

    __tablename__ = "lines"
    __table_args__ = (
        within_centre("site_id", "sites"),
        within_centre("queue_id", "queues"),
        UniqueConstraint("number"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    number: Mapped[str]
    name: Mapped[str]
    site_id: Mapped[Id]
    queue_id: Mapped[Id]
    menu: Mapped[list[Any]] = mapped_column(default=list)
    hours: Mapped[Json] = mapped_column(default=dict)


class Mailbox(Model):
    """An address that citizens write to; its messages wait in `queue_id`."""

    __tablename__ = "mailboxes"
    __table_args__ = (
        within_centre("site_id", "sites"),
        within_centre("queue_id", "queues"),
        Index("uq_mailboxes_address", text("lower(address)"), unique=True),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    address: Mapped[str]
    site_id: Mapped[Id]
    queue_id: Mapped[Id]


class Silence(StrEnum):
    """What the law makes of an authority that does not answer a request."""

    ACCEPTANCE = "acceptance"
    REJECTION = "rejection"


class Topic(Model):
    """What requests are about. Words in each language: {"fr": "...", "nl": "..."}.

    `papers` and `synonyms` are {"fr": ["...", ...], ...}; `price_cents` 0 means free. What silence
    means, after how many months and how to appeal is said to citizens only where it is known here.
    """

    __tablename__ = "topics"
    __table_args__ = (
        within_centre("organisation_id", "organisations"),
        within_centre("queue_id", "queues"),
        UniqueConstraint("centre_id", "code"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    code: Mapped[str]
    organisation_id: Mapped[Id]
    label: Mapped[Json]
    synonyms: Mapped[Json] = mapped_column(default=dict)
    papers: Mapped[Json] = mapped_column(default=dict)
    price_cents: Mapped[int] = mapped_column(default=0)
    target_minutes: Mapped[int] = mapped_column(default=2 * 8 * 60)  # in open hours
    silence: Mapped[Silence | None]
    silence_months: Mapped[int | None]
    appeal: Mapped[Json] = mapped_column(default=dict)
    queue_id: Mapped[Id | None]  # where written requests on it wait; None: the mailbox's own
    source_url: Mapped[str] = mapped_column(default="")
    verified_on: Mapped[date | None]
    is_active: Mapped[bool] = mapped_column(default=True)
    # Details and kinds of numbers of a citizen that experts on it need; empty: none
    shared: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default=text("'{}'")
    )

    def label_in(self, language: str) -> str:
        return str(self.label.get(language) or self.label["fr"])

    def appeal_in(self, language: str) -> str:
        return str(self.appeal.get(language) or self.appeal.get("fr") or "")

    def papers_in(self, language: str) -> list[str]:
        return list(self.papers.get(language) or self.papers.get("fr") or [])


class Team(Model):
    """An expert team of an organisation; `answer_minutes` run in the team's own hours.

    `territories` are beginnings of postcodes in its country; without any it answers everywhere.
    The fallback of an organisation gets what no other team of it can answer; that of the centre's
    own organisation, what no partner can.
    """

    __tablename__ = "teams"
    __table_args__ = (
        within_centre("organisation_id", "organisations"),
        UniqueConstraint("centre_id", "organisation_id", "name"),
        Index(
            "uq_teams_fallback",
            "centre_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("is_fallback"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    organisation_id: Mapped[Id]
    name: Mapped[str]
    email: Mapped[str]
    timezone: Mapped[str]
    country: Mapped[str]
    region: Mapped[str | None]
    hours: Mapped[Json] = mapped_column(default=dict)
    answer_minutes: Mapped[int] = mapped_column(default=2 * 8 * 60)
    # A live question goes to the next person on duty after so long
    consult_seconds: Mapped[int] = mapped_column(default=60, server_default=text("60"))
    territories: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default=text("'{}'")
    )
    is_fallback: Mapped[bool] = mapped_column(default=False, server_default=text("false"))


class TopicTeam(Model):
    """Which teams answer questions about a topic, best first, and where each does not."""

    __tablename__ = "topic_teams"
    __table_args__ = (
        within_centre("topic_id", "topics"),
        within_centre("team_id", "teams"),
        UniqueConstraint("centre_id", "topic_id", "team_id"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    topic_id: Mapped[Id]
    team_id: Mapped[Id]
    rank: Mapped[int] = mapped_column(default=1)
    not_in: Mapped[list[str]] = mapped_column(
        ARRAY(Text), default=list, server_default=text("'{}'")
    )
