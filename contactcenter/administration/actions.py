"""The verbs about people that need more than accounts know: what each may be a member of."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask_babel import gettext as _
from sqlalchemy import func, inspect, select

from contactcenter.accounts import actions as accounts
from contactcenter.accounts.actions import Served
from contactcenter.accounts.events import PersonChanged
from contactcenter.accounts.models import Organisation, Person
from contactcenter.accounts.permissions import Role
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.errors import Invalid
from contactcenter.escalation import coverage
from contactcenter.events import announce
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.queries import open_assigned_to


class Place(NamedTuple):
    """Who a person is in the centre, and what they serve (and whether they lead it)."""

    name: str
    role: Role
    organisation: Organisation
    language: str
    served: Mapping[Served, bool]


def invite(email: str, place: Place, *, by: Person) -> tuple[Person, str]:
    """Add the person where they belong; also returns the token of their invitation link."""
    _check(place)
    person, token = accounts.invite(
        name=place.name,
        email=email,
        role=place.role,
        organisation=place.organisation,
        language=place.language,
        by=by,
    )
    accounts.serve_only(person, place.served)
    return person, token


def change(person: Person, place: Place, *, by: Person) -> None:
    """Move a person to this place. Raises Invalid naming the field that does not fit."""
    if person.id == by.id and place.role is not person.role:
        raise Invalid(_("Un autre administrateur doit changer votre rôle."), "role")
    _check(place)
    accounts.place(person, place.role, place.organisation)
    person.name, person.language = place.name, place.language
    attributes: Any = inspect(person).attrs
    changed = [name for name in attributes.keys() if attributes[name].history.has_changes()]  # noqa: SIM118 - not a dict
    if accounts.serve_only(person, place.served):
        changed.append("memberships")
    if changed:
        announce(PersonChanged(person_id=by.id, changed_id=person.id, changed=changed))


def close_account(person: Person, to: Person | None, *, by: Person) -> None:
    """Hand over what someone holds, then close their account: no case is left alone or closed.

    Questions go to `to`, or back to their teams; requests go back to where they wait.
    """
    coverage.hand_over(person, to)
    for ticket in db.session.scalars(open_assigned_to(person).with_for_update()).all():
        tickets.assign(ticket, None, by=by)
    accounts.disable(person, by=by)


def _check(place: Place) -> None:
    """A referent serves teams of their own organisation; the others serve sites and queues."""
    if place.role is Role.REFERENT and any(not each.team_id for each in place.served):
        raise Invalid(_("Un référent sert des équipes, ni lieux ni files."), "teams")
    teams = {each.team_id for each in place.served if each.team_id}
    of_theirs = (
        select(func.count())
        .select_from(Team)
        .where(
            Team.centre_id == place.organisation.centre_id,
            Team.organisation_id == place.organisation.id,
            Team.id.in_(teams),
        )
    )
    if db.session.scalar(of_theirs) != len(teams):
        raise Invalid(_("Choisir des équipes du même organisme."), "teams")
