"""Make a demo centre from its plan, once; what somebody changed in it since is left alone."""

from typing import Any

from sqlalchemy import Select, select, update

from contactcenter import clock
from contactcenter.accounts import passwords
from contactcenter.accounts.models import Centre, Person
from contactcenter.accounts.queries import centre_by_code
from contactcenter.db import Scope, current_centre, db, enter
from contactcenter.demo import past
from contactcenter.demo.makers import Maker
from contactcenter.demo.plans import Plan
from contactcenter.directory.models import Site
from contactcenter.queues.models import Queue


def make_centre(plan: Plan) -> bool:
    """Make the centre, unless one of its code is there; returns whether it was made."""
    if db.session.scalar(centre_by_code(plan.centre.code)):
        return False
    centre = Centre(**plan.centre.model_dump())
    db.session.add(centre)
    db.session.flush()  # everything else needs centre.id
    enter(Scope(centre.id))
    Maker(plan).make()
    return True


def lay_past(plan: Plan) -> None:
    """Give the queues of a centre that was just made the weeks that its plan wants before today."""
    counters = {site.name: len(site.counters) for site in plan.sites}
    places = {site.id: site for site in db.session.scalars(_of_centre(Site))}
    for queue in db.session.scalars(_of_centre(Queue).where(Queue.site_id.is_not(None))).all():
        site = places[queue.site_id]
        past.lay(queue, site, counters[site.name], clock.now())


def _of_centre(table: Any) -> Select[Any]:
    return select(table).where(table.centre_id == current_centre()).order_by(table.id)


def set_passwords(plan: Plan, password: str) -> None:
    """Give every person of the plan this password, where they have another one."""
    of_plan = Person.email.in_([person.email for person in plan.persons])
    found = db.session.scalars(select(Person.password_hash).where(of_plan).distinct()).all()
    if len(found) == 1 and passwords.matches(found[0], password):
        return
    hashed = passwords.hash_password(password)
    db.session.execute(update(Person).where(of_plan).values(password_hash=hashed))
