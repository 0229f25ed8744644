"""What is proposed for a request, field by field, each with its reason. Pure.

The same function answers for a request that comes in and for one that a trial looks at again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from contactcenter.tickets.models import Priority
from contactcenter.triage.catalogue import Catalogue
from contactcenter.triage.models import Field
from contactcenter.triage.naming import named_by, topic_named
from contactcenter.triage.rules import Case, Rule, first_to_set


@dataclass(frozen=True)
class Asked:
    """A request as it came: the case rules look at, and what the door or the citizen chose."""

    case: Case
    language: str
    detected: str | None
    priority: str
    queue_id: int | None
    is_written: bool


@dataclass(frozen=True)
class Decision:
    value: Any
    reason: Mapping[str, Any]
    rule_id: int | None = None


Decisions = dict[Field, Decision]


def decide(known: Catalogue, asked: Asked) -> Decisions:
    """A field that nothing is known about is left out."""
    topic = _topic(known, asked.case)
    case = replace(asked.case, topic_id=topic.value) if topic else asked.case
    decided = {
        Field.TOPIC: topic,
        Field.PRIORITY: _priority(known, case, asked),
        Field.LANGUAGE: _language(known, case, asked),
        Field.QUEUE: _queue(known, case, asked),
        Field.TEAM: _by_rule("team_id", known, case),
    }
    return {field: decision for field, decision in decided.items() if decision}


def _topic(known: Catalogue, case: Case) -> Decision | None:
    if case.topic_id is not None:
        return Decision(case.topic_id, {"code": "default", "of": "given"})
    if ruled := _by_rule("topic_id", known, case):
        return ruled
    named = named_by(known.index, case) if known.names_topics else {}
    if topic_id := topic_named(named):
        return Decision(topic_id, {"code": "words", "words": named[topic_id].words[:3]})
    return None


def _priority(known: Catalogue, case: Case, asked: Asked) -> Decision:
    ruled = _by_rule("priority", known, case)
    if ruled and ruled.value in set(Priority):
        return ruled
    return Decision(asked.priority, {"code": "default", "of": "usual"})


def _language(known: Catalogue, case: Case, asked: Asked) -> Decision:
    if ruled := _by_rule("language", known, case):
        return ruled
    if asked.detected:
        return Decision(asked.detected, {"code": "detected"})
    return Decision(asked.language, {"code": "default", "of": "given"})


def _queue(known: Catalogue, case: Case, asked: Asked) -> Decision | None:
    if ruled := _by_rule("queue_id", known, case):
        return ruled
    topic = known.topics.get(case.topic_id or 0)
    if asked.is_written and topic and topic.queue_id is not None:
        return Decision(topic.queue_id, {"code": "default", "of": "topic"})
    if asked.queue_id is not None:
        return Decision(asked.queue_id, {"code": "default", "of": "door"})
    usual = known.usual_queue(case.site_id)
    return Decision(usual, {"code": "default", "of": "centre"}) if usual else None


def _by_rule(sets: str, known: Catalogue, case: Case) -> Decision | None:
    rule: Rule | None = first_to_set(sets, known.rules, case)
    if rule is None:
        return None
    return Decision(rule.sets[sets], {"code": "rule", "name": rule.name}, rule.id)
