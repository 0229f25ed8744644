"""Questions about citizens. Who may ask is the page's matter; the centre's wall always holds."""

from sqlalchemy import BigInteger, Select, column, false, func, or_, select

from contactcenter.citizens.models import Citizen, CitizenMerge
from contactcenter.citizens.rules import Wanted
from contactcenter.db import current_centre

MOST = 20


def matching(wanted: Wanted) -> Select[Citizen]:
    """Citizens for whom everything that was typed holds; the best name first, then the last met."""
    found = select(Citizen).where(
        Citizen.centre_id == current_centre(), Citizen.merged_into.is_(None)
    )
    if wanted.phone:
        found = found.where(Citizen.phone == wanted.phone)
    if wanted.email:
        found = found.where(func.lower(Citizen.email) == wanted.email.lower())
    if wanted.birth_year:
        found = found.where(Citizen.birth_year == wanted.birth_year)
    if wanted.name:
        return _by_name(found, wanted.name)
    return found.order_by(Citizen.met_at.desc(), Citizen.id.desc()).limit(MOST)


def _by_name(found: Select[Citizen], key: str) -> Select[Citizen]:
    # The look-up by likeness runs inside the database with the scope applied there: the row-level
    # policy would otherwise keep PostgreSQL from using the index.
    alike = func.search_citizens(key, MOST * 10).table_valued(column("citizen_id", BigInteger))
    return (
        found.join(alike, alike.c.citizen_id == Citizen.id)
        .order_by(
            func.word_similarity(key, Citizen.name_key).desc(),
            Citizen.met_at.desc(),
            Citizen.id.desc(),
        )
        .limit(MOST)
    )


def reached_by(*, phone: str | None, email: str | None) -> Select[Citizen]:
    """Everyone with this number or this address; the last met first."""
    return (
        select(Citizen)
        .where(
            Citizen.centre_id == current_centre(),
            Citizen.merged_into.is_(None),
            or_(
                Citizen.phone == phone if phone else false(),
                func.lower(Citizen.email) == email.lower() if email else false(),
            ),
        )
        .order_by(Citizen.met_at.desc(), Citizen.id.desc())
    )


def merges_of(citizen_id: int) -> Select[CitizenMerge]:
    """The history of a person: every merge they took part in, the latest first."""
    return (
        select(CitizenMerge)
        .where(
            CitizenMerge.centre_id == current_centre(),
            or_(CitizenMerge.kept_id == citizen_id, CitizenMerge.merged_id == citizen_id),
        )
        .order_by(CitizenMerge.id.desc())
    )
