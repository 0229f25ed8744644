"""The experts' side of appointments: the slots they offer, and what becomes of those taken."""

from datetime import date

from flask import flash, g, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_wtf import FlaskForm

from contactcenter import clock
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.citizens.rules import readable
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.errors import Invalid
from contactcenter.escalation import actions, bookings, slot_queries, slots
from contactcenter.escalation.referent_routes import blueprint
from contactcenter.escalation.slot_forms import DutyForm, OfferForm
from contactcenter.escalation.slot_models import Booking, Slot
from contactcenter.escalation.slots import Offered
from contactcenter.escalation.team_queries import shifts_of, teams_of
from contactcenter.languages import date_in_words, zone


@blueprint.get("/referrals/slots")
@requires(Permission.ANSWER_REFERRALS)
def list_slots() -> ResponseReturnValue:
    return _page(_offer_form(is_sent=False))


@blueprint.post("/referrals/slots")
@requires(Permission.ANSWER_REFERRALS)
def create_slots() -> ResponseReturnValue:
    form = _offer_form(is_sent=True)
    if not form.validate_on_submit():
        return _page(form), 422
    team = next(each for each in _teams() if each.id == form.team.data)
    return _offered(
        slots.offer(
            team,
            form.on.data,
            form.start.data,
            form.end.data,
            form.minutes.data,
            form.number,
            by=g.person,
        )
    )


@blueprint.post("/referrals/slots/duty")
@requires(Permission.ANSWER_REFERRALS)
def create_duty_slots() -> ResponseReturnValue:
    """One's own duty of the next two weeks."""
    form = DutyForm()
    if not form.validate_on_submit():
        return _page(_offer_form(is_sent=False), duty=form), 422
    return _offered(slots.offer_duty(form.minutes.data, form.number, by=g.person))


@blueprint.post("/referrals/slots/removal")
@requires(Permission.ANSWER_REFERRALS)
def remove_day_slots() -> ResponseReturnValue:
    """What is free of one day."""
    try:
        on = date.fromisoformat(request.form.get("on", ""))
    except ValueError as wrong:
        raise Invalid(_("Choisissez un jour.")) from wrong
    slots.take_back_day(on, by=g.person)
    return redirect("/referrals/slots", 303)


@blueprint.post("/referrals/slots/<int:slot_id>/removal")
@requires(Permission.ANSWER_REFERRALS)
def remove_slot(slot_id: int) -> ResponseReturnValue:
    slots.take_back(slot_id, by=g.person)
    return redirect("/referrals/slots", 303)


@blueprint.post("/referrals/bookings/<int:booking_id>/confirmation")
@requires(Permission.ANSWER_REFERRALS)
def create_confirmation(booking_id: int) -> ResponseReturnValue:
    booking = bookings.lock(booking_id, person=g.person)
    bookings.confirm(booking, by=g.person)
    flash(_("Rendez-vous confirmé."))
    return _to(booking)


@blueprint.post("/referrals/bookings/<int:booking_id>/beginning")
@requires(Permission.ANSWER_REFERRALS)
def create_beginning(booking_id: int) -> ResponseReturnValue:
    """The expert is there; by phone both telephones ring."""
    booking = bookings.lock(booking_id, person=g.person)
    bookings.begin(booking, by=g.person)
    return _to(booking)


@blueprint.post("/referrals/bookings/<int:booking_id>/absence")
@requires(Permission.ANSWER_REFERRALS)
def create_citizen_absence(booking_id: int) -> ResponseReturnValue:
    booking = bookings.lock(booking_id, person=g.person)
    bookings.miss(booking, is_citizen=True, by=g.person)
    flash(_("C’est noté. La question reste posée par écrit."))
    return _to(booking)


@blueprint.post("/referrals/bookings/<int:booking_id>/cancellation")
@requires(Permission.ANSWER_REFERRALS)
def create_refused_booking(booking_id: int) -> ResponseReturnValue:
    booking = bookings.lock(booking_id, person=g.person)
    why = actions.text_of(request.form.get("text", ""), "text")
    bookings.cancel(booking, why, by=g.person)
    flash(_("Rendez-vous annulé. La question reste posée par écrit."))
    return _to(booking)


def _offer_form(*, is_sent: bool) -> OfferForm:
    form = OfferForm() if is_sent else OfferForm(formdata=None)
    form.offer(_teams())
    return form


def _teams() -> list[Team]:
    return list(db.session.scalars(teams_of(g.person)))


def _page(form: FlaskForm, duty: FlaskForm | None = None) -> str:
    duty = duty or DutyForm(formdata=None)
    known = db.session.scalar(slot_queries.last_telephone(g.person)) or ""
    known = readable(known, g.centre.country) if known else ""
    for each in (form, duty):
        each.telephone.data = each.telephone.data or known
    offered = db.session.execute(slot_queries.offered_by(g.person, clock.now())).all()
    days: dict[date, list[Slot]] = {}
    for row in offered:
        if row.Booking is None:
            days.setdefault(row.Slot.starts_at.astimezone(zone()).date(), []).append(row.Slot)
    return render_template(
        "escalation/slots.html",
        form=form,
        duty=duty,
        taken=[row for row in offered if row.Booking is not None],
        days=days,
        day_in_words=lambda on: date_in_words(on, "EEEE d MMMM"),
        has_duty=db.session.execute(shifts_of(g.person).limit(1)).first() is not None,
    )


def _offered(offered: Offered) -> ResponseReturnValue:
    said = ngettext("Un créneau proposé.", "%(num)d créneaux proposés.", offered.added)
    if not offered.added:
        said = _("Aucun créneau proposé.")
    if offered.left_out:
        said += " " + ngettext(
            "Un autre est hors des heures de l’équipe, passé ou déjà proposé.",
            "%(num)d autres sont hors des heures de l’équipe, passés ou déjà proposés.",
            offered.left_out,
        )
    flash(said)
    return redirect("/referrals/slots", 303)


def _to(booking: Booking) -> ResponseReturnValue:
    return redirect(f"/referrals/{booking.referral_id}", 303)
