"""A citizen's numbers before an expert: masked, and whole only on request, with a reason.

Three things are asked for: a permission that lasts, an organisation that the kind concerns, and
words why. PostgreSQL asks for the first two by itself.
"""

from flask_babel import gettext as _
from sqlalchemy import select

from contactcenter.accounts.models import Organisation, Person
from contactcenter.citizens import identifiers
from contactcenter.citizens.identifier_models import Identifier
from contactcenter.citizens.identifiers import Masked
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.errors import Invalid, NotFound
from contactcenter.escalation.actions import LONGEST_LINE, named
from contactcenter.escalation.events import IdentifierRead
from contactcenter.escalation.models import Referral
from contactcenter.events import announce


def masked_for(referral: Referral, citizen: Citizen | None) -> list[Masked]:
    """The citizen's numbers that concern the organisation of this question, masked."""
    if referral.mandate_id is None or citizen is None:
        return []
    kinds = _kinds(referral)
    return [each for each in identifiers.masked_of(citizen) if each.kind in kinds]


def show(
    referral: Referral, citizen: Citizen | None, identifier_id: int, reason: str, *, by: Person
) -> str:
    """The whole number, once; that it was read, and why, is written down. Raises NotFound."""
    shown = {each.id for each in masked_for(referral, citizen)}
    if identifier_id not in shown:
        raise NotFound(_("Ce numéro n’existe pas, ou n’est pas pour votre organisme."))
    if not reason.strip():
        raise Invalid(_("Dites pourquoi il vous faut le numéro."), "reason")
    found = db.session.scalars(
        select(Identifier).where(
            Identifier.centre_id == referral.centre_id, Identifier.id == identifier_id
        )
    ).one()
    announce(
        IdentifierRead(
            **named(referral),
            identifier_kind=found.kind,
            person_id=by.id,
            reason=reason.strip()[:LONGEST_LINE],
        )
    )
    return identifiers.number_of(found)


def _kinds(referral: Referral) -> set[str]:
    key = (referral.centre_id, referral.organisation_id)
    return set(db.session.get_one(Organisation, key).identifiers)
