"""Which screens look again when a queue changes, and who may follow that it did."""

from sqlalchemy import select

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission
from contactcenter.accounts.queries import team_ids
from contactcenter.db import db
from contactcenter.queues.events import PresenceChanged, VisitEvent
from contactcenter.queues.models import Queue


def refresh_queue(event: VisitEvent) -> None:
    """Whoever looks at the queue, at the board, or was called or answered looks again."""
    live.touch(f"queue:{event.queue_id}")
    live.touch("board")
    concerned = (
        getattr(event, name, None) for name in ("reserved_for", "answered_by", "person_id")
    )
    for person_id in filter(None, concerned):
        live.touch(f"person:{person_id}")


def refresh_person(event: PresenceChanged) -> None:
    live.touch(f"person:{event.person_id}")
    live.touch("board")


@live.right_to_follow("queue")
def may_follow_queue(person: Person, queue_id: str) -> bool:
    """The centre's staff follow its queues, a referent those of their own teams."""
    if not queue_id.isdecimal() or len(queue_id) > 18:
        return False
    followed = select(Queue.id).where(
        Queue.centre_id == person.centre_id, Queue.id == int(queue_id)
    )
    if not person.may(Permission.SEE_BOARDS):
        followed = followed.where(Queue.team_id.in_(team_ids(person)))
    return db.session.scalar(followed) is not None


@live.right_to_follow("person")
def may_follow_person(person: Person, person_id: str) -> bool:
    return person_id == str(person.id)
