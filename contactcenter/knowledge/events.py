"""What happened to articles; all of it by a person, whose centre or organisation the row names."""

from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class ArticleDrafted(Event):
    article_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleWritten(Event):
    """A new version; `confirmed` counts words that are also a name of the citizen."""

    article_id: int
    language: str
    number: int
    confirmed: int = 0


@dataclass(frozen=True, kw_only=True)
class ArticlePublished(Event):
    article_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleReviewed(Event):
    article_id: int


@dataclass(frozen=True, kw_only=True)
class ArticleWithdrawn(Event):
    article_id: int
