"""Questions about articles. Every question about their words starts from `visible_to`."""

from datetime import date
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Select, Text, and_, cast, exists, func, or_, select
from sqlalchemy import false as never
from sqlalchemy.orm import aliased

from contactcenter.accounts.models import Organisation, Person
from contactcenter.accounts.permissions import Permission
from contactcenter.db import current_centre
from contactcenter.directory.models import Team, Topic
from contactcenter.knowledge.models import (
    Article,
    ArticleSource,
    ArticleStatus,
    ArticleUse,
    ArticleVersion,
    Audience,
)
from contactcenter.tickets.search_rules import Terms

LIKE_TITLE = 0.5

Own = aliased(ArticleVersion, name="own")  # in the reader's language
Original = aliased(ArticleVersion, name="original")


def visible_to(person: Person) -> Select[Article]:
    """Articles this person may see: the staff every one, partners those shared with them."""
    mine = select(Article).where(Article.centre_id == person.centre_id)
    if not person.may(Permission.READ_ARTICLES):
        return mine.where(never())
    if person.is_referent:
        return mine.where(
            Article.organisation_id == person.organisation_id, Article.audience == Audience.SHARED
        )
    return mine


def one(person: Person, article_id: int) -> Select[Article]:
    return visible_to(person).where(Article.id == article_id)


def shown(person: Person, language: str) -> Select[*tuple[Any, ...]]:
    """(Article, its words in that language or None, the original, Topic, Organisation, Team)."""
    return (
        visible_to(person)
        .add_columns(Own, Original, Topic, Organisation, Team)
        .outerjoin(Own, _current(Own, language))
        .join(Original, _current(Original, Article.language))
        .join(Topic, and_(Topic.centre_id == Article.centre_id, Topic.id == Article.topic_id))
        .join(
            Organisation,
            and_(
                Organisation.centre_id == Article.centre_id,
                Organisation.id == Article.organisation_id,
            ),
        )
        .outerjoin(Team, and_(Team.centre_id == Article.centre_id, Team.id == Article.team_id))
    )


def _current(version: Any, language: Any) -> ColumnElement[bool]:
    return and_(
        version.centre_id == Article.centre_id,
        version.article_id == Article.id,
        version.language == language,
        version.is_current,
    )


def holding(terms: Terms, typed: str) -> ColumnElement[bool]:
    """On Article: its words in some language hold the terms, or a title is written nearly so."""
    wanted = cast(list(terms.wanted), ARRAY(Text))
    unwanted = cast(list(terms.unwanted), ARRAY(Text))
    plain = func.unaccent(func.lower(typed))
    nearly = func.word_similarity(plain, func.unaccent(func.lower(ArticleVersion.title)))
    held = or_(ArticleVersion.document.op("@@")(func.search_all(wanted)), nearly >= LIKE_TITLE)
    found = exists().where(_of_article(), ArticleVersion.is_current, held)
    if not terms.unwanted:
        return found
    refused = ArticleVersion.document.op("@@")(func.search_any(unwanted))
    return and_(found, ~exists().where(_of_article(), ArticleVersion.is_current, refused))


def rank(terms: Terms) -> ColumnElement[float]:
    wanted = cast(list(terms.wanted), ARRAY(Text))
    ranked = func.max(func.ts_rank(ArticleVersion.document, func.search_any(wanted)))
    return func.coalesce(
        select(ranked).where(_of_article(), ArticleVersion.is_current).scalar_subquery(), 0
    )


def _of_article() -> ColumnElement[bool]:
    return and_(
        ArticleVersion.centre_id == Article.centre_id, ArticleVersion.article_id == Article.id
    )


def current_versions(article: Article) -> Select[ArticleVersion]:
    return select(ArticleVersion).where(
        ArticleVersion.centre_id == article.centre_id,
        ArticleVersion.article_id == article.id,
        ArticleVersion.is_current,
    )


def versions(article: Article, person: Person) -> Select[ArticleVersion, str]:
    """Every version with its author, the last first.

    A partner reads none of before the article was checked and shared.
    """
    found = (
        select(ArticleVersion, Person.name)
        .join(
            Person,
            and_(
                Person.centre_id == ArticleVersion.centre_id, Person.id == ArticleVersion.written_by
            ),
        )
        .where(
            ArticleVersion.centre_id == article.centre_id,
            ArticleVersion.article_id == article.id,
        )
        .order_by(ArticleVersion.written_at.desc(), ArticleVersion.id.desc())
    )
    if person.is_referent:
        return found.where(or_(ArticleVersion.is_current, ArticleVersion.is_for_partner))
    return found


def sources(article: Article) -> Select[ArticleSource]:
    return select(ArticleSource).where(
        ArticleSource.centre_id == article.centre_id, ArticleSource.article_id == article.id
    )


def to_review(today: date) -> Select[Article]:
    """Published, due for review, and not reminded of that day yet; who is held is skipped."""
    return (
        select(Article)
        .where(
            Article.centre_id == current_centre(),
            Article.status == ArticleStatus.PUBLISHED,
            Article.review_on <= today,
            or_(Article.reminded_on.is_(None), Article.reminded_on < Article.review_on),
        )
        .order_by(Article.review_on, Article.id)
        .with_for_update(skip_locked=True)
    )


def uses_of(article_id: int) -> Select[*tuple[Any, ...]]:
    """(uses, helped, did not help)."""
    return select(
        func.count(),
        func.count().filter(ArticleUse.helped.is_(True)),
        func.count().filter(ArticleUse.helped.is_(False)),
    ).where(ArticleUse.centre_id == current_centre(), ArticleUse.article_id == article_id)


def teams_of(organisation_id: int) -> Select[Team]:
    return (
        select(Team)
        .where(Team.centre_id == current_centre(), Team.organisation_id == organisation_id)
        .order_by(Team.name, Team.id)
    )


def topics_for(person: Person) -> Select[Topic]:
    """In use, and of one's own organisation for a partner."""
    every = select(Topic).where(Topic.centre_id == person.centre_id, Topic.is_active)
    return (
        every.where(Topic.organisation_id == person.organisation_id)
        if person.is_referent
        else every
    )


def drawn_from(person: Person, ticket_id: int, referral_id: int | None) -> Select[Article]:
    """The article drawn from this question, or from what we answered ourselves."""
    behind = exists().where(
        ArticleSource.centre_id == Article.centre_id,
        ArticleSource.article_id == Article.id,
        ArticleSource.ticket_id == ticket_id,
        ArticleSource.referral_id.is_not_distinct_from(referral_id),
    )
    return visible_to(person).where(behind).order_by(Article.id.desc()).limit(1)
