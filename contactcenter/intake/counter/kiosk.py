"""Taking one's own number on a tablet: what can be asked for there, and what a choice leads to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from itsdangerous import BadSignature, Signer
from redis.exceptions import RedisError

from contactcenter import clock
from contactcenter.db import db
from contactcenter.directory.models import Site, Topic
from contactcenter.directory.queries import offered_topics
from contactcenter.intake.counter import actions, queries
from contactcenter.intake.counter.actions import WalkIn
from contactcenter.queues.models import Queue, Visit
from contactcenter.steering.in_force import longest_at_kiosk

MEASURED_OVER = timedelta(days=28)
SHOWN_FOR = timedelta(minutes=10)  # a number on the tablet, to whoever took it
A_MINUTE, AN_HOUR = 60, 3600
BOUNDS = ((A_MINUTE, 12), (AN_HOUR, 240))


@dataclass(frozen=True)
class Kiosk:
    """A place's tablet; `closed` are topics whose service is too long while a protocol runs."""

    site: Site
    queues: Sequence[Queue]
    topics: Mapping[str, Sequence[Topic]]  # by organisation
    closed: frozenset[int]

    def queue_for(self, topic: Topic | None) -> Queue:
        """The topic's own queue if people wait for it here, else the first of the place."""
        own = (queue for queue in self.queues if topic and queue.id == topic.queue_id)
        return next(own, self.queues[0])

    def topic(self, topic_id: int | None) -> Topic | None:
        every = (topic for topics in self.topics.values() for topic in topics)
        return next((topic for topic in every if topic.id == topic_id), None)


def kiosk_of(site: Site) -> Kiosk:
    waiting_rooms = db.session.scalars(queries.counter_queues(site.id)).all()
    topics: dict[str, list[Topic]] = {}
    for topic, organisation in db.session.execute(offered_topics()):
        topics.setdefault(organisation, []).append(topic)
    return Kiosk(site, waiting_rooms, topics, _closed([queue.id for queue in waiting_rooms]))


def take_number(
    kiosk: Kiosk, topic: Topic | None, language: str, *, key: str, subject: str
) -> Visit:
    """A number for whoever stands there; who is sent elsewhere by a protocol is counted so."""
    queue = kiosk.queue_for(topic)
    if topic is not None and topic.id in kiosk.closed:
        return actions.divert(topic, language, queue, key=key)
    walk_in = WalkIn(subject=subject, topic_id=topic.id if topic else None, language=language)
    return actions.admit(walk_in, queue, key=key, by=None)


def may_take(site: Site) -> bool:
    """Whether the tablet has given fewer numbers than anyone could take; counts this one.

    Without Redis nobody is kept out.
    """
    redis, now = current_app.extensions["redis"], int(clock.now().timestamp())
    try:
        for seconds, most in BOUNDS:
            key = f"kiosk:{site.centre_id}:{site.id}:{seconds}:{now // seconds}"
            count = redis.incr(key)
            redis.expire(key, seconds)
            if int(count) > most:
                return False
    except RedisError:
        current_app.logger.warning("numbers of a tablet are not counted: Redis is away")
    return True


def seal(visit: Visit) -> str:
    """By which the page of a number is asked for."""
    return _signer().sign(str(visit.id)).decode()


def shown(sealed: str, kiosk: Kiosk) -> Visit | None:
    """The number just taken at this place; None once it is no longer shown."""
    try:
        visit_id = int(_signer().unsign(sealed))
    except (BadSignature, ValueError):
        return None
    visit = db.session.get(Visit, (kiosk.site.centre_id, visit_id))
    here = visit is not None and visit.queue_id in {queue.id for queue in kiosk.queues}
    return visit if visit and here and clock.now() - visit.entered_at < SHOWN_FOR else None


def _closed(queue_ids: Sequence[int]) -> frozenset[int]:
    minutes = longest_at_kiosk(queue_ids)
    if minutes is None:
        return frozenset()
    longest = timedelta(minutes=minutes)
    since = clock.now() - MEASURED_OVER
    return frozenset(db.session.scalars(queries.long_topics(queue_ids, longest, since)))


def _signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="number of a tablet")
