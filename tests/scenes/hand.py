"""What every part of a scene needs: the world, its rows, and a row more."""

from typing import Any

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.queues.models import Queue
from tests.factories import World


class Hand:
    def __init__(self, world: World) -> None:
        self.world = world

    def queue(self, queue_id: int) -> Queue:
        return db.session.get_one(Queue, (self.world.centre_id, queue_id))

    def person(self, person: Person) -> Person:
        return db.session.get_one(Person, (person.centre_id, person.id))

    def only(self, kind: Any) -> Any:
        """The one row of its kind in this centre."""
        return db.session.scalars(
            db.select(kind).where(kind.centre_id == self.world.centre_id)
        ).one()

    def add(self, row: Any) -> Any:
        db.session.add(row)
        db.session.flush()  # ids
        return row
