"""One person we know: their requests, who they resemble, and the review of a merge."""

from typing import Any, cast

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens import merging
from contactcenter.citizens.likeness import Likeness, described
from contactcenter.citizens.merging import FIELDS, Side
from contactcenter.citizens.models import Citizen, CitizenMerge
from contactcenter.citizens.queries import merges_of
from contactcenter.db import current_centre, db
from contactcenter.desk import records
from contactcenter.desk.alike import people_alike
from contactcenter.desk.topics import topic_names
from contactcenter.desk.words import speak
from contactcenter.errors import NotFound
from contactcenter.fields import whole_number
from contactcenter.languages import NAMES
from contactcenter.tickets.acquaintance import known
from contactcenter.tickets.queries import content_is_for, of_citizen

blueprint = Blueprint("persons", __name__)
speak(blueprint)

SHOWN = 50


@blueprint.get("/citizens/<int:citizen_id>")
@requires(Permission.WORK_TICKETS)
def show_person(citizen_id: int) -> ResponseReturnValue:
    """A person by any id they ever had: one that was merged leads to the one that was kept."""
    citizen = _known(citizen_id)
    if citizen.id != citizen_id:
        return redirect(url_for("persons.show_person", citizen_id=citizen.id), 303)
    merges = list(db.session.scalars(merges_of(citizen.id)))
    return render_template(
        "desk/person.html",
        citizen=citizen,
        requests=_requests(citizen),
        people=_alike(citizen),
        merges=[(merge, _problem(merge)) for merge in merges],
        names=_names(merges),
        topics=topic_names().all,
        tongues=NAMES,
        may_merge=g.person.may(Permission.MERGE_CITIZENS),
    )


@blueprint.get("/citizens/<int:citizen_id>/merges/new")
@requires(Permission.MERGE_CITIZENS)
def show_merge(citizen_id: int) -> ResponseReturnValue:
    """The two side by side, each field to choose. `with` is the id of the other."""
    kept = _known(citizen_id)
    if not (other_id := request.args.get("with", 0, type=whole_number)):
        return redirect(url_for("persons.show_person", citizen_id=citizen_id), 303)
    other = _other(other_id, kept)
    if other.id == kept.id:
        raise NotFound(_("C’est déjà une seule fiche."))
    return render_template(
        "desk/merge.html",
        kept=kept,
        other=other,
        fields=[field for field in _compared(kept, other) if field["differs"]],
        same=[field for field in _compared(kept, other) if not field["differs"]],
        requests=[_requests(kept), _requests(other)],
        topics=topic_names().all,
    )


@blueprint.post("/citizens/<int:citizen_id>/merges")
@requires(Permission.MERGE_CITIZENS)
def create_merge(citizen_id: int) -> ResponseReturnValue:
    other = request.form.get("other", 0, type=whole_number)
    sides = {field: request.form.get(field) for field in FIELDS}
    choices = {f: cast(Side, side) for f, side in sides.items() if side in ("kept", "merged")}
    kept = _known(citizen_id)
    _other(other, kept)  # by the id that was compared: one merged elsewhere since is a conflict
    merge = merging.merge(kept.id, other, choices, by=g.person)
    way_back = url_for("persons.create_split", merge_id=merge.id)
    said: Any = {
        "text": _("Les deux fiches n’en font plus qu’une."),
        "undo": way_back,
        "undo_word": _("Séparer"),
    }
    flash(said)
    return redirect(url_for("persons.show_person", citizen_id=merge.kept_id), 303)


@blueprint.post("/citizens/merges/<int:merge_id>/split")
@requires(Permission.MERGE_CITIZENS)
def create_split(merge_id: int) -> ResponseReturnValue:
    merge = db.session.get(CitizenMerge, (current_centre(), merge_id))
    if merge is None:
        raise NotFound
    _known(merge.kept_id)
    merging.split(merge.id, by=g.person)
    flash(_("Les deux fiches sont de nouveau séparées, comme avant."))
    return redirect(url_for("persons.show_person", citizen_id=merge.kept_id), 303)


def _known(citizen_id: int) -> Citizen:
    return known(citizen_id, g.person)


def _other(citizen_id: int, kept: Citizen) -> Citizen:
    """The second of a merge: known too, or one that the first one's page proposes."""
    return known(citizen_id, g.person, [each.citizen for each, _why in _alike(kept)])


def _alike(citizen: Citizen) -> list[tuple[Likeness, str]]:
    return people_alike(described(citizen))


def _requests(citizen: Citizen) -> list[Any]:
    """All that the first line may know of, each with whether this person may read it."""
    known = of_citizen(g.person, citizen.id).add_columns(content_is_for(g.person).label("is_seen"))
    return list(db.session.execute(known.limit(SHOWN)))


def _problem(merge: CitizenMerge) -> str | None:
    kept = db.session.get_one(Citizen, (current_centre(), merge.kept_id))
    return merging.contradiction(merge, kept)


def _names(merges: list[CitizenMerge]) -> dict[int, str]:
    ids = {m.merged_by for m in merges} | {m.undone_by for m in merges if m.undone_by}
    return {row.id: row.name for row in db.session.execute(records.names_of(ids))}


def _compared(kept: Citizen, other: Citizen) -> list[dict[str, Any]]:
    """Each field with both values; what one side lacks is taken from the other unless chosen."""
    rows = []
    for field in FIELDS:
        here, there = getattr(kept, field), getattr(other, field)
        rows.append(
            {
                "name": field,
                "kept": here,
                "merged": there,
                "differs": (here or None) != (there or None),
                "usual": "kept" if here else "merged",
            }
        )
    return rows
