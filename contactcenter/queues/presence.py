"""What a person says of themselves: ready, on a break, away. Busy is observed from visits."""

from datetime import datetime, timedelta

from sqlalchemy import update

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.events import announce
from contactcenter.queues.events import PresenceChanged, VisitEnded
from contactcenter.queues.models import ChosenStatus, Presence, PresencePeriod
from contactcenter.queues.queries import presence_of

SEEN_EVERY = timedelta(minutes=1)


def choose(
    person: Person,
    status: ChosenStatus,
    *,
    site_id: int | None = None,
    counter_id: int | None = None,
) -> Presence:
    """Say whether work may be given; the history of it is what occupancy is measured against."""
    now = clock.now()
    presence = db.session.scalar(presence_of(person).with_for_update()) or _first(person, now)
    if site_id is not None:
        presence.site_id, presence.counter_id = site_id, counter_id
    presence.seen_at = now
    if presence.status is not status:
        presence.status, presence.status_since = status, now
        presence.idle_since = now if status is ChosenStatus.READY else None
        _begin_period(person, status, now)
        announce(PresenceChanged(status=status, person_id=person.id))
    return presence


def see(person: Person) -> None:
    """A sign of life of the page someone works at; written down once a minute at most."""
    now = clock.now()
    db.session.execute(
        update(Presence)
        .where(
            Presence.centre_id == person.centre_id,
            Presence.person_id == person.id,
            Presence.seen_at < now - SEEN_EVERY,
        )
        .values(seen_at=now)
    )


def note_idle(event: VisitEnded) -> None:
    """Who saw someone off is idle from now on: live work goes to whoever has been so for longest.

    Who writes a call up is again when that is done.
    """
    if event.person_id is not None:
        db.session.execute(
            update(Presence)
            .where(
                Presence.centre_id == current_centre(),
                Presence.person_id == event.person_id,
                Presence.idle_since.is_not(None),
            )
            .values(idle_since=clock.now())
        )


def write_up(centre_id: int, person_id: int, until: datetime | None) -> None:
    """A call is over: its agent writes it up until then, or (None) has done so."""
    db.session.execute(
        update(Presence)
        .where(Presence.centre_id == centre_id, Presence.person_id == person_id)
        .values(writes_until=until)
    )


def _first(person: Person, now: datetime) -> Presence:
    presence = Presence(
        centre_id=person.centre_id,
        person_id=person.id,
        status=ChosenStatus.OFFLINE,
        status_since=now,
        seen_at=now,
    )
    db.session.add(presence)
    return presence


def _begin_period(person: Person, status: ChosenStatus, now: datetime) -> None:
    db.session.execute(
        update(PresencePeriod)
        .where(
            PresencePeriod.centre_id == person.centre_id,
            PresencePeriod.person_id == person.id,
            PresencePeriod.ended_at.is_(None),
        )
        .values(ended_at=now)
    )
    if status is not ChosenStatus.OFFLINE:
        db.session.add(
            PresencePeriod(
                centre_id=person.centre_id, person_id=person.id, status=status, began_at=now
            )
        )
