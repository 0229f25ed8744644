"""Permissions to share: write some down in one go, and hand over a receipt."""

from datetime import datetime

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.directory.models import Topic
from contactcenter.errors import Invalid, NotFound
from contactcenter.escalation import disclosing, ending, mandates, words
from contactcenter.escalation.asking import end_of_day
from contactcenter.escalation.forms import WordsForm
from contactcenter.escalation.mandate_forms import MandateForm
from contactcenter.escalation.mandate_page import receipt_of
from contactcenter.escalation.mandate_queries import (
    partners,
    topics_in_use,
)
from contactcenter.escalation.mandates import Given
from contactcenter.escalation.models import Mandate, MandateKind
from contactcenter.escalation.routes import back, blueprint, seen_ticket
from contactcenter.fields import whole_number
from contactcenter.languages import date_in_words, zone
from contactcenter.links import public_url
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import with_merged


@blueprint.get("/tickets/<reference>/mandates/new")
@requires(Permission.ASK_REFERENTS)
def new_mandate(reference: str) -> ResponseReturnValue:
    ticket = seen_ticket(reference)
    form = MandateForm(formdata=None)
    form.organisations.data = [request.args.get("for", 0, type=whole_number)]
    return _page(ticket, form)


@blueprint.post("/tickets/<reference>/mandates")
@requires(Permission.ASK_REFERENTS)
def create_mandates(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    form = MandateForm()
    _offer(form, ticket)
    if not form.validate_on_submit():
        return _page(ticket, form), 422
    if form.has_moved(ticket.topic_id):
        form.scope.errors = [
            _("Le motif de la demande a changé entre-temps. Relisez ce que couvre l’accord.")
        ]
        return _page(ticket, form), 422
    given = Given(
        MandateKind(form.kind.data),
        end_of_day(form.valid_days.data),
        witness=form.witness.data or "",
        topic_ids=form.topic_ids(ticket.topic_id),
    )
    try:
        first, *_others = mandates.record_all(ticket, form.organisations.data, given, by=g.person)
    except Invalid as refused:
        form.witness.errors = [str(refused)]
        return _page(ticket, form), 422
    flash(_("Accord noté. Donnez le reçu à la personne."))
    return redirect(
        url_for("escalation.show_mandate_receipt", reference=reference, mandate_id=first.id), 303
    )


@blueprint.get("/tickets/<reference>/mandates/<int:mandate_id>/receipt")
@requires(Permission.ASK_REFERENTS)
def show_mandate_receipt(reference: str, mandate_id: int) -> ResponseReturnValue:
    """On one sheet, in the citizen's language."""
    ticket = seen_ticket(reference)
    with force_locale(ticket.language):
        receipt = receipt_of(_given(ticket, mandate_id))
        return render_template(
            "escalation/receipt.html",
            receipt=receipt,
            followed_at=public_url("/follow-up"),
            mandate_words=words.MANDATES,
            full_date=_full_date,
            here=ticket.reference,
            mandate_id=mandate_id,
        )


@blueprint.post("/tickets/<reference>/mandates/<int:mandate_id>/receipt")
@requires(Permission.ASK_REFERENTS)
def create_mandate_receipt(reference: str, mandate_id: int) -> ResponseReturnValue:
    """It was printed and handed over: the history says so."""
    ticket = tickets.lock(reference, person=g.person)
    mandates.give_receipt(_given(ticket, mandate_id), "paper", by=g.person)
    flash(_("Reçu remis : c’est noté dans l’historique."))
    return redirect(f"/tickets/{ticket.reference}", 303)


@blueprint.post("/tickets/<reference>/mandates/<int:mandate_id>/revocation")
@requires(Permission.ASK_REFERENTS)
def create_revocation(reference: str, mandate_id: int) -> ResponseReturnValue:
    """The citizen takes the permission back: sharing stops at once."""
    ticket = tickets.lock(reference, person=g.person)
    mandate = _given(ticket, mandate_id)
    ending.revoke(mandate, by=g.person, reason=WordsForm().text.data or "")
    return back(ticket)


def _given(ticket: Ticket, mandate_id: int) -> Mandate:
    """Raises NotFound for one of another request."""
    mandate = db.session.get(Mandate, (ticket.centre_id, mandate_id))
    if mandate is None or mandate.ticket_id not in set(db.session.scalars(with_merged(ticket))):
        raise NotFound(_("Cet accord n’existe pas."))
    return mandate


def _full_date(at: datetime) -> str:
    """With its year: the sheet is kept."""
    return date_in_words(at.astimezone(zone()).date(), "d MMMM y")


def _page(ticket: Ticket, form: MandateForm) -> str:
    _offer(form, ticket)
    return render_template(
        "escalation/mandate.html",
        ticket=ticket,
        form=form,
        shares=disclosing.in_words(disclosing.needed(ticket)),
        at_most=disclosing.in_words(disclosing.at_most(db.session.scalars(partners()).all())),
    )


def _offer(form: MandateForm, ticket: Ticket) -> None:
    topic = _topic(ticket)
    others = db.session.scalars(partners()).all()
    nearest = sorted(others, key=lambda each: topic is None or each.id != topic.organisation_id)
    form.offer(nearest, db.session.scalars(topics_in_use()).all(), topic)


def _topic(ticket: Ticket) -> Topic | None:
    return db.session.get(Topic, (ticket.centre_id, ticket.topic_id)) if ticket.topic_id else None
