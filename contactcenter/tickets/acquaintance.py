"""Which persons of the centre someone may name by an id, so that nobody walks through them all."""

from collections.abc import Iterable

from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.citizens import merging
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import content_is_for, of_citizen


def known(citizen_id: int, by: Person, found: Iterable[Citizen] = ()) -> Citizen:
    """The person an id leads to, for who may read one of their requests, or if they have none.

    `found` are those whom the same form finds by what was typed in it: who can name somebody may
    choose them. Raises NotFound.
    """
    citizen = merging.current(citizen_id)
    if citizen in found:
        return citizen
    asked = of_citizen(by, citizen.id).with_only_columns(Ticket.id).limit(1)
    if db.session.scalar(asked) is None:
        return citizen
    if db.session.scalar(asked.where(content_is_for(by))) is None:
        raise NotFound(_("Cette personne n’est pas connue ici."))
    return citizen
