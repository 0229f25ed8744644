"""Which queues a site shows on its boards, in which order; a site without a layout shows all."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Site
from contactcenter.errors import NotFound
from contactcenter.reports import queries
from contactcenter.reports.models import BoardLayout


def sites() -> Sequence[Site]:
    return db.session.scalars(
        select(Site).where(Site.centre_id == current_centre()).order_by(Site.name)
    ).all()


def site(site_id: int) -> Site:
    found = db.session.get(Site, (current_centre(), site_id))
    if found is None:
        raise NotFound(_("Ce site n’existe pas."))
    return found


def exists(site_id: int) -> bool:
    return db.session.get(Site, (current_centre(), site_id)) is not None


def layout_of(site_id: int) -> list[int]:
    """Ids of the queues in order; empty when the site shows all."""
    stored = db.session.scalar(
        select(BoardLayout.queue_ids).where(
            BoardLayout.centre_id == current_centre(), BoardLayout.site_id == site_id
        )
    )
    return list(stored or [])


def arrange(site: Site, places: Mapping[int, str], *, by: Person, at: datetime) -> None:
    """Keep the queues that were given a place, by their numbers; without any, it is all."""
    known = [queue.id for queue in db.session.scalars(queries.queues())]
    numbered = {each: _number(places.get(each, "")) for each in known}
    chosen = sorted((each for each in known if numbered[each]), key=lambda each: numbered[each])
    values = {"queue_ids": chosen, "set_by": by.id, "set_at": at}
    db.session.execute(
        insert(BoardLayout)
        .values(centre_id=site.centre_id, site_id=site.id, **values)
        .on_conflict_do_update(index_elements=["centre_id", "site_id"], set_=values)
    )
    live.touch("board")


def _number(written: str) -> int:
    """0 for none."""
    written = written.strip()
    return int(written) if written.isdecimal() and len(written) < 4 else 0
