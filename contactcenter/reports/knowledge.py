"""Where the first line still needs an expert, beside before, and what is known to answer.

A topic is listed for its managers with the reason in words. What is too small to be shown has no
figure and no reason; no sum stands beside the topics, so none can be had by subtraction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.reports.disclosure import LEAST
from contactcenter.reports.expert_queries import Opened, opened_by_topic
from contactcenter.reports.knowledge_queries import (
    Known,
    Shown,
    Used,
    published_by_topic,
    shown_by_rank,
    used_by_topic,
)

OFTEN = 0.3  # of a topic's requests: more than this need an expert
MORE = 0.1  # share above that of the period before, from which it is a rise
HARDLY = 0.5  # of those who said something of its articles: fewer say that they help


class Clue(StrEnum):
    NO_ARTICLE = "no_article"  # asked often, nothing is written
    NOT_USED = "not_used"  # an article exists and the first line does not use it
    NOT_HELPING = "not_helping"  # it is used and does not help: the procedure is unclear
    RISING = "rising"


# Said only of topics asked often enough to be shown, so always of several times.
_WHY = {
    Clue.NO_ARTICLE: _l("demandé %(times)d fois à un expert, aucune fiche : écrivez-en une."),
    Clue.NOT_USED: _l(
        "demandé %(times)d fois à un expert, la fiche n’est guère utilisée : formez l’équipe."
    ),
    Clue.NOT_HELPING: _l(
        "demandé %(times)d fois à un expert, la fiche n’aide pas : la démarche est peu claire."
    ),
    Clue.RISING: _l(
        "demandé %(times)d fois à un expert, bien plus qu’avant : qu’est-ce qui a changé ?"
    ),
}


@dataclass(frozen=True)
class TopicKnown:
    """One topic in the period; no figures where they are too small to be shown."""

    topic: Topic
    counts: Opened | None
    before: Opened | None
    articles: int
    used: Used | None

    @property
    def share(self) -> float | None:
        return _share(self.counts)

    @property
    def change(self) -> float | None:
        """Points of share above (or below) the period before."""
        now, then = _share(self.counts), _share(self.before)
        return None if now is None or then is None else now - then

    @property
    def clue(self) -> Clue | None:
        """Why it wants an article, training or a clearer procedure; the first that holds."""
        if self.counts is None or self.counts.escalated < LEAST:
            return None
        if not self.articles:
            return Clue.NO_ARTICLE
        if self.used and self._is_judged and self.used.helped < HARDLY * self._judged:
            return Clue.NOT_HELPING
        if (self.share or 0) >= OFTEN and (self.used is None or self.used.used < LEAST):
            return Clue.NOT_USED
        return Clue.RISING if (self.change or 0) >= MORE else None

    @property
    def _judged(self) -> int:
        return self.used.helped + self.used.not_here if self.used else 0

    @property
    def _is_judged(self) -> bool:
        return self._judged >= LEAST


def of_topics(
    period: tuple[datetime, datetime],
    before: tuple[datetime, datetime],
    topics: Mapping[int, Topic],
) -> list[TopicKnown]:
    """Those with requests in the period, the most escalated first; the small ones last."""
    now = [Opened(*row) for row in db.session.execute(opened_by_topic(*period))]
    then = [Opened(*row) for row in db.session.execute(opened_by_topic(*before))]
    earlier = {row.topic_id: row for row in then}
    known = {
        row.topic_id: row for row in (Known(*r) for r in db.session.execute(published_by_topic()))
    }
    uses = {
        row.topic_id: row for row in (Used(*r) for r in db.session.execute(used_by_topic(*period)))
    }
    figures = [
        TopicKnown(
            topic=topics[row.topic_id],
            counts=_shown(row),
            before=_shown(earlier.get(row.topic_id)),
            articles=known[row.topic_id].articles if row.topic_id in known else 0,
            used=uses.get(row.topic_id) if row.opened >= LEAST else None,
        )
        for row in now
    ]
    return sorted(figures, key=lambda each: (-(each.share or -1), each.topic.code))


def to_clear_up(figures: Iterable[TopicKnown]) -> list[tuple[TopicKnown, str]]:
    """Topics with a clue, and the reason in words; most asked first."""
    found = [each for each in figures if each.clue and each.counts]
    found.sort(key=lambda each: -(each.counts.escalated if each.counts else 0))
    return [(each, why(each)) for each in found]


def why(known: TopicKnown) -> str:
    """The reason, said as one would to a colleague."""
    if known.clue is None or known.counts is None:
        return ""
    return str(_WHY[known.clue] % {"times": known.counts.escalated})


def precision(period: tuple[datetime, datetime]) -> list[Shown]:
    """By place from the top; a place shown too seldom is left out."""
    rows = [Shown(*row) for row in db.session.execute(shown_by_rank(*period))]
    return [row for row in rows if row.shown >= LEAST]


def _shown(row: Opened | None) -> Opened | None:
    return row if row and row.opened >= LEAST else None


def _share(counts: Opened | None) -> float | None:
    return counts.escalated / counts.opened if counts else None
