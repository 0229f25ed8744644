"""The verbs of citizens: note who someone is, correct it, recognise who came before."""

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.citizens import rules
from contactcenter.citizens.models import Citizen, Reach
from contactcenter.citizens.queries import reached_by
from contactcenter.db import current_centre, db
from contactcenter.errors import Invalid

LONGEST_NAME = 120
LONGEST_ADDRESS = 500
OLDEST_YEAR = 1900


def create(
    *,
    name: str = "",
    email: str = "",
    phone: str = "",
    address: str = "",
    birth_year: int | None = None,
    language: str = "fr",
    reach: Reach | None = None,
    is_rehearsal: bool = False,
) -> Citizen:
    """Note a citizen. Raises Invalid for an address or number nobody could be reached by."""
    citizen = Citizen(met_at=clock.now(), language=language, is_rehearsal=is_rehearsal)
    update(
        citizen,
        name=name,
        email=email,
        phone=phone,
        address=address,
        birth_year=birth_year,
        language=language,
        reach=reach,
    )
    db.session.add(citizen)
    db.session.flush()  # tickets and interactions name it
    return citizen


def update(
    citizen: Citizen,
    *,
    name: str,
    email: str,
    phone: str,
    address: str,
    birth_year: int | None,
    language: str,
    reach: Reach | None,
) -> None:
    """Write what is known of a citizen; empty words empty a field. Raises Invalid."""
    citizen.name = " ".join(name.split())[:LONGEST_NAME]
    citizen.name_key = rules.name_key(citizen.name)
    citizen.email = _checked_email(email)
    citizen.phone = _checked_phone(phone)
    citizen.address = address.strip()[:LONGEST_ADDRESS]
    citizen.birth_year = _checked_year(birth_year)
    citizen.language, citizen.reach = language, reach


def find_or_create(
    *,
    name: str = "",
    email: str | None = None,
    phone: str | None = None,
    birth_year: int | None = None,
    language: str = "fr",
    is_rehearsal: bool = False,
) -> Citizen:
    """Recognise who came before by number or address, else note someone new.

    People share phones and mailboxes: with a name, only someone of that name (or of none yet) is
    recognised; without one, only the one person who has that number. A number that cannot be read
    is dropped: no door refuses a citizen for it. Two contacts at once make one citizen.
    """
    phone = rules.e164(phone, country()) if phone else None
    email = email.strip() if email and rules.is_email(email.strip()) else None
    if phone or email:
        _one_at_a_time(phone, email)
        known = list(db.session.scalars(reached_by(phone=phone, email=email)))
        if citizen := _recognise(known, rules.name_key(name)):
            _complete(citizen, name, email, phone, birth_year)
            return citizen
    return create(
        name=name,
        email=email or "",
        phone=phone or "",
        birth_year=birth_year,
        language=language,
        is_rehearsal=is_rehearsal,
    )


def country() -> str:
    """The country whose way of writing phone numbers is meant when none is written."""
    return db.session.get_one(Centre, current_centre()).country


def _recognise(known: Sequence[Citizen], key: str) -> Citizen | None:
    nameless = next((citizen for citizen in known if not citizen.name_key), None)
    if key:
        return next((c for c in known if rules.same_name(key, c.name_key)), nameless)
    return known[0] if len(known) == 1 else nameless


def _complete(
    citizen: Citizen, name: str, email: str | None, phone: str | None, birth_year: int | None
) -> None:
    """Keep what was known, add what was not."""
    if not citizen.name and name:
        citizen.name = " ".join(name.split())[:LONGEST_NAME]
        citizen.name_key = rules.name_key(citizen.name)
    citizen.email = citizen.email or email
    citizen.phone = citizen.phone or phone
    citizen.birth_year = citizen.birth_year or birth_year
    citizen.met_at = clock.now()


def _one_at_a_time(*ways: str | None) -> None:
    for way in sorted(way.lower() for way in ways if way):
        key = func.hashtextextended(f"citizen:{current_centre()}:{way}", 0)
        db.session.execute(db.select(func.pg_advisory_xact_lock(key)))


def _checked_email(written: str) -> str | None:
    if not written.strip():
        return None
    if not rules.is_email(written.strip()):
        raise Invalid(_("Écrivez une adresse entière, par exemple nom@exemple.fr."), "email")
    return written.strip()


def _checked_phone(written: str) -> str | None:
    if not written.strip():
        return None
    phone = rules.e164(written, country())
    if phone is None:
        raise Invalid(_("Écrivez le numéro entier, par exemple 01 99 00 12 34."), "phone")
    return phone


def _checked_year(year: int | None) -> int | None:
    if year is not None and not OLDEST_YEAR <= year <= clock.now().year:
        raise Invalid(_("Écrivez l’année avec quatre chiffres, par exemple 1958."), "birth_year")
    return year
