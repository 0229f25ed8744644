"""Who else has a ticket open, and who is writing: short leases in Redis, where nothing true lives.

A page renews its lease every few seconds and gives it back when it closes; one that crashes is
forgotten when its lease ends. Without Redis nobody is shown, and nothing else changes.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import current_app
from redis.exceptions import RedisError

from contactcenter import clock, live
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.tickets.models import Ticket

LEASE_SECONDS = 45
MOST_SHOWN = 5


@dataclass(frozen=True)
class Looking:
    name: str
    is_writing: bool


def look(ticket: Ticket, person: Person, *, is_writing: bool) -> None:
    """Renew a lease; others are told when someone comes or begins or stops to write."""
    until = clock.now().timestamp() + LEASE_SECONDS
    lease = json.dumps({"writes": is_writing, "until": until})
    try:
        before = _writes(current_app.extensions["redis"].hget(_key(ticket), str(person.id)))
        current_app.extensions["redis"].hset(_key(ticket), str(person.id), lease)
        current_app.extensions["redis"].expire(_key(ticket), LEASE_SECONDS * 2)
    except RedisError:
        return
    if before is None or before != is_writing:
        live.touch(f"presence:{ticket.id}")


def leave(ticket: Ticket, person: Person) -> None:
    try:
        gone = current_app.extensions["redis"].hdel(_key(ticket), str(person.id))
    except RedisError:
        return
    if gone:
        live.touch(f"presence:{ticket.id}")


def others(ticket: Ticket, person: Person) -> Sequence[Looking]:
    """Everyone else who has it open now, who writes first."""
    try:
        leases = current_app.extensions["redis"].hgetall(_key(ticket))
    except RedisError:
        return []
    here = {
        int(person_id): writes
        for person_id, lease in leases.items()
        if int(person_id) != person.id and (writes := _writes(lease)) is not None
    }
    found = [Looking(name, here[person_id]) for person_id, name in _names(here)]
    return sorted(found, key=lambda each: (not each.is_writing, each.name))[:MOST_SHOWN]


def _names(person_ids: Collection[int]) -> Sequence[tuple[int, str]]:
    """Only the database says who someone is: no name stands in Redis."""
    if not person_ids:
        return []
    of_centre = Person.centre_id == current_centre()
    asked = db.select(Person.id, Person.name).where(of_centre, Person.id.in_(person_ids))
    return [(person_id, name) for person_id, name in db.session.execute(asked)]


def _key(ticket: Ticket) -> str:
    return f"presence:{ticket.centre_id}:{ticket.id}"


def _writes(lease: bytes | None) -> bool | None:
    """Whether the one who is there writes; None for who is gone."""
    if lease is None:
        return None
    kept = json.loads(lease)
    if kept["until"] <= clock.now().timestamp():
        return None
    return bool(kept["writes"])
