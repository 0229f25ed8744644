"""Up to three topics that a text may be about, each with why. Nothing is changed here."""

from collections.abc import Collection, Set
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from contactcenter.db import db
from contactcenter.triage import queries
from contactcenter.triage.catalogue import SHORTEST_TELLING, Catalogue, catalogue
from contactcenter.triage.language import detect
from contactcenter.triage.likelihood import likely_topics
from contactcenter.triage.naming import named_by
from contactcenter.triage.rules import Case, plain
from contactcenter.triage.stems import stemmed, telling_stems

MOST = 3
ENOUGH = 50  # finished requests a topic must have before it is suggested from them
FEWEST_LEARNT = 2  # with one learnt topic, everything would sound like it
MOST_STEMS = 80
MOST_ODD_WORDS = 30
CLOSED_WEIGHT = 4.0  # a topic that is certain by closed requests counts as two words of its own
WORD_WEIGHT = 2.0
ALIKE_WEIGHT = 1.0


@dataclass
class Suggested:
    topic_id: int
    weight: float = 0.0
    reason: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidates:
    """The topics that may be suggested, and those of them that something speaks for."""

    known: Catalogue
    possible: Set[int]
    found: dict[int, Suggested] = field(default_factory=dict)

    def of(self, topic_id: int | None) -> Suggested | None:
        if topic_id is None or topic_id not in self.possible:
            return None
        return self.found.setdefault(topic_id, Suggested(topic_id))

    def saying(self, word: str, beside: Set[str]) -> int | None:
        """The last one of which this word, with those beside it, says a whole expression."""
        listing = (each for each in self.known.said_by.get(word, ()) if each in self.possible)
        return next((each for each in listing if self._says(each, word, beside)), None)

    def _says(self, topic_id: int, word: str, beside: Set[str]) -> bool:
        phrases = self.known.topics[topic_id].phrases
        telling = (phrase.telling_words for phrase in phrases)
        return any(word in each and each - {word} <= beside for each in telling)


def read(text: str, language: str) -> Case:
    """A text that came without anything else, in its own language if that can be told."""
    said = plain(text)
    return Case(said, "", language=detect(text) or language, stemmed=stemmed(said))


def suggested(case: Case, *, leaving_out: Collection[int] = ()) -> list[Suggested]:
    """The topics in use that speak most for themselves, the best first; none for empty words.

    Of two alike, the one that was spoken of first, as the subject comes before the text.
    """
    if not case.text.strip():
        return []
    known = catalogue()
    in_use = {topic_id for topic_id, topic in known.topics.items() if topic.is_active}
    candidates = Candidates(known, in_use.difference(leaving_out))
    _by_words(candidates, case)
    _by_likeness(candidates, case)
    _by_closed(candidates, case)
    spoken_for = (each for each in candidates.found.values() if each.weight > 0)
    return sorted(spoken_for, key=lambda each: each.weight, reverse=True)[:MOST]


def why(reason: dict[str, Any]) -> str:
    """Why a topic is suggested, for people."""
    parts = []
    if words := reason.get("words"):
        parts.append(_("mots : %(words)s", words=", ".join(words)))
    if alike := reason.get("alike"):
        meant = ", ".join(_("%(read)s pour %(meant)s", read=r, meant=m) for r, m in alike)
        parts.append(_("mots proches : %(words)s", words=meant))
    if closed := reason.get("closed"):
        words = ", ".join(closed["words"])
        parts.append(
            _("comme %(count)s demandes closes : %(words)s", count=closed["of"], words=words)
        )
    return " ; ".join(parts)


def _by_words(candidates: Candidates, case: Case) -> None:
    for topic_id, named in named_by(candidates.known.index, case).items():
        if suggestion := candidates.of(topic_id):
            suggestion.weight += WORD_WEIGHT * len(named.stems)
            suggestion.reason["words"] = named.words[:3]


def _by_likeness(candidates: Candidates, case: Case) -> None:
    """A word nearly written like one that says, with what stands there, an expression of a topic.

    "comment" is near "comme", and "demander" is near "demandeur", yet neither means a topic.
    """
    said = dict.fromkeys(case.text.split())
    words = [word for word in said if len(word) >= SHORTEST_TELLING]
    odd = [word for word in words if word not in candidates.known.said_by]
    for word in odd[:MOST_ODD_WORDS]:
        for likeness, meant in candidates.known.spelling.alike(word):
            if suggestion := candidates.of(candidates.saying(meant, said.keys())):
                suggestion.weight += ALIKE_WEIGHT * likeness
                suggestion.reason.setdefault("alike", []).append([word, meant])
                break


def _by_closed(candidates: Candidates, case: Case) -> None:
    requests = {topic: n for topic, n in candidates.known.learnt.items() if n >= ENOUGH}
    if len(requests) < FEWEST_LEARNT:
        return
    stems = dict(list(telling_stems(case.text, case.language or "").items())[:MOST_STEMS])
    counts: dict[str, dict[int, int]] = {}
    for row in db.session.execute(queries.learnt_words(list(stems), list(requests))):
        counts.setdefault(row.stem, {})[row.topic_id] = row.requests
    for likely in likely_topics(stems, requests, counts):
        if suggestion := candidates.of(likely.topic_id):
            suggestion.weight += CLOSED_WEIGHT * likely.probability
            suggestion.reason["closed"] = {
                "words": [stems[stem] for stem in likely.stems],
                "of": requests[likely.topic_id],
            }
