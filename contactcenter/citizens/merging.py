"""Two rows that are one person become one; and two again, as long as nothing says otherwise.

The merged row stays as it was and leads to the one that was kept. Every row that named it names the
kept one from then on, and the merge knows which, so that a split gives back exactly those.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from flask_babel import gettext as _
from sqlalchemy import Table, func, select, update

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.events import CitizensMerged, CitizensSplit
from contactcenter.citizens.models import Citizen, CitizenMerge, Reach
from contactcenter.citizens.rules import name_key
from contactcenter.db import Base, current_centre, db
from contactcenter.errors import Conflict, NotFound
from contactcenter.events import announce

FIELDS = ("name", "phone", "email", "address", "birth_year", "language", "reach")
Side = Literal["kept", "merged"]


def merge(kept_id: int, merged_id: int, choices: Mapping[str, Side], *, by: Person) -> CitizenMerge:
    """Make one person of two; `choices` says for each field whose value stays.

    A field that is not chosen keeps what the kept person has, or takes the other's where that has
    nothing. Raises Conflict if either was merged meanwhile, or they are one row.
    """
    kept, merged = _lock_both(kept_id, merged_id)
    if kept.merged_into is not None or merged.merged_into is not None or kept is merged:
        raise Conflict(_("L’une de ces deux fiches a été réunie à une autre entre-temps."))
    before = details(kept)
    for field in FIELDS:
        setattr(kept, field, _chosen(kept, merged, field, choices.get(field)))
    kept.name_key = name_key(kept.name)
    kept.met_at = max(kept.met_at, merged.met_at)
    merged.merged_into = kept.id
    merge = CitizenMerge(
        kept_id=kept.id,
        merged_id=merged.id,
        before=before,
        after=details(kept),
        moved=dict(_move_all(merged.id, kept.id)),
        merged_by=by.id,
        merged_at=clock.now(),
    )
    db.session.add(merge)
    db.session.flush()  # its event names it
    announce(
        CitizensMerged(person_id=by.id, merge_id=merge.id, kept_id=kept.id, merged_id=merged.id)
    )
    return merge


def split(merge_id: int, *, by: Person) -> CitizenMerge:
    """Undo a merge: the kept person is as before it, the other has their rows again.

    What came after the merge stays with the kept person. Raises Conflict when something since then
    contradicts the split, saying what; nothing is changed then.
    """
    merge = _lock_merge(merge_id)
    kept, merged = _lock_both(merge.kept_id, merge.merged_id)
    if problem := contradiction(merge, kept):
        raise Conflict(problem)
    merged.merged_into = None
    for field in FIELDS:
        setattr(kept, field, _stored(field, merge.before[field]))
    kept.name_key = name_key(kept.name)
    for table in _tables_naming_citizens():
        _rename(table, merge.moved.get(table.name, []), kept.id, merged.id)
    merge.undone_by, merge.undone_at = by.id, clock.now()
    announce(
        CitizensSplit(person_id=by.id, merge_id=merge.id, kept_id=kept.id, merged_id=merged.id)
    )
    return merge


def contradiction(merge: CitizenMerge, kept: Citizen) -> str | None:
    """Why a merge can no longer be undone, in words; None while it can."""
    if merge.undone_at is not None:
        return str(_("Ces deux fiches sont déjà séparées."))
    if kept.merged_into is not None:
        return str(_("La fiche gardée a été réunie à une autre : séparez d’abord celle-là."))
    if details(kept) != merge.after:
        return str(_("La fiche a été corrigée depuis : ce qui est juste ne se devine plus."))
    if not all(_still_named(table, merge) for table in _tables_naming_citizens()):
        return str(_("Une demande réunie a changé de personne depuis."))
    return None


def details(citizen: Citizen) -> dict[str, Any]:
    values = {field: getattr(citizen, field) for field in FIELDS}
    return {**values, "reach": citizen.reach.value if citizen.reach else None}


def current(citizen_id: int) -> Citizen:
    """The person an id leads to, through the merges since. Raises NotFound."""
    seen: set[int] = set()
    while citizen_id not in seen:
        seen.add(citizen_id)
        citizen = db.session.get(Citizen, (current_centre(), citizen_id))
        if citizen is None:
            break
        if citizen.merged_into is None:
            return citizen
        citizen_id = citizen.merged_into
    raise NotFound(_("Cette personne n’est pas connue ici."))


def _lock_both(one: int, other: int) -> tuple[Citizen, Citizen]:
    """In the order of their ids, so that two merges wait for each other and never for ever."""
    rows = db.session.scalars(
        select(Citizen)
        .where(Citizen.centre_id == current_centre(), Citizen.id.in_((one, other)))
        .order_by(Citizen.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {citizen.id: citizen for citizen in rows}
    if one not in found or other not in found:
        raise NotFound(_("Cette personne n’est pas connue ici."))
    return found[one], found[other]


def _lock_merge(merge_id: int) -> CitizenMerge:
    merge: CitizenMerge | None = db.session.scalar(
        select(CitizenMerge)
        .where(CitizenMerge.centre_id == current_centre(), CitizenMerge.id == merge_id)
        .with_for_update()
    )
    if merge is None:
        raise NotFound
    return merge


def _chosen(kept: Citizen, merged: Citizen, field: str, side: Side | None) -> Any:
    if side is not None:
        return getattr(merged if side == "merged" else kept, field)
    return getattr(kept, field) or getattr(merged, field)


def _stored(field: str, value: Any) -> Any:
    return Reach(value) if field == "reach" and value else value


def _tables_naming_citizens() -> list[Table]:
    """Also those of the slices above: whatever names a person does so in a column of this name."""
    tables = Base.metadata.sorted_tables
    return [t for t in tables if "citizen_id" in t.c and "id" in t.c]


def _move_all(merged_id: int, kept_id: int) -> Iterator[tuple[str, list[int]]]:
    for table in _tables_naming_citizens():
        moved = db.session.scalars(
            update(table)
            .where(table.c.centre_id == current_centre(), table.c.citizen_id == merged_id)
            .values(citizen_id=kept_id)
            .returning(table.c.id)
        )
        yield table.name, sorted(moved)


def _rename(table: Table, ids: list[int], kept_id: int, merged_id: int) -> None:
    if ids:
        db.session.execute(
            update(table)
            .where(
                table.c.centre_id == current_centre(),
                table.c.id.in_(ids),
                table.c.citizen_id == kept_id,
            )
            .values(citizen_id=merged_id)
        )


def _still_named(table: Table, merge: CitizenMerge) -> bool:
    """Rows that are gone contradict nothing; those that name someone else do."""
    ids = merge.moved.get(table.name, [])
    if not ids:
        return True
    elsewhere = select(func.count()).where(
        table.c.centre_id == current_centre(),
        table.c.id.in_(ids),
        table.c.citizen_id.is_distinct_from(merge.kept_id),
    )
    return db.session.scalar(elsewhere.select_from(table)) == 0
