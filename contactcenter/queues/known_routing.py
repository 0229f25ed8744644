"""How queues give their work out and what they ask for, kept while that stays the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from contactcenter.db import current_centre, db
from contactcenter.directory.keeping import kept
from contactcenter.queues.models import PriorityClass, Visit
from contactcenter.queues.routing_models import Need, RoutingRule, Skill
from contactcenter.queues.rules import MOST_OVERTAKES, Waiting

RANKS = {PriorityClass.NORMAL: 0, PriorityClass.PRIORITY: 1}
USUAL = RoutingRule(
    asks_language=False, opens_after=[], weight=1.0, same_agent_seconds=0, rest_seconds=0
)


@dataclass(frozen=True)
class KnownRouting:
    """Rules by queue, needs by queue and by topic, and the skills; to be read, never changed."""

    rules: Mapping[int, RoutingRule]
    names: Mapping[int, str]  # of the skills
    spoken: Mapping[str, int]  # the skill that is speaking a language
    of_queue: Mapping[int, frozenset[int]] = field(default_factory=dict)
    of_topic: Mapping[int, frozenset[int]] = field(default_factory=dict)

    def rule(self, queue_id: int) -> RoutingRule:
        return self.rules.get(queue_id, USUAL)

    def needs(self, queue_id: int, topic_id: int | None, language: str) -> list[int]:
        """The skills somebody who waits there asks for; a language that nobody notes is none."""
        asked = self.of_queue.get(queue_id, frozenset())
        asked |= self.of_topic.get(topic_id or 0, frozenset())
        if self.rule(queue_id).asks_language and language in self.spoken:
            asked |= {self.spoken[language]}
        return sorted(asked)

    def waiting(self, visit: Visit, *, is_wanted: bool = False) -> Waiting:
        """A visit as the rules see it; who came back stands where they first stood."""
        place = visit.virtual_entered_at or visit.entered_at
        rank = RANKS[visit.priority_class]
        return weighed(self.rule(visit.queue_id), place, rank, visit.overtaken, is_wanted=is_wanted)


def weighed(
    rule: RoutingRule, place: datetime, rank: int, overtaken: int, *, is_wanted: bool
) -> Waiting:
    """Someone at this place, by the rule of their queue."""
    return Waiting(
        entered_at=place,
        priority_class=rank,
        overtaken=overtaken,
        most_overtakes=MOST_OVERTAKES if rule.most_overtakes is None else rule.most_overtakes,
        weight=rule.weight * (rule.priority_weight or 1.0 if rank else 1.0),
        class_decides=rule.priority_weight is None,
        is_wanted=is_wanted,
    )


def _read() -> KnownRouting:
    here = current_centre()
    skills = db.session.execute(
        select(Skill.id, Skill.name, Skill.language).where(Skill.centre_id == here)
    ).all()
    rules = db.session.scalars(select(RoutingRule).where(RoutingRule.centre_id == here)).all()
    of_queue: dict[int, frozenset[int]] = {}
    of_topic: dict[int, frozenset[int]] = {}
    asked = select(Need.skill_id, Need.queue_id, Need.topic_id).where(Need.centre_id == here)
    for skill_id, queue_id, topic_id in db.session.execute(asked):
        into, key = (of_queue, queue_id) if queue_id else (of_topic, topic_id or 0)
        into[key] = into.get(key, frozenset()) | {skill_id}
    return KnownRouting(
        rules={rule.queue_id: RoutingRule(**_columns(rule)) for rule in rules},
        names={row.id: row.name for row in skills},
        spoken={row.language: row.id for row in skills if row.language},
        of_queue=of_queue,
        of_topic=of_topic,
    )


known_routing = kept(_read)


def _columns(rule: RoutingRule) -> dict[str, object]:
    return {column.name: getattr(rule, column.name) for column in RoutingRule.__table__.columns}
