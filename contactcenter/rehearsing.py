"""That a centre rehearses: said, ended, ended by itself once its player is gone, and erased."""

from datetime import timedelta
from typing import Any

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from psycopg.errors import DeadlockDetected, LockNotAvailable
from sqlalchemy import Select, delete, select, text, update
from sqlalchemy.exc import OperationalError

from contactcenter import clock, edge
from contactcenter.accounts.commands import centre_option, resolve_centre
from contactcenter.accounts.models import Centre, Person
from contactcenter.db import Scope, current_centre, db, within
from contactcenter.languages import force_locale
from contactcenter.queues import presence
from contactcenter.queues.models import ChosenStatus, PresencePeriod, SaturationLevel
from contactcenter.queues.past_models import LevelSpell
from contactcenter.steering import actions as steering
from contactcenter.steering.queries import played_runs

STANDS_IN_THE_WAY = (DeadlockDetected, LockNotAvailable)
WIPE_ATTEMPTS = 5


def begin(centre: Centre, minutes: int | None) -> None:
    """From now on all that comes in is played; with `minutes` it must be said again by then."""
    centre.rehearsing = True
    centre.rehearsing_until = clock.now() + timedelta(minutes=minutes) if minutes else None


def end(centre: Centre) -> None:
    """From now on what comes in is real.

    Nobody is ready who only said so in the play, no protocol of it is in force, and the levels of
    its queues are forgotten.
    """
    with force_locale(centre.languages[0]):
        for run in db.session.scalars(played_runs()):
            steering.end(run, _("La répétition est finie."), by=None)
    _forget_levels(centre)
    for person in db.session.scalars(_ready_in_play(centre)):
        presence.choose(person, ChosenStatus.OFFLINE)
    db.session.flush()  # their leaving is marked as played, which it is until the next line
    centre.rehearsing, centre.rehearsing_until = False, None


def _forget_levels(centre: Centre) -> None:
    """Each is found anew, from what is real, the next time the levels are brought up to date."""
    db.session.execute(delete(SaturationLevel).where(SaturationLevel.centre_id == centre.id))
    db.session.execute(
        update(LevelSpell)
        .where(LevelSpell.centre_id == centre.id, LevelSpell.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def _ready_in_play(centre: Centre) -> Select[Any]:
    return (
        select(Person)
        .join(
            PresencePeriod,
            (PresencePeriod.centre_id == Person.centre_id)
            & (PresencePeriod.person_id == Person.id),
        )
        .where(
            Person.centre_id == centre.id,
            PresencePeriod.is_rehearsal,
            PresencePeriod.ended_at.is_(None),
        )
    )


@edge.sweep(every_seconds=15)
def end_abandoned() -> None:
    """A player that was killed no longer says that it plays."""
    abandoned = db.session.scalar(
        select(Centre)
        .where(Centre.id == current_centre(), Centre.rehearsing_until < clock.now())
        .with_for_update()
    )
    if abandoned is not None:
        end(abandoned)


rehearsal = AppGroup(
    "rehearsal",
    help="Say that a centre rehearses, or that it no longer does, and erase what was played.",
)


@rehearsal.command("begin")
@centre_option
@click.option("--minutes", type=click.IntRange(1), help="End by itself then, unless said again.")
def begin_rehearsal(centre: str | None, minutes: int | None) -> None:
    """From now on, all that comes in is marked as rehearsal, on every screen."""
    with edge.transaction():
        begin(resolve_centre(centre), minutes)


@rehearsal.command("end")
@centre_option
def end_rehearsal(centre: str | None) -> None:
    """From now on, what comes in is real; what was played stays until it is wiped."""
    with within(_scope_of(centre)), edge.transaction():
        end(db.session.get_one(Centre, current_centre()))


@rehearsal.command("wipe")
@centre_option
def wipe_rehearsal(centre: str | None) -> None:
    """Erase everything that was played in a centre; what is real stays.

    It waits for who works on what was played, and steps aside when they wait for it.
    """
    scope = _scope_of(centre)
    for attempt in range(1, WIPE_ATTEMPTS + 1):
        try:
            with within(scope), edge.transaction():
                wiped = db.session.scalar(text("SELECT wipe_rehearsal()"))
        except OperationalError as error:
            if attempt == WIPE_ATTEMPTS or not isinstance(error.orig, STANDS_IN_THE_WAY):
                raise
        else:
            click.echo(f"{wiped} played requests erased")
            return


def _scope_of(code: str | None) -> Scope:
    with edge.transaction():
        return Scope(resolve_centre(code).id)
