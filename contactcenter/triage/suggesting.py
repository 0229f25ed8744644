"""Up to three topics that a text may be about, each with why. Nothing is changed here."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from contactcenter.db import db
from contactcenter.triage import queries
from contactcenter.triage.catalogue import Catalogue, catalogue
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
SHORTEST_ODD_WORD = 5
CLOSED_WEIGHT = 4.0  # a topic that is certain by closed requests counts as two words of its own
WORD_WEIGHT = 2.0
ALIKE_WEIGHT = 1.0


@dataclass
class Suggested:
    topic_id: int
    weight: float = 0.0
    reason: dict[str, Any] = field(default_factory=dict)


def suggested(text: str, language: str, *, leaving_out: Collection[int] = ()) -> list[Suggested]:
    """The topics in use that speak most for themselves, the best first; none for empty words."""
    said = plain(text)
    if not said.strip():
        return []
    known = catalogue()
    found = {
        topic_id: Suggested(topic_id)
        for topic_id, topic in known.topics.items()
        if topic.is_active and topic_id not in leaving_out
    }
    spoken = detect(text) or language
    _by_words(found, known, Case(said, "", language=spoken, stemmed=stemmed(said)))
    _by_likeness(found, known, said)
    _by_closed(found, said, spoken)
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


def _by_likeness(found: dict[int, Suggested], known: Catalogue, said: str) -> None:
    """A word nearly written like one of a topic's: PostgreSQL compares their trigrams."""
    meant = {
        word: topic_id
        for topic_id in found
        for phrase in known.topics[topic_id].phrases
        for word in phrase.forms[0]
        if len(word) >= SHORTEST_ODD_WORD
    }
    odd = [w for w in said.split() if len(w) >= SHORTEST_ODD_WORD and w not in meant]
    odd = list(dict.fromkeys(odd))[:MOST_ODD_WORDS]
    if not odd or not meant:
        return
    for row in db.session.execute(
        queries.WORDS_ALIKE, {"odd": odd, "meant": list(meant), "alike": queries.ALIKE}
    ):
        suggestion = found[meant[row.meant]]
        suggestion.weight += ALIKE_WEIGHT * row.likeness
        suggestion.reason.setdefault("alike", []).append([row.odd, row.meant])


def _by_closed(found: dict[int, Suggested], said: str, language: str) -> None:
    rows = db.session.execute(queries.learnt_topics(ENOUGH)).all()
    requests = {row.topic_id: row.requests for row in rows}
    if len(requests) < FEWEST_LEARNT:
        return
    stems = dict(list(telling_stems(said, language).items())[:MOST_STEMS])
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
