"""Where an agent serves: chosen once, remembered with their presence."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.directory.models import Counter, Site
from contactcenter.errors import ContactCenterError, Invalid
from contactcenter.intake.counter import queries
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus, Queue
from contactcenter.queues.queries import presence_of


@dataclass(frozen=True)
class Place:
    """A counter with its site and the queues of people who wait there."""

    site: Site
    counter: Counter
    queues: Sequence[Queue]

    @property
    def queue_ids(self) -> list[int]:
        return [queue.id for queue in self.queues]


class NoPlace(ContactCenterError):
    """The person has not chosen a counter yet."""


def place_of(person: Person) -> Place | None:
    """The counter this person chose, if it is still one of theirs and people can wait there."""
    chosen = db.session.scalar(presence_of(person))
    if chosen is None or chosen.counter_id is None:
        return None
    return _place(person, chosen.counter_id)


def chosen_place(person: Person) -> Place:
    """The same. Raises NoPlace, by which the person is asked to choose one."""
    place = place_of(person)
    if place is None:
        raise NoPlace
    return place


def choose(person: Person, counter_id: int) -> Place:
    """Sit down at a counter, ready to receive. Raises Invalid if it is none of theirs."""
    place = _place(person, counter_id)
    if place is None:
        raise Invalid(_("Choisissez un guichet de la liste."), "counter")
    presence.choose(person, ChosenStatus.READY, site_id=place.site.id, counter_id=place.counter.id)
    return place


def _place(person: Person, counter_id: int) -> Place | None:
    row = db.session.execute(
        queries.counters_for(person).where(Counter.id == counter_id)
    ).one_or_none()
    if row is None:
        return None
    queues = db.session.scalars(queries.counter_queues(row.Site.id)).all()
    return Place(row.Site, row.Counter, queues) if queues else None
