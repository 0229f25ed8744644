"""Which articles may answer a text: those of its topic, and those that hold what it says.

PostgreSQL finds them by words of four languages, each the heavier the fewer articles hold it, and
by titles written nearly alike. `tests/knowledge/test_precision.py` holds how often it is right.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text as statement

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db, write_by
from contactcenter.insertions import Insertion
from contactcenter.knowledge.models import (
    Article,
    ArticleProposal,
    ArticleStatus,
    ArticleVersion,
)
from contactcenter.knowledge.queries import shown, visible_to
from contactcenter.knowledge.words import is_overdue, translation
from contactcenter.languages import zone
from contactcenter.tickets.models import Ticket

MOST = 3
LOOKED_AT = 20
MOST_WORDS = 40
SHORTEST_WORD = 3
LONGEST = 5_000
SAME_TOPIC = 3.0  # as much as a telling word in the title
LIKENESS = 2.0
ENOUGH = 4.5  # for an article of another topic, or where no topic is known
FAR_BEHIND = 0.5  # what has less than this share of the best one's score is not proposed
_WORD = re.compile(r"[^\W\d_]+")

_MATCH = statement(
    "SELECT article_id, score, words, likeness FROM match_articles(CAST(:asked AS text[]), :most)"
)
_ONCE = Insertion(
    ArticleProposal.__tablename__,
    columns=("centre_id", "article_id", "ticket_id", "rank", "proposed_at"),
    otherwise="ON CONFLICT DO NOTHING",
)


@dataclass(frozen=True)
class Proposed:
    """An article in the reader's language where it has one; `words` are what it was found by."""

    article: Article
    version: ArticleVersion
    topic: Any
    words: Sequence[str]
    note: str  # what is wrong with its translation
    is_overdue: bool


def proposed(
    text: str, person: Person, language: str, *, topic_id: int | None = None, most: int = MOST
) -> list[Proposed]:
    """The published articles that this person may see and that most likely answer, best first."""
    scores, words = _scores(text, person, topic_id)
    least = FAR_BEHIND * max(scores.values(), default=0.0)
    told = [each for each in scores if scores[each] >= least]
    best = sorted(told, key=lambda each: (-scores[each], each))[:most]
    rows = {row.Article.id: row for row in db.session.execute(_shown(person, language, best))}
    return [_proposed(rows[each], words.get(each, ())) for each in best if each in rows]


def keep_proposed(ticket: Ticket, found: Sequence[Proposed]) -> None:
    """Remember what was shown beside a request, each once: how often it was right is published."""
    for rank, each in enumerate(found, start=1):
        write_by(
            _ONCE,
            centre_id=current_centre(),
            article_id=each.article.id,
            ticket_id=ticket.id,
            rank=rank,
            proposed_at=clock.now(),
        )


def _scores(
    text: str, person: Person, topic_id: int | None
) -> tuple[dict[int, float], dict[int, Sequence[str]]]:
    said = {each.casefold(): None for each in _WORD.findall(text[:LONGEST])}
    asked = [each for each in said if len(each) >= SHORTEST_WORD][:MOST_WORDS]
    of_topic = _of_topic(person, topic_id)
    scores: dict[int, float] = dict.fromkeys(of_topic, SAME_TOPIC)
    words: dict[int, Sequence[str]] = {}
    rows = db.session.execute(_MATCH, {"asked": asked, "most": LOOKED_AT}) if asked else ()
    for row in rows:
        score = row.score + LIKENESS * row.likeness
        if row.article_id in of_topic:
            scores[row.article_id] = SAME_TOPIC + score
        elif score >= ENOUGH:
            scores[row.article_id] = score
        words[row.article_id] = row.words[:3]
    return scores, words


def _of_topic(person: Person, topic_id: int | None) -> set[int]:
    if topic_id is None:
        return set()
    published = visible_to(person).where(
        Article.topic_id == topic_id, Article.status == ArticleStatus.PUBLISHED
    )
    newest = published.order_by(Article.changed_at.desc()).limit(LOOKED_AT)
    return set(db.session.scalars(newest.with_only_columns(Article.id)))


def _shown(person: Person, language: str, ids: Sequence[int]) -> Any:
    return shown(person, language).where(Article.id.in_(ids))


def _proposed(row: Any, words: Sequence[str]) -> Proposed:
    own, original = row.own, row.original
    article, today = row.Article, clock.now().astimezone(zone()).date()
    late = is_overdue(article, today)
    return Proposed(article, own or original, row.Topic, words, translation(own, original), late)
