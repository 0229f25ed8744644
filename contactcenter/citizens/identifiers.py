"""The identifiers of a citizen: sealed where they are kept, masked where they are shown."""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, delete, select

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens import sealing
from contactcenter.citizens.events import IdentifierNoted
from contactcenter.citizens.identifier_models import Identifier
from contactcenter.citizens.identifier_rules import IdentifierKind, is_valid, masked, plain
from contactcenter.citizens.models import Citizen
from contactcenter.db import current_centre, db
from contactcenter.errors import Invalid
from contactcenter.events import announce


@dataclass(frozen=True)
class Masked:
    id: int
    kind: IdentifierKind
    number: str  # but for its last signs


def of_citizen(citizen: Citizen) -> Select[Identifier]:
    return (
        select(Identifier)
        .where(Identifier.centre_id == citizen.centre_id, Identifier.citizen_id == citizen.id)
        .order_by(Identifier.kind, Identifier.id.desc())
    )


def note(citizen: Citizen, kind: IdentifierKind, written: str, *, by: Person) -> None:
    """Keep a number in the place of the one of its kind; empty, forget it. Raises Invalid.

    What was refused is not repeated: a wrong number is still somebody's.
    """
    number = plain(written)
    if number and not is_valid(kind, number):
        raise Invalid(_("Ce numéro n’est pas juste : relisez-le, chiffres de contrôle compris."))
    db.session.execute(
        delete(Identifier).where(
            Identifier.centre_id == current_centre(),
            Identifier.citizen_id == citizen.id,
            Identifier.kind == kind,
        )
    )
    if number:
        db.session.add(
            Identifier(
                citizen_id=citizen.id,
                kind=kind,
                sealed=sealing.seal(number, _about(citizen.centre_id, kind)),
                noted_by=by.id,
                noted_at=clock.now(),
            )
        )
    announce(IdentifierNoted(citizen_id=citizen.id, kind=kind, person_id=by.id))


def number_of(identifier: Identifier) -> str:
    """The whole number: for who may see it, and has said why."""
    return sealing.unseal(identifier.sealed, _about(identifier.centre_id, identifier.kind))


def masked_of(citizen: Citizen) -> list[Masked]:
    found = db.session.scalars(of_citizen(citizen)).all()
    return [Masked(each.id, each.kind, masked(number_of(each))) for each in found]


def reseal_all() -> int:
    """Seal anew, under the first key, what another one sealed; how many there were."""
    old = [
        each
        for each in db.session.scalars(
            select(Identifier).where(Identifier.centre_id == current_centre()).with_for_update()
        )
        if not sealing.is_current(each.sealed)
    ]
    for each in old:
        each.sealed = sealing.seal(number_of(each), _about(each.centre_id, each.kind))
    return len(old)


def _about(centre_id: int, kind: IdentifierKind) -> str:
    return f"{centre_id}:{kind}"
