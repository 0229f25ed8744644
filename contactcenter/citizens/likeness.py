"""Who may be the same person as the one being noted, with the reasons."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Boolean, Float, column, func, select

from contactcenter.citizens.models import Citizen
from contactcenter.citizens.rules import e164, is_email, name_key
from contactcenter.db import current_centre, db

MOST = 5
NAME_LIKE = 0.5  # with the year of birth
ALMOST_SAME = 0.75  # of two names' trigrams, when nothing else says so


@dataclass(frozen=True)
class Described:
    """What is known, or being typed, of a person. `citizen_id` is who they are noted as."""

    name: str = ""
    phone: str = ""
    email: str = ""
    birth_year: int | None = None
    citizen_id: int | None = None


@dataclass(frozen=True)
class Likeness:
    citizen: Citizen
    same_phone: bool
    same_email: bool
    same_year: bool
    name_likeness: float

    @property
    def is_telling(self) -> bool:
        """A number or address of one's own, or a name alike with the year, or almost the name."""
        return (
            self.same_phone
            or self.same_email
            or self.same_year
            or self.name_likeness >= ALMOST_SAME
        )


def described(citizen: Citizen) -> Described:
    return Described(
        citizen.name, citizen.phone or "", citizen.email or "", citizen.birth_year, citizen.id
    )


def alike(person: Described, country: str) -> list[Likeness]:
    """At most five persons of the centre, the likeliest first; none for empty words."""
    phone = e164(person.phone, country) or ""
    email = person.email.strip() if is_email(person.email.strip()) else ""
    key = name_key(person.name[:200])
    if not (phone or email or len(key) > 2):
        return []
    found = (
        func.alike_citizens(key, phone, email, person.birth_year, MOST * 2)
        .table_valued(
            column("citizen_id", BigInteger),
            column("same_phone", Boolean),
            column("same_email", Boolean),
            column("likeness", Float),
        )
        .render_derived(name="found")
    )
    rows = db.session.execute(
        select(Citizen, found.c.same_phone, found.c.same_email, found.c.likeness).join(
            found, (Citizen.centre_id == current_centre()) & (Citizen.id == found.c.citizen_id)
        )
    )
    likely = (_likeness(person, row) for row in rows if row.Citizen.id != person.citizen_id)
    telling = [each for each in likely if each.is_telling]
    return sorted(telling, key=_strength, reverse=True)[:MOST]


def _likeness(person: Described, row: Any) -> Likeness:
    citizen: Citizen = row.Citizen
    has_name = bool(person.name.strip() and citizen.name_key)
    is_of_year = person.birth_year is not None and citizen.birth_year == person.birth_year
    return Likeness(
        citizen=citizen,
        same_phone=row.same_phone,
        same_email=row.same_email,
        same_year=has_name and is_of_year and row.likeness >= NAME_LIKE,
        name_likeness=row.likeness if has_name else 0.0,
    )


def _strength(each: Likeness) -> tuple[float, int]:
    marks = 2 * each.same_phone + 2 * each.same_email + each.same_year
    return marks + each.name_likeness, -each.citizen.id
