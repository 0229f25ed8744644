"""Counts of articles by topic, and of what became of those that were proposed."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select

from contactcenter.db import current_centre
from contactcenter.knowledge.models import Article, ArticleProposal, ArticleStatus, ArticleUse
from contactcenter.tickets.models import Ticket


class Known(NamedTuple):
    """Articles of one topic that are published now."""

    topic_id: int
    articles: int


class Used(NamedTuple):
    """Uses of a topic's articles in the period, and what was said of them."""

    topic_id: int
    used: int
    helped: int
    not_here: int


class Shown(NamedTuple):
    """Of the requests beside which articles were shown: at this place, how often one was used.

    `wrong` are those of which someone said that they did not help there.
    """

    rank: int
    shown: int
    used: int
    wrong: int


def published_by_topic() -> Select[*tuple[Any, ...]]:
    """Rows as `Known`."""
    return (
        select(Article.topic_id, func.count())
        .where(Article.centre_id == current_centre(), Article.status == ArticleStatus.PUBLISHED)
        .group_by(Article.topic_id)
    )


def used_by_topic(begins_at: datetime, ends_at: datetime) -> Select[*tuple[Any, ...]]:
    """Rows as `Used`, without what is rehearsed."""
    return (
        select(
            Article.topic_id,
            func.count().filter(_is_use()),
            func.count().filter(ArticleUse.helped.is_(True)),
            func.count().filter(ArticleUse.helped.is_(False)),
        )
        .join(
            ArticleUse,
            and_(ArticleUse.centre_id == Article.centre_id, ArticleUse.article_id == Article.id),
        )
        .outerjoin(
            Ticket,
            and_(Ticket.centre_id == ArticleUse.centre_id, Ticket.id == ArticleUse.ticket_id),
        )
        .where(
            Article.centre_id == current_centre(),
            ArticleUse.used_at >= begins_at,
            ArticleUse.used_at < ends_at,
            or_(Ticket.id.is_(None), ~Ticket.is_rehearsal),
        )
        .group_by(Article.topic_id)
    )


def shown_by_rank(begins_at: datetime, ends_at: datetime) -> Select[*tuple[Any, ...]]:
    """Rows as `Shown`, the first place first, without what is rehearsed."""
    of_request = and_(
        ArticleUse.centre_id == ArticleProposal.centre_id,
        ArticleUse.article_id == ArticleProposal.article_id,
        ArticleUse.ticket_id == ArticleProposal.ticket_id,
    )
    each = func.count(ArticleProposal.id.distinct())
    return (
        select(
            ArticleProposal.rank,
            each,
            each.filter(_is_use()),
            each.filter(ArticleUse.helped.is_(False)),
        )
        .join(
            Ticket,
            and_(
                Ticket.centre_id == ArticleProposal.centre_id,
                Ticket.id == ArticleProposal.ticket_id,
            ),
        )
        .outerjoin(ArticleUse, of_request)
        .where(
            ArticleProposal.centre_id == current_centre(),
            ArticleProposal.proposed_at >= begins_at,
            ArticleProposal.proposed_at < ends_at,
            ~Ticket.is_rehearsal,
        )
        .group_by(ArticleProposal.rank)
        .order_by(ArticleProposal.rank)
    )


def _is_use() -> Any:
    return or_(ArticleUse.was_inserted, ArticleUse.helped.is_(True))
