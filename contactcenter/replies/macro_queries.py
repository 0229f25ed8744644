"""Questions about ready-made replies."""

from sqlalchemy import Select, func, or_, select

from contactcenter.accounts.models import Person
from contactcenter.replies.models import Macro


def usable_by(person: Person) -> Select[Macro]:
    """The centre's and one's own, by name."""
    return (
        select(Macro)
        .where(
            Macro.centre_id == person.centre_id,
            Macro.retired_at.is_(None),
            or_(Macro.owner_id.is_(None), Macro.owner_id == person.id),
        )
        .order_by(func.lower(Macro.name), Macro.id)
    )


def called(person: Person, words: str) -> Select[Macro]:
    """The one with this key or this very name; one's own comes before the centre's."""
    wanted = words.strip().lower()
    named = or_(func.lower(Macro.key) == wanted, func.lower(Macro.name) == wanted)
    return (
        usable_by(person)
        .where(named)
        .order_by(None)
        .order_by(Macro.owner_id.is_(None), Macro.id)
        .limit(1)
    )


def matching(person: Person, words: str) -> Select[Macro]:
    """Those whose name, key or text holds every word."""
    found = usable_by(person)
    for word in words.split()[:8]:
        part = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found = found.where(
            or_(
                func.unaccent(Macro.name).ilike(func.unaccent(part)),
                Macro.key.ilike(part),
                func.unaccent(Macro.texts.cast(Macro.name.type)).ilike(func.unaccent(part)),
            )
        )
    return found
