"""Who asked us to write no more, and by which means. It holds until they ask us to begin again."""

from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.db import current_centre, db
from contactcenter.notices.models import Means, Refusal


def refuse(means: Means, address: str) -> None:
    """Note it; asked twice, the last time counts."""
    now = clock.now()
    db.session.execute(
        insert(Refusal)
        .values(centre_id=current_centre(), means=means, address=address, refused_at=now)
        .on_conflict_do_update(
            index_elements=["centre_id", "means", "address"],
            set_={"refused_at": now, "lifted_at": None},
        )
    )


def lift(means: Means, address: str) -> None:
    refusal = db.session.scalar(_refusal(means, address).with_for_update())
    if refusal is not None:
        refusal.lifted_at = clock.now()


def is_refused(means: Means, address: str) -> bool:
    return db.session.scalar(_refusal(means, address)) is not None


def _refusal(means: Means, address: str) -> Select[Any]:
    return db.select(Refusal).where(
        Refusal.centre_id == current_centre(),
        Refusal.means == means,
        Refusal.address == address,
        Refusal.lifted_at.is_(None),
    )
