"""A waiting room whose queue can be told how to give its people out."""

from typing import Any

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.edge import transaction
from contactcenter.queues import actions
from contactcenter.queues.models import PriorityClass, Queue, Visit
from contactcenter.queues.routing_models import Need, PersonSkill, QueueLevel, RoutingRule, Skill
from contactcenter.tickets.models import Channel
from tests.factories import World


class Giving:
    def __init__(self, world: World) -> None:
        self.world = world
        self.queue_id = world.counter_queue_id

    def add(self, row: Any) -> Any:
        with transaction():
            db.session.add(row)
        return row

    def rule(self, queue_id: int | None = None, **how: Any) -> RoutingRule:
        return self.add(RoutingRule(queue_id=queue_id or self.queue_id, **how))

    def skill(self, name: str, language: str | None = None) -> Skill:
        return self.add(Skill(name=name, language=language))

    def can(self, person: Person, skill: Skill, level: int = 1, **more: Any) -> None:
        self.add(PersonSkill(person_id=person.id, skill_id=skill.id, level=level, **more))

    def asks(self, skill: Skill, **of: int) -> None:
        self.add(Need(skill_id=skill.id, **(of or {"queue_id": self.queue_id})))

    def level(self, person: Person, level: int) -> None:
        self.add(QueueLevel(person_id=person.id, queue_id=self.queue_id, level=level))

    def enter(self, queue_id: int | None = None, *, priority: bool = False, **named: Any) -> Visit:
        queue = db.session.get_one(Queue, (self.world.centre_id, queue_id or self.queue_id))
        rank = PriorityClass.PRIORITY if priority else PriorityClass.NORMAL
        channel = named.pop("channel", Channel.COUNTER)
        with transaction():
            return actions.enter(queue, channel=channel, priority_class=rank, **named)

    def call(self, person: Person, *queue_ids: int) -> Visit | None:
        with transaction():
            return actions.call_next(person, queue_ids or [self.queue_id])

    def receive(self, visit: Visit, person: Person) -> None:
        with transaction():
            actions.answer(visit, by=person)
            actions.finish(visit, by=person)

    def serve(self, person: Person) -> Visit | None:
        visit = self.call(person)
        if visit is not None:
            self.receive(visit, person)
        return visit
