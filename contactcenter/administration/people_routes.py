"""The people of the centre: invite them, say what they serve, close their account."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from contactcenter.accounts import actions, queries
from contactcenter.accounts.models import Organisation, Person
from contactcenter.accounts.permissions import Permission, requires
from contactcenter.administration import actions as administration
from contactcenter.administration import choices, invitations
from contactcenter.administration.actions import Place
from contactcenter.administration.paging import page_of
from contactcenter.administration.people_forms import ROLES, InvitedPersonForm, PersonForm
from contactcenter.db import db
from contactcenter.errors import Invalid, NotFound
from contactcenter.escalation import coverage
from contactcenter.escalation.staffing_queries import colleagues_of
from contactcenter.fields import whole_number
from contactcenter.links import public_url
from contactcenter.tickets.queries import open_assigned_to

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
@requires(Permission.MANAGE_PEOPLE)
def list_people() -> ResponseReturnValue:
    words = request.args.get("q", "").strip()
    seen = {row[0]: row[1] for row in db.session.execute(queries.last_seen(g.centre.id))}
    page = page_of(queries.people_named(g.centre.id, words))
    return render_template(
        "administration/people.html",
        page=page,
        unreached=invitations.unreached(page.rows),
        words=words,
        seen=seen,
        roles=ROLES,
        organisations=_organisations(),
    )


@blueprint.get("/people/new")
@requires(Permission.MANAGE_PEOPLE)
def show_new_person() -> ResponseReturnValue:
    return _form_page(InvitedPersonForm(formdata=None), None)


@blueprint.post("/people")
@requires(Permission.MANAGE_PEOPLE)
def create_person() -> ResponseReturnValue:
    form = InvitedPersonForm()
    if not form.validate_on_submit():
        return _form_page(form, None), 422
    try:
        person, token = administration.invite(form.email.data, _place(form), by=g.person)
    except Invalid as invalid:
        return _refused(form, invalid, None)
    return _invitation_page(person, token)


@blueprint.get("/people/<int:person_id>")
@requires(Permission.MANAGE_PEOPLE)
def show_person(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    memberships = list(db.session.scalars(queries.memberships(person)))
    return _form_page(PersonForm.of(person, memberships), person)


@blueprint.post("/people/<int:person_id>")
@requires(Permission.MANAGE_PEOPLE)
def update_person(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    form = PersonForm()
    if not form.validate_on_submit():
        return _form_page(form, person), 422
    if (emptied := _emptied(person, form)) and "leave_empty" not in request.form:
        return render_template(
            "administration/person.html", form=form, entry=person, emptied=emptied
        ), 422
    try:
        administration.change(person, _place(form), by=g.person)
    except Invalid as invalid:
        return _refused(form, invalid, person)
    flash(_("%(name)s : c’est gardé.", name=person.name))
    return redirect(url_for("people.list_people"), 303)


@blueprint.post("/people/<int:person_id>/invitation")
@requires(Permission.MANAGE_PEOPLE)
def create_invitation(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    return _invitation_page(person, actions.renew_invitation(person, by=g.person))


@blueprint.get("/people/<int:person_id>/closing")
@requires(Permission.MANAGE_PEOPLE)
def show_closing(person_id: int) -> ResponseReturnValue:
    """What becomes of what this person holds, before the account is closed."""
    person = _person(person_id)
    return render_template(
        "administration/closing.html",
        entry=person,
        left=coverage.preview(person),
        requests=db.session.scalars(open_assigned_to(person)).all(),
        colleagues=db.session.scalars(colleagues_of(person)).all(),
        teams=choices.teams(),
    )


@blueprint.post("/people/<int:person_id>/closing")
@requires(Permission.MANAGE_PEOPLE)
def close_account(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    chosen = request.form.get("substitute", type=whole_number)
    colleagues = {each.id: each for each in db.session.scalars(colleagues_of(person))}
    administration.close_account(person, colleagues.get(chosen or 0), by=g.person)
    flash(_("Compte fermé, avec ses sessions : %(name)s.", name=person.name))
    return redirect(url_for("people.list_people"), 303)


@blueprint.post("/people/<int:person_id>/reopening")
@requires(Permission.MANAGE_PEOPLE)
def reopen_account(person_id: int) -> ResponseReturnValue:
    person = _person(person_id)
    actions.enable(person, by=g.person)
    flash(_("Compte de nouveau ouvert : %(name)s.", name=person.name))
    return redirect(url_for("people.list_people"), 303)


def _person(person_id: int) -> Person:
    person: Person | None = db.session.scalar(
        queries.people_of(g.centre.id).where(Person.id == person_id)
    )
    if person is None:
        raise NotFound
    return person


def _organisations() -> dict[int, Organisation]:
    return {each.id: each for each in db.session.scalars(queries.organisations_of(g.centre.id))}


def _emptied(person: Person, form: PersonForm) -> list[coverage.Emptied]:
    """Teams whose questions would wait for nobody once this is kept."""
    stays = {served.team_id for served in form.served}
    left = coverage.preview(person).emptied if person.is_active else ()
    return [each for each in left if each.questions and each.team.id not in stays]


def _place(form: PersonForm) -> Place:
    return Place(
        name=form.name.data,
        role=form.role.data,
        organisation=_organisations()[form.organisation_id.data],
        language=form.language.data,
        served=form.served,
    )


def _refused(form: PersonForm, invalid: Invalid, person: Person | None) -> ResponseReturnValue:
    form[invalid.field or "name"].errors = [str(invalid)]
    return _form_page(form, person), 422


def _form_page(form: PersonForm, person: Person | None) -> str:
    failure = invitations.unreached([person]).get(person.id) if person else None
    return render_template("administration/person.html", form=form, entry=person, unreached=failure)


def _invitation_page(person: Person, token: str) -> ResponseReturnValue:
    """Where mail can leave, the link goes to the person alone; else it is shown this once."""
    link = public_url(url_for("accounts.show_invitation", token=token))
    if invitations.leave_by_mail():
        invitations.send(person, link)
        link = ""
    elif person.password_hash is not None:
        invitations.tell_renewed(person)
    return render_template("administration/invited.html", invited=person, link=link), 201
