"""How far a person's first hour is, and whether it is still shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.welcome import queries
from contactcenter.welcome.steps import FIRST_HOUR, Step

HIDDEN = "hidden"


@dataclass(frozen=True)
class FirstHour:
    steps: Sequence[tuple[Step, bool]]  # each with whether it was done
    is_hidden: bool

    @property
    def done(self) -> int:
        return sum(was_done for _step, was_done in self.steps)

    @property
    def is_over(self) -> bool:
        return self.done == len(self.steps)

    @property
    def is_shown(self) -> bool:
        return not (self.is_hidden or self.is_over)

    def tip(self, code: str) -> str | None:
        """The line to show where this act is done, as long as it was not done."""
        if self.is_hidden:
            return None
        waiting = (step for step, was_done in self.steps if not was_done)
        return next((str(step.tip) for step in waiting if step.code == code), None)


def first_hour() -> FirstHour | None:
    """Of who is looking; read once a request. None for a stranger."""
    person: Person | None = g.get("person")
    if person is None:
        return None
    if "first_hour" not in g:
        g.first_hour = of(person)
    found: FirstHour = g.first_hour
    return found


def shown_hour() -> FirstHour | None:
    """The same, only while it is shown; one who has put it away costs no look."""
    person: Person | None = g.get("person")
    if person is None or is_hidden(person):
        return None
    found = first_hour()
    return found if found and found.is_shown else None


def tip(code: str) -> str | None:
    found = shown_hour()
    return found.tip(code) if found else None


def of(person: Person) -> FirstHour:
    steps = FIRST_HOUR[person.role]
    kinds = tuple(kind for step in steps for kind in step.events)
    asked = {"centre_id": person.centre_id, "person_id": person.id}
    known = dict(
        zip(kinds, db.session.execute(queries.kinds_done(kinds), asked).one(), strict=True)
    )
    ticked = [(step, any(known[kind] for kind in step.events)) for step in steps]
    return FirstHour(ticked, is_hidden(person))


def is_hidden(person: Person) -> bool:
    return person.preferences.get("first_hour") == HIDDEN
