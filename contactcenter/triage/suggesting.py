"""Up to three topics that a text may be about, each with why. Nothing is changed here."""

from collections.abc import Collection
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


def read(text: str, language: str) -> Case:
    """A text that came without anything else, in its own language if that can be told."""
    said = plain(text)
    return Case(said, "", language=detect(text) or language, stemmed=stemmed(said))


def suggested(case: Case, *, leaving_out: Collection[int] = ()) -> list[Suggested]:
    """The topics in use that speak most for themselves, the best first; none for empty words."""
    if not case.text.strip():
        return []
    known = catalogue()
    found = {
        topic_id: Suggested(topic_id)
        for topic_id, topic in known.topics.items()
        if topic.is_active and topic_id not in leaving_out
    }
    _by_words(found, known, case)
    _by_likeness(found, known, case)
    _by_closed(found, known, case)
    ranked = sorted(found.values(), key=lambda each: (-each.weight, each.topic_id))
    return [each for each in ranked[:MOST] if each.weight > 0]


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


def _by_words(found: dict[int, Suggested], known: Catalogue, case: Case) -> None:
    for topic_id, named in named_by(known.index, case).items():
        if topic_id in found:
            found[topic_id].weight += WORD_WEIGHT * len(named.stems)
            found[topic_id].reason["words"] = named.words[:3]


def _by_likeness(found: dict[int, Suggested], known: Catalogue, case: Case) -> None:
    """A word nearly written like one of a topic's."""
    words = dict.fromkeys(word for word in case.text.split() if len(word) >= SHORTEST_TELLING)
    odd = [word for word in words if not _topic_saying(word, found, known)][:MOST_ODD_WORDS]
    for word in odd:
        for likeness, meant in known.spelling.alike(word):
            if suggestion := _topic_saying(meant, found, known):
                suggestion.weight += ALIKE_WEIGHT * likeness
                suggestion.reason.setdefault("alike", []).append([word, meant])
                break


def _topic_saying(word: str, found: dict[int, Suggested], known: Catalogue) -> Suggested | None:
    """Of those that may be suggested, the last to list this word."""
    listing = (found[topic_id] for topic_id in known.said_by.get(word, ()) if topic_id in found)
    return next(listing, None)


def _by_closed(found: dict[int, Suggested], known: Catalogue, case: Case) -> None:
    requests = {topic: times for topic, times in known.learnt.items() if times >= ENOUGH}
    if len(requests) < FEWEST_LEARNT:
        return
    stems = dict(list(telling_stems(case.text, case.language or "").items())[:MOST_STEMS])
    counts: dict[str, dict[int, int]] = {}
    for row in db.session.execute(queries.learnt_words(list(stems), list(requests))):
        counts.setdefault(row.stem, {})[row.topic_id] = row.requests
    for likely in likely_topics(stems, requests, counts):
        if suggestion := found.get(likely.topic_id):
            suggestion.weight += CLOSED_WEIGHT * likely.probability
            suggestion.reason["closed"] = {
                "words": [stems[stem] for stem in likely.stems],
                "of": requests[likely.topic_id],
            }
