"""What a process has read of a centre's directory, kept for as long as that stays the same.

It changes rarely and is read for every request; the database itself renews its version with every
change of the tables named in `VERSIONED` of the migrations.
"""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from sqlalchemy.orm.attributes import instance_state

from contactcenter.accounts.models import Centre
from contactcenter.db import current_centre, db

MOST_CENTRES = 50
Known = TypeVar("Known")


def this_centre() -> Centre:
    """The current centre; asked for once a transaction."""
    info = db.session().info
    centre: Centre | None = info.get("centre")
    if centre is None or _is_stale(centre):
        with db.session.no_autoflush:  # what waits to be written is written together
            centre = db.session.get_one(Centre, current_centre())
        info["centre"] = centre  # the session itself forgets what nobody holds
    return centre


def _is_stale(centre: Centre) -> bool:
    """Of a transaction that has ended, or of another centre."""
    state = instance_state(centre)
    return state.expired or state.session is None or centre.id != current_centre()


def kept(read: Callable[[], Known]) -> Callable[[], Known]:
    """Of the current centre, as the current transaction may know it: what `read` answers."""
    known: dict[int, tuple[int, Known]] = {}

    @wraps(read)
    def look_up() -> Known:
        with db.session.no_autoflush:
            centre = this_centre()
            found = known.get(centre.id)
            if found is None or found[0] != centre.directory_version:
                # What this very transaction changed is kept under a version that it alone may see.
                db.session.refresh(centre, ["directory_version"])
                if len(known) >= MOST_CENTRES:
                    known.clear()
                found = known[centre.id] = (centre.directory_version, read())
        return found[1]

    return look_up
