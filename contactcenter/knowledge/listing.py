"""The page of articles: what was asked for by its address, and one bounded page of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.knowledge.models import Article, ArticleStatus
from contactcenter.knowledge.queries import holding, rank, shown
from contactcenter.tickets.search_rules import read_terms

A_PAGE = 20
MOST_PAGES = 50
LONGEST_TYPED = 200


@dataclass(frozen=True)
class Asked:
    """What an address of the list asks for; what it cannot mean is left out."""

    typed: str = ""
    topic_id: int | None = None
    status: ArticleStatus | None = None
    is_overdue: bool = False
    page: int = 1

    @classmethod
    def read(cls, args: Mapping[str, str]) -> "Asked":
        status = args.get("status", "")
        return cls(
            typed=args.get("q", "").strip()[:LONGEST_TYPED].replace("\x00", " "),
            topic_id=_number(args.get("topic", "")),
            status=ArticleStatus(status) if status in set(ArticleStatus) else None,
            is_overdue=args.get("due") == "1",
            page=min(MOST_PAGES, _number(args.get("page", "")) or 1),
        )

    def address(self, page: int) -> dict[str, Any]:
        """The same list at another page, as parts of an address."""
        return {
            "q": self.typed or None,
            "topic": self.topic_id,
            "status": self.status.value if self.status else None,
            "due": "1" if self.is_overdue else None,
            "page": page if page > 1 else None,
        }


@dataclass(frozen=True)
class Listed:
    rows: Sequence[Any]
    has_more: bool


def listed(asked: Asked, person: Person, language: str, today: date) -> Listed:
    """One page: what says most of what was typed first, else what changed last."""
    found = _wanted(shown(person, language), asked, today)
    begins = (asked.page - 1) * A_PAGE
    rows = db.session.execute(found.offset(begins).limit(A_PAGE + 1)).all()
    return Listed(rows[:A_PAGE], len(rows) > A_PAGE and asked.page < MOST_PAGES)


def _wanted(found: Select[Any], asked: Asked, today: date) -> Select[Any]:
    if asked.topic_id is not None:
        found = found.where(Article.topic_id == asked.topic_id)
    if asked.is_overdue:
        found = found.where(Article.status == ArticleStatus.PUBLISHED, Article.review_on <= today)
    elif asked.status is not None:
        found = found.where(Article.status == asked.status)
    else:
        found = found.where(Article.status != ArticleStatus.WITHDRAWN)
    terms = read_terms(asked.typed)
    newest = (Article.changed_at.desc(), Article.id.desc())
    if not terms.wanted:
        return found.order_by(*newest)
    return found.where(holding(terms, asked.typed)).order_by(rank(terms).desc(), *newest)


def _number(written: str) -> int | None:
    return int(written) if written.isdecimal() and written.isascii() and len(written) < 19 else None
