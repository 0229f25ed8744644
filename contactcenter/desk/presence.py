"""Who else has a ticket open, and who is writing: short leases in Redis, where nothing true lives.

A page renews its lease every few seconds and gives it back when it closes; one that crashes is
forgotten when its lease ends. Without Redis nobody is shown, and nothing else changes.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from redis.exceptions import RedisError

from contactcenter import clock, live
from contactcenter.accounts.models import Person
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
    lease = json.dumps({"name": person.name, "writes": is_writing, "until": until})
    try:
        before = _read(current_app.extensions["redis"].hget(_key(ticket), str(person.id)))
        current_app.extensions["redis"].hset(_key(ticket), str(person.id), lease)
        current_app.extensions["redis"].expire(_key(ticket), LEASE_SECONDS * 2)
    except RedisError:
        return
    if before is None or before.is_writing != is_writing:
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
    found = [
        looking
        for person_id, lease in leases.items()
        if int(person_id) != person.id and (looking := _read(lease)) is not None
    ]
    return sorted(found, key=lambda each: (not each.is_writing, each.name))[:MOST_SHOWN]


def _key(ticket: Ticket) -> str:
    return f"presence:{ticket.centre_id}:{ticket.id}"


def _read(lease: bytes | None) -> Looking | None:
    if lease is None:
        return None
    kept = json.loads(lease)
    if kept["until"] <= clock.now().timestamp():
        return None
    return Looking(kept["name"], kept["writes"])
