"""The agents' side of appointments: book one while the citizen is there, change it, cancel it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Organisation
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import actions, bookings, cards, disclosing, mandates, slot_queries
from contactcenter.escalation.asking import end_of_day
from contactcenter.escalation.forms import LARGEST_KEY
from contactcenter.escalation.mandate_queries import living_mandate
from contactcenter.escalation.models import MandateKind, Referral
from contactcenter.escalation.routes import back, blueprint, seen_ticket
from contactcenter.escalation.slot_forms import BookingForm, RebookingForm
from contactcenter.escalation.slot_models import Booking, Slot, Way
from contactcenter.fields import whole_number
from contactcenter.languages import date_in_words, moment, zone
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

AHEAD = timedelta(days=28)
MOST = 60


@dataclass(frozen=True)
class TeamSlots:
    """What can be booked of one team, by day."""

    team: Team
    organisation: Organisation
    days: dict[str, list[tuple[Slot, str]]]

    @property
    def names(self) -> list[str]:
        """Who can be had."""
        return sorted({name for rows in self.days.values() for _slot, name in rows})

    @property
    def has_telephone(self) -> bool:
        return any(slot.telephone for rows in self.days.values() for slot, _name in rows)


@blueprint.get("/tickets/<reference>/bookings/new")
@requires(Permission.ASK_REFERENTS)
def new_booking(reference: str) -> ResponseReturnValue:
    ticket = seen_ticket(reference)
    referral = _asked(ticket, request.args.get("referral", type=whole_number))
    form = RebookingForm(formdata=None) if referral else BookingForm(formdata=None)
    offers = _offers(ticket, referral)
    if not (bookings.can_be_called(ticket) and any(each.has_telephone for each in offers)):
        form.way.data = Way.CHAT
    return _page(ticket, form, referral, offers=offers)


@blueprint.post("/tickets/<reference>/bookings")
@requires(Permission.ASK_REFERENTS)
def create_booking(reference: str) -> ResponseReturnValue:
    ticket = tickets.lock(reference, person=g.person)
    referral = _asked(ticket, request.form.get("referral", type=whole_number))
    form = RebookingForm() if referral else BookingForm()
    if not form.validate_on_submit():
        return _page(ticket, form, referral), 422
    try:
        with db.session.begin_nested():  # what cannot be booked leaves no question
            booking = _book(ticket, form, referral)
    except (Invalid, Conflict) as problem:
        return _page(ticket, form, referral, problem=str(problem)), problem.status
    slot = db.session.get_one(Slot, (booking.centre_id, booking.slot_id))
    flash(
        _("Rendez-vous pris : %(moment)s. Dites-le à la personne.", moment=moment(slot.starts_at))
    )
    return redirect(f"/tickets/{ticket.reference}", 303)


@blueprint.post("/bookings/<int:booking_id>/cancellation")
@requires(Permission.ASK_REFERENTS)
def create_booking_cancellation(booking_id: int) -> ResponseReturnValue:
    booking = bookings.lock(booking_id, person=g.person)
    why = actions.text_of(request.form.get("text", ""), "text")
    bookings.cancel(booking, why, by=g.person)
    return back(tickets.get(actions.get(booking.referral_id).ticket_id))


def _book(ticket: Ticket, form: BookingForm, referral: Referral | None) -> Booking:
    way, slot_id = Way(form.way.data), min(form.slot.data, LARGEST_KEY)
    if referral is not None:
        return bookings.book_again(slot_id, referral, way, by=g.person)
    organisation_id = _organisation_of(slot_id)
    if form.consent.data and organisation_id is not None:
        mandates.record_mandate(
            ticket,
            organisation_id,
            kind=MandateKind.ORAL,
            witness=g.person.name,
            expires_at=end_of_day(AHEAD.days + 3),
            by=g.person,
        )
    shared = organisation_id and db.session.scalar(
        living_mandate(ticket, organisation_id, clock.now())
    )
    return bookings.book(
        slot_id,
        ticket,
        way,
        question=form.question.data,
        by=g.person,
        without_identity=not shared,
    )


def _organisation_of(slot_id: int) -> int | None:
    slot = db.session.get(Slot, (g.person.centre_id, slot_id))
    return slot.organisation_id if slot else None


def _asked(ticket: Ticket, referral_id: int | None) -> Referral | None:
    """The open question that another appointment is wanted for. Raises NotFound."""
    if referral_id is None:
        return None
    referral = actions.lock(min(referral_id, LARGEST_KEY), person=g.person)
    if referral.ticket_id != ticket.id:
        raise NotFound(_("Cette question n’existe pas, ou n’est pas à vous."))
    return referral


def _page(
    ticket: Ticket,
    form: BookingForm,
    referral: Referral | None,
    *,
    problem: str = "",
    offers: Sequence[TeamSlots] | None = None,
) -> str:
    return render_template(
        "escalation/booking.html",
        ticket=ticket,
        form=form,
        referral=referral,
        offers=_offers(ticket, referral) if offers is None else offers,
        problem=problem,
        shares=disclosing.in_words(disclosing.needed(ticket)),
    )


def _offers(ticket: Ticket, referral: Referral | None) -> Sequence[TeamSlots]:
    """The teams that can be had by appointment, those that fit the topic first."""
    teams = [
        each
        for each in cards.offers_for(ticket.topic_id)
        if referral is None or each.team.id == referral.team_id
    ]
    now = clock.now()
    found: dict[int, dict[str, list[tuple[Slot, str]]]] = {}
    free = slot_queries.free([each.team.id for each in teams], now, now + AHEAD).limit(MOST)
    for slot, name in db.session.execute(free):
        days = found.setdefault(slot.team_id, {})
        day = date_in_words(slot.starts_at.astimezone(zone()).date(), "EEEE d MMMM")
        days.setdefault(day, []).append((slot, name))
    return [
        TeamSlots(each.team, each.organisation, found[each.team.id])
        for each in teams
        if each.team.id in found
    ]
