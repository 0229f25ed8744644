"""What came to each door and what became of it: for the administrator."""

from datetime import timedelta
from typing import TypeVar

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import current_centre, db
from contactcenter.fields import whole_number
from contactcenter.receipts import actions, queries, words
from contactcenter.receipts.models import Door, Fate, Receipt

blueprint = Blueprint("receipts", __name__)

Choice = TypeVar("Choice", Door, Fate)


@blueprint.get("/traces")
@requires(Permission.SEE_TRACES)
def show_ledger() -> ResponseReturnValue:
    door, fate = _chosen(Door, "door"), _chosen(Fate, "fate")
    before = request.args.get("before", type=whole_number)
    found = list(db.session.scalars(queries.ledger(door, fate, before)))
    page = found[: queries.PAGE]
    counts: dict[Door, dict[Fate, int]] = {}
    for row in db.session.execute(queries.sums(clock.now() - timedelta(days=1))):
        counts.setdefault(row.door, {})[row.fate] = row.many
    return render_template(
        "receipts/ledger.html",
        receipts=page,
        counts=counts,
        doors=words.DOORS,
        fates=words.FATES,
        words=words,
        door=door,
        fate=fate,
        next_before=page[-1].id if len(found) > queries.PAGE else None,
    )


@blueprint.post("/traces/<int:receipt_id>/raw")
@requires(Permission.SEE_TRACES)
def create_raw_reading(receipt_id: int) -> ResponseReturnValue:
    """What came, as it came, for a thing kept aside or refused; never shown, only downloaded.

    Who sees this list has no right to requests: each reading is kept with its reason.
    """
    receipt = db.session.get(Receipt, receipt_id)
    if receipt is None or receipt.centre_id != current_centre() or receipt.raw is None:
        abort(404)
    if receipt.fate not in (Fate.HELD, Fate.REJECTED):
        abort(404)  # what belongs to a request is read there, by those who may
    why = request.form.get("why", "").replace("\0", "")
    return Response(
        actions.read_raw(receipt, why, by_id=g.person.id),
        content_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{receipt.door}-{receipt.id}.bin"'},
    )


@blueprint.post("/traces/<int:receipt_id>/reading")
@requires(Permission.SEE_TRACES)
def create_reading(receipt_id: int) -> ResponseReturnValue:
    """Have a mail that was kept aside read again; one that is settled meanwhile stays as it is."""
    if actions.read_again(_mail(receipt_id)):
        flash(_("Ce courriel sera lu de nouveau."))
    return redirect(url_for("receipts.show_ledger", fate=Fate.HELD), 303)


@blueprint.post("/traces/<int:receipt_id>/request")
@requires(Permission.SEE_TRACES)
def create_request(receipt_id: int) -> ResponseReturnValue:
    """Open a refused mail as a request; those who serve its mailbox read it, not who sees this."""
    if actions.open_as_request(_mail(receipt_id)):
        flash(_("Ce courriel s’ouvre comme demande, dans la file de sa boîte."))
    else:
        flash(_("Ce courriel n’est plus gardé, ou n’est plus refusé : il ne peut être ouvert."))
    return redirect(url_for("receipts.show_ledger", fate=Fate.REJECTED), 303)


def _mail(receipt_id: int) -> Receipt:
    """A mail of this centre, locked; 404 where there is none."""
    receipt = db.session.get(Receipt, receipt_id, with_for_update=True)
    if receipt is None or receipt.centre_id != current_centre() or receipt.door is not Door.MAIL:
        abort(404)
    return receipt


def _chosen(kind: type[Choice], name: str) -> Choice | None:
    written = request.args.get(name, "")
    return kind(written) if written in set(kind) else None
