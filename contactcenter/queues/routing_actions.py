"""The verbs of those who say how work is given out: who can do what, and what a queue asks for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from contactcenter.accounts.events import PersonChanged
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.directory import actions as directory
from contactcenter.directory.keeping import this_centre
from contactcenter.events import announce
from contactcenter.queues.known_routing import known_routing
from contactcenter.queues.models import Queue, QueueKind, Visit, VisitState
from contactcenter.queues.routing_models import (
    Need,
    PersonSkill,
    QueueLevel,
    RoutingRule,
    Skill,
    WorkLimit,
)


@dataclass(frozen=True)
class Work:
    """What a person can do: level and end by skill, level by queue, limits by kind."""

    skills: Mapping[int, tuple[int, datetime | None]] = field(default_factory=dict)
    levels: Mapping[int, int] = field(default_factory=dict)
    limits: Mapping[QueueKind, int] = field(default_factory=dict)


def keep_rule(queue: Queue, values: Mapping[str, Any], *, by: Person) -> None:
    """Say how a queue gives its work out; those who wait there are asked for by it at once."""
    rule = rule_of(queue) or RoutingRule(queue_id=queue.id)
    directory.keep(rule, dict(values), kind="routing", by=by)
    renew_needs()


def rule_of(queue: Queue) -> RoutingRule | None:
    return db.session.scalar(
        select(RoutingRule).where(
            RoutingRule.centre_id == queue.centre_id, RoutingRule.queue_id == queue.id
        )
    )


def choose_needs(
    skill: Skill, queue_ids: Collection[int], topic_ids: Collection[int], *, by: Person
) -> None:
    """Say which queues and topics ask for a skill, and no others."""
    wanted = {(each, None) for each in queue_ids} | {(None, each) for each in topic_ids}
    of_skill = (Need.centre_id == skill.centre_id, Need.skill_id == skill.id)
    known = {
        (each.queue_id, each.topic_id): each
        for each in db.session.scalars(select(Need).where(*of_skill))
    }
    if known.keys() == wanted:
        return
    for key in known.keys() - wanted:
        db.session.delete(known[key])
    for queue_id, topic_id in wanted - known.keys():
        db.session.add(Need(skill_id=skill.id, queue_id=queue_id, topic_id=topic_id))
    directory.tell_changed(skill, "skills", by, ["needs"])
    renew_needs()


def keep_work(person: Person, work: Work, *, by: Person) -> None:
    """Make this all that the person can do, as far as it is noted."""
    skills = [
        PersonSkill(person_id=person.id, skill_id=skill_id, level=level, until_at=until_at)
        for skill_id, (level, until_at) in work.skills.items()
    ]
    levels = [
        QueueLevel(person_id=person.id, queue_id=queue_id, level=level)
        for queue_id, level in work.levels.items()
        if level > 1
    ]
    limits = [
        WorkLimit(person_id=person.id, kind=kind, most=most) for kind, most in work.limits.items()
    ]
    for table in (PersonSkill, QueueLevel, WorkLimit):
        db.session.execute(
            delete(table).where(table.centre_id == person.centre_id, table.person_id == person.id)
        )
    db.session.add_all([*skills, *levels, *limits])
    announce(PersonChanged(person_id=by.id, changed_id=person.id, changed=["work"]))


def renew_needs() -> None:
    """Let everyone who waits ask for what their queue, topic and language ask for by now."""
    db.session.flush()  # what was just chosen is read again
    db.session.refresh(this_centre(), ["directory_version"])
    routing = known_routing()
    here = (Visit.centre_id == current_centre(), Visit.state == VisitState.WAITING)
    alike = (Visit.queue_id, Visit.topic_id, Visit.language)
    for queue_id, topic_id, language in db.session.execute(select(*alike).where(*here).distinct()):
        db.session.execute(
            update(Visit)
            .where(
                *here,
                Visit.queue_id == queue_id,
                Visit.topic_id.is_not_distinct_from(topic_id),
                Visit.language == language,
            )
            .values(needs=routing.needs(queue_id, topic_id, language)),
            execution_options={"synchronize_session": False},
        )
