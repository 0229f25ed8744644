"""Who a request is from: recognised, named, corrected."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens import actions as citizens
from contactcenter.citizens import identifiers
from contactcenter.citizens.identifier_rules import IdentifierKind
from contactcenter.citizens.models import Citizen, Reach
from contactcenter.citizens.queries import matching
from contactcenter.citizens.rules import read_wanted
from contactcenter.citizens.words import IDENTIFIERS
from contactcenter.db import db
from contactcenter.desk.filters import number
from contactcenter.desk.forms import CitizenForm
from contactcenter.desk.listing import Asked
from contactcenter.desk.seen import citizen_of, visible
from contactcenter.desk.words import speak
from contactcenter.errors import Invalid, NotFound
from contactcenter.escalation import consent
from contactcenter.escalation.mandate_queries import lasting_of
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.acquaintance import known
from contactcenter.tickets.live import wake
from contactcenter.tickets.models import Ticket

blueprint = Blueprint("asker", __name__)
speak(blueprint)


@blueprint.get("/tickets/<reference>/citizen")
@requires(Permission.WORK_TICKETS)
def show_citizen(reference: str) -> ResponseReturnValue:
    """Look for who asks; correct who is noted, or note someone new."""
    ticket = visible(reference)
    return _page(ticket, _filled(citizen_of(ticket)))


@blueprint.post("/tickets/<reference>/citizen")
@requires(Permission.WORK_TICKETS)
def update_citizen(reference: str) -> ResponseReturnValue:
    """Link someone who is known, or nobody."""
    ticket = tickets.lock(reference, person=g.person)
    chosen = number(request.form.get("citizen", ""))
    found = _found(request.form.get("q", "")) if chosen else []
    citizen = known(chosen, g.person, found) if chosen else None
    had_allowed = _has_allowed(ticket)
    tickets.set_citizen(ticket, citizen.id if citizen else None, by=g.person)
    flash(_("La personne de la demande est changée."))
    if had_allowed and not _has_allowed(ticket):
        flash(_("Les accords de partage ont pris fin : ils étaient ceux de l’autre personne."))
    return _back(ticket)


@blueprint.post("/tickets/<reference>/citizen/details")
@requires(Permission.WORK_TICKETS)
def update_details(reference: str) -> ResponseReturnValue:
    """Write what is known of the person; with nobody linked, they are noted as someone new."""
    ticket, form = tickets.lock(reference, person=g.person), CitizenForm()
    if not form.validate():
        return _page(ticket, form), 422
    try:
        with db.session.begin_nested():
            _write(ticket, _noted(form))
    except Invalid as problem:
        getattr(form, problem.field or "name").errors = [str(problem)]
        return _page(ticket, form), 422
    wake(ticket.id)
    flash(_("Ce que l’on sait de la personne est gardé."))
    return _back(ticket)


@blueprint.post("/tickets/<reference>/citizen/identifiers")
@requires(Permission.WORK_TICKETS)
def update_identifier(reference: str) -> ResponseReturnValue:
    """Keep a number of the person, sealed; what is wrong is refused and not repeated."""
    ticket = tickets.lock(reference, person=g.person)
    citizen, kind = citizen_of(ticket), request.form.get("kind", "")
    if citizen is None or kind not in set(IdentifierKind):
        raise NotFound
    number = request.form.get("number", "")[:40]
    try:
        identifiers.note(citizen, IdentifierKind(kind), number, by=g.person)
    except Invalid as problem:
        return _page(ticket, _filled(citizen), wrong_number=str(problem)), 422
    flash(_("Le numéro est gardé, scellé.") if number.strip() else _("Le numéro est oublié."))
    return redirect(url_for("asker.show_citizen", reference=ticket.reference), 303)


def _write(ticket: Ticket, noted: dict[str, Any]) -> None:
    citizen = citizen_of(ticket)
    if citizen is None:
        citizen = citizens.create(**noted, is_rehearsal=ticket.is_rehearsal)
        tickets.set_citizen(ticket, citizen.id, by=g.person)
    else:
        citizens.update(citizen, **noted)
        consent.withdraw_elsewhere(citizen)


def _noted(form: CitizenForm) -> dict[str, Any]:
    return {
        "name": form.name.data or "",
        "email": form.email.data or "",
        "phone": form.phone.data or "",
        "address": form.address.data or "",
        "birth_year": form.birth_year.data,
        "language": form.language.data,
        "reach": Reach(form.reach.data) if form.reach.data else None,
    }


def _page(ticket: Ticket, form: CitizenForm, wrong_number: str = "") -> str:
    words = request.args.get("q", "").strip()[:200]
    citizen = citizen_of(ticket)
    return render_template(
        "desk/citizen.html",
        ticket=ticket,
        citizen=citizen,
        identifiers=identifiers.masked_of(citizen) if citizen else [],
        kinds=IDENTIFIERS,
        wrong_number=wrong_number,
        form=form,
        words=words,
        found=_found(words),
        has_allowed=_has_allowed(ticket),
        asked=Asked.from_address(),
    )


def _has_allowed(ticket: Ticket) -> bool:
    """Whether the person of a request allowed that it is shown to a partner."""
    if ticket.citizen_id is None:
        return False
    return db.session.scalar(lasting_of(ticket, clock.now()).limit(1)) is not None


def _found(words: str) -> list[Citizen]:
    wanted = read_wanted(words[:200], citizens.country())
    return [] if wanted.is_nothing else list(db.session.scalars(matching(wanted)))


def _filled(citizen: Citizen | None) -> CitizenForm:
    if citizen is None:
        return CitizenForm(formdata=None, language="fr")
    return CitizenForm(
        formdata=None,
        name=citizen.name,
        birth_year=citizen.birth_year,
        phone=citizen.phone,
        email=citizen.email,
        address=citizen.address,
        language=citizen.language,
        reach=citizen.reach.value if citizen.reach else "",
    )


def _back(ticket: Ticket) -> ResponseReturnValue:
    kept = Asked.from_address().kept
    return redirect(url_for("ticket.show_ticket", reference=ticket.reference, **kept), 303)
