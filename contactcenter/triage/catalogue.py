"""What triage looks up for each request: a centre's rules, topics, queues and sites."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from contactcenter.db import db
from contactcenter.directory.keeping import kept, this_centre
from contactcenter.directory.rules import Hours
from contactcenter.directory.stored_hours import read_hours
from contactcenter.triage import queries
from contactcenter.triage.naming import Index, Phrase, indexed
from contactcenter.triage.rules import Rule
from contactcenter.triage.spelling import Spelling
from contactcenter.triage.stems import phrases, stemmed_words

SHORTEST_TELLING = 5  # a shorter word is near to too many


@dataclass(frozen=True)
class KnownTopic:
    phrases: Sequence[Phrase]
    queue_id: int | None
    target_minutes: int
    is_active: bool


@dataclass(frozen=True)
class Catalogue:
    rules: Sequence[Rule]  # those that can speak, in order
    names_topics: bool
    topics: Mapping[int, KnownTopic]
    index: Index  # of the words of those in use
    said_by: Mapping[str, Sequence[int]]  # the topics in use that list a word, the latest first
    spelling: Spelling  # of those words
    site_of_queue: Mapping[int, int | None]
    written: Mapping[int, int | None]  # queues for written requests and their sites, by id
    hours: Mapping[int, Hours | None]  # of sites; None where they are not known
    queues: frozenset[int]  # in use
    teams: frozenset[int]
    learnt: Mapping[int, int]  # from how many finished requests, by topic

    def usual_queue(self, site_id: int | None) -> int | None:
        """Where written requests wait that name no queue: of that site if it has one."""
        of_site = [queue_id for queue_id, site in self.written.items() if site == site_id]
        return next(iter((*of_site, *self.written)), None)


def catalogue() -> Catalogue:
    """Of the current centre, as the current transaction may know it."""
    known = _read()
    return known if this_centre().names_topics else replace(known, names_topics=False)


def with_rules(known: Catalogue, rules: Iterable[Rule]) -> Catalogue:
    """The same centre with other rules; what they set that no longer exists is left out."""
    in_use = {
        "topic_id": {topic_id for topic_id, topic in known.topics.items() if topic.is_active},
        "queue_id": known.queues,
        "team_id": known.teams,
    }
    heard = (_still_said(rule, in_use) for rule in rules)
    return replace(known, rules=[rule for rule in heard if rule.sets])


def with_stems(rule: Rule) -> Rule:
    return replace(rule, stems=stemmed_words(rule.words))


def _still_said(rule: Rule, in_use: Mapping[str, Iterable[int]]) -> Rule:
    """A rule whose topic, queue or team has gone is silent about it; the others speak."""
    sets = {name: value for name, value in rule.sets.items() if value in in_use.get(name, (value,))}
    return rule if len(sets) == len(rule.sets) else replace(rule, sets=sets)


@kept
def _read() -> Catalogue:
    topics = {row.id: _topic(row) for row in db.session.execute(queries.known_topics())}
    in_use = {topic_id: topic.phrases for topic_id, topic in topics.items() if topic.is_active}
    said_by = _said_by(in_use)
    queues = db.session.execute(queries.known_queues()).all()
    known = Catalogue(
        rules=[],
        names_topics=True,
        topics=topics,
        index=indexed(in_use),
        said_by=said_by,
        spelling=Spelling.of(said_by),
        site_of_queue={row.id: row.site_id for row in queues},
        written={row.id: row.site_id for row in queues if row.takes_written},
        hours={row.id: _hours(row) for row in db.session.execute(queries.known_sites())},
        queues=frozenset(row.id for row in queues if row.is_active),
        teams=frozenset(db.session.scalars(queries.known_teams())),
        learnt={row.topic_id: row.requests for row in db.session.execute(queries.learnt_topics())},
    )
    rules = [with_stems(Rule(**row._mapping)) for row in db.session.execute(queries.rules())]
    return with_rules(known, rules)


def _topic(row: Any) -> KnownTopic:
    listed = [(str(label), language) for language, label in row.label.items()]
    for language, words in row.synonyms.items():
        listed += [(str(word), language) for word in words if isinstance(words, list)]
    return KnownTopic(phrases(listed), row.queue_id, row.target_minutes, row.is_active)


def _said_by(topics: Mapping[int, Iterable[Phrase]]) -> dict[str, list[int]]:
    said_by: dict[str, list[int]] = {}
    for topic_id in reversed(list(topics)):
        for phrase in topics[topic_id]:
            for word in phrase.telling_words:
                if len(word) >= SHORTEST_TELLING:
                    said_by.setdefault(word, []).append(topic_id)
    return said_by


def _hours(row: Any) -> Hours | None:
    if not row.hours:
        return None
    return read_hours(row.hours, timezone=row.timezone, country=row.country, region=row.region)
