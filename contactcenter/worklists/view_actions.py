"""The verbs of kept lists."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.queries import site_ids
from contactcenter.db import Json, db
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.worklists.models import SavedView, Shared
from contactcenter.worklists.queries import MOST_VIEWS, views_for

LONGEST_NAME = 60


def keep(name: str, address: Json, *, shared: Shared, site_id: int | None, by: Person) -> SavedView:
    """Keep a list under a name, after one's others. Raises Invalid, or Conflict for too many."""
    own = _own(by)
    if len(own) >= MOST_VIEWS:
        raise Conflict(_("Vous avez déjà %(num)d vues : ôtez-en une d’abord.", num=MOST_VIEWS))
    view = SavedView(
        person_id=by.id,
        address=address,
        place=max((each.place for each in own), default=0) + 1,
        made_at=clock.now(),
    )
    change(view, name, shared=shared, site_id=site_id, by=by)
    db.session.add(view)
    db.session.flush()  # its address is shown at once
    return view


def change(view: SavedView, name: str, *, shared: Shared, site_id: int | None, by: Person) -> None:
    """Rename it, and say who else has it. Raises Invalid."""
    if not name.strip():
        raise Invalid(_("Donnez un nom à cette vue, par exemple « Impôts, à rendre »."), "name")
    if shared is Shared.SITE and site_id not in set(db.session.scalars(site_ids(by))):
        raise Invalid(_("Choisissez un de vos sites."), "shared")
    view.name = name.strip()[:LONGEST_NAME]
    view.shared, view.site_id = shared, site_id if shared is Shared.SITE else None


def delete(view: SavedView) -> None:
    db.session.delete(view)


def move(view: SavedView, step: int, *, by: Person) -> None:
    """Put it one place up (-1) or down (1) among one's own."""
    own = _own(by)
    at = own.index(view)
    to = min(max(at + step, 0), len(own) - 1)
    own.insert(to, own.pop(at))
    for place, each in enumerate(own, 1):
        each.place = place


def own_view(view_id: int, *, person: Person) -> SavedView:
    """Raises NotFound for what is not theirs to change."""
    found = db.session.scalar(
        views_for(person).where(SavedView.id == view_id, SavedView.person_id == person.id)
    )
    if found is None:
        raise NotFound(_("Cette vue n’existe pas, ou n’est pas à vous."))
    return found


def _own(person: Person) -> list[Any]:
    mine: Sequence[Any] = db.session.scalars(
        views_for(person).where(SavedView.person_id == person.id)
    ).all()
    return list(mine)
