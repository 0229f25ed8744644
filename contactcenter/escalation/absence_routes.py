"""A referent's own days away, and who stands in for them."""

from babel.dates import format_date
from flask import flash, g, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, ValidationError

from contactcenter import clock, outbox
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.db import db
from contactcenter.errors import NotFound
from contactcenter.escalation.referent_routes import blueprint
from contactcenter.escalation.staffing_models import Absence
from contactcenter.escalation.staffing_queries import absences_of, colleagues_of
from contactcenter.languages import language, zone

MOST_DAYS = 400


class OwnAbsenceForm(FlaskForm):
    from_on = DateField(_l("Premier jour"), [InputRequired(_l("Choisissez un jour."))])
    to_on = DateField(_l("Dernier jour"), [InputRequired(_l("Choisissez un jour."))])
    substitute = SelectField(_l("Remplacé par"), validate_choice=True)

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)
        colleagues = db.session.scalars(colleagues_of(g.person)).all()
        self.substitute.choices = [
            ("", _("Toute l’équipe")),
            *((str(each.id), each.name) for each in colleagues),
        ]

    def validate_to_on(self, field: DateField) -> None:
        first = self.from_on.data
        if first is None or field.data is None:
            return
        if not 0 <= (field.data - first).days <= MOST_DAYS:
            raise ValidationError(_("Choisissez une fin après le début, dans l’année."))


@blueprint.get("/referrals/absences")
@requires(Permission.ANSWER_REFERRALS)
def list_absences() -> ResponseReturnValue:
    return _page(OwnAbsenceForm(formdata=None))


@blueprint.post("/referrals/absences")
@requires(Permission.ANSWER_REFERRALS)
def create_absence() -> ResponseReturnValue:
    form = OwnAbsenceForm()
    if not form.validate_on_submit():
        return _page(form), 422
    substitute = form.substitute.data
    db.session.add(
        Absence(
            person_id=g.person.id,
            from_on=form.from_on.data,
            to_on=form.to_on.data,
            substitute_id=int(substitute) if substitute else None,
        )
    )
    outbox.stage("escalation.look_after_left")
    flash(_("C’est noté. Ce que vous tenez passe ces jours-là à qui vous remplace."))
    return redirect("/referrals/absences", 303)


@blueprint.post("/referrals/absences/<int:absence_id>/removal")
@requires(Permission.ANSWER_REFERRALS)
def remove_absence(absence_id: int) -> ResponseReturnValue:
    absence = db.session.get(Absence, (g.person.centre_id, absence_id))
    if absence is None or absence.person_id != g.person.id:
        raise NotFound(_("Cette absence n’est pas à vous."))
    db.session.delete(absence)
    return redirect("/referrals/absences", 303)


def _page(form: OwnAbsenceForm) -> str:
    today = clock.now().astimezone(zone()).date()
    return render_template(
        "escalation/absences.html",
        form=form,
        absences=db.session.scalars(absences_of(g.person, today)).all(),
        in_words=lambda on: format_date(on, locale=language()),
        names={each.id: each.name for each in db.session.scalars(colleagues_of(g.person))},
    )
