"""Articles, their versions by language, and what became of them where they were proposed."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import ARRAY, TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from contactcenter.db import CentreKey, Id, Model, PrimaryKey, within_centre


class Audience(StrEnum):
    """Who reads an article. What was once shared stays so: it was read."""

    CENTRE = "centre"  # the centre's own staff
    SHARED = "shared"  # also the people of its organisation, who may write it


class ArticleStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Article(Model):
    """What is known about one question of a topic; its words are its versions.

    `organisation_id` is whose rules it tells, and `team_id` which team of it keeps the article;
    without one the organisation does. `reminded_on` is the review day its keeper was reminded of.
    """

    __tablename__ = "articles"
    __table_args__ = (
        within_centre("topic_id", "topics"),
        within_centre("organisation_id", "organisations"),
        within_centre("team_id", "teams"),
        within_centre("made_by", "persons"),
        CheckConstraint("status <> 'published' OR review_on IS NOT NULL", name="is_reviewed_again"),
        CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name="published_at_a_moment"
        ),
        Index("ix_articles_topic", "centre_id", "topic_id"),
        Index("ix_articles_changed", "centre_id", "changed_at", "id"),
        Index(
            "ix_articles_review",
            "centre_id",
            "review_on",
            postgresql_where=text("status = 'published'"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    topic_id: Mapped[Id]
    organisation_id: Mapped[Id]
    team_id: Mapped[Id | None]
    language: Mapped[str]  # of the original
    audience: Mapped[Audience] = mapped_column(default=Audience.CENTRE)
    status: Mapped[ArticleStatus] = mapped_column(default=ArticleStatus.DRAFT)
    review_on: Mapped[date | None]
    reminded_on: Mapped[date | None]
    made_by: Mapped[Id]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    published_at: Mapped[datetime | None]

    @property
    def is_published(self) -> bool:
        return self.status is ArticleStatus.PUBLISHED


class ArticleVersion(Model):
    """The words of an article in one language, as someone left them; the last one is current.

    `of_number` is the version of the original that a translation follows. `confirmed` are words
    that are also a name of the citizen it came from, and that the writer said mean something else.
    `is_for_partner`: its organisation has read it, or it was checked while shared, so that they
    may read it once it is no longer current.
    """

    __tablename__ = "article_versions"
    __table_args__ = (
        within_centre("article_id", "articles", ondelete="CASCADE"),
        within_centre("written_by", "persons"),
        UniqueConstraint("centre_id", "article_id", "language", "number"),
        Index(
            "uq_article_versions_current",
            "centre_id",
            "article_id",
            "language",
            unique=True,
            postgresql_where=text("is_current"),
        ),
        Index(
            "ix_article_versions_document",
            "document",
            postgresql_using="gin",
            postgresql_where=text("is_current"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    article_id: Mapped[Id]
    language: Mapped[str]
    number: Mapped[int]
    of_number: Mapped[int | None]
    is_current: Mapped[bool] = mapped_column(default=True)
    is_for_partner: Mapped[bool] = mapped_column(default=False, server_default=false())
    title: Mapped[str]
    question: Mapped[str]
    answer: Mapped[str]
    papers: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    confirmed: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)
    written_by: Mapped[Id]
    written_at: Mapped[datetime]
    document: Mapped[str] = mapped_column(TSVECTOR)


class ArticleSource(Model):
    """The request an article was drawn from: nothing of its citizen may stand in the article."""

    __tablename__ = "article_sources"
    __table_args__ = (
        within_centre("article_id", "articles", ondelete="CASCADE"),
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("referral_id", "referrals", ondelete="CASCADE"),
        UniqueConstraint("centre_id", "article_id", "ticket_id"),
        Index("ix_article_sources_ticket", "centre_id", "ticket_id"),
        Index(
            "ix_article_sources_referral",
            "centre_id",
            "referral_id",
            postgresql_where=text("referral_id IS NOT NULL"),
        ),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    article_id: Mapped[Id]
    ticket_id: Mapped[Id]
    referral_id: Mapped[Id | None]


class ArticleProposal(Model):
    """An article was shown beside a request, at this place from the top."""

    __tablename__ = "article_proposals"
    __table_args__ = (
        within_centre("article_id", "articles", ondelete="CASCADE"),
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        UniqueConstraint("centre_id", "article_id", "ticket_id"),
        Index("ix_article_proposals_ticket", "centre_id", "ticket_id"),
        Index("ix_article_proposals_proposed", "centre_id", "proposed_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    article_id: Mapped[Id]
    ticket_id: Mapped[Id]
    rank: Mapped[int]
    proposed_at: Mapped[datetime]


class ArticleUse(Model):
    """A person used an article, once for a request; `helped` is what they said of it, if they did.

    Read away from any request there is no ticket.
    """

    __tablename__ = "article_uses"
    __table_args__ = (
        within_centre("article_id", "articles", ondelete="CASCADE"),
        within_centre("ticket_id", "tickets", ondelete="CASCADE"),
        within_centre("person_id", "persons"),
        UniqueConstraint(
            "centre_id",
            "article_id",
            "ticket_id",
            "person_id",
            name="uq_article_uses_once",
            postgresql_nulls_not_distinct=True,
        ),
        Index("ix_article_uses_ticket", "centre_id", "ticket_id"),
        Index("ix_article_uses_used", "centre_id", "used_at"),
    )

    centre_id: Mapped[CentreKey]
    id: Mapped[PrimaryKey]
    article_id: Mapped[Id]
    ticket_id: Mapped[Id | None]
    person_id: Mapped[Id]
    was_inserted: Mapped[bool] = mapped_column(default=False)  # into a reply or a question
    helped: Mapped[bool | None]
    used_at: Mapped[datetime]
