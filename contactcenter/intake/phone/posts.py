"""An agent's post: the page that says they are there, the telephone that is rung for them."""

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens import actions as citizens
from contactcenter.citizens.rules import e164
from contactcenter.db import db
from contactcenter.errors import Invalid
from contactcenter.intake.phone import queries
from contactcenter.intake.phone.models import PhonePost


def see(person: Person) -> None:
    """A sign of life of their page."""
    _keep(person, seen_at=clock.now())


def set_number(person: Person, written: str) -> None:
    """The telephone to ring; none means the one in the browser. Raises Invalid."""
    number = e164(written, citizens.country()) if written.strip() else None
    if written.strip() and number is None:
        raise Invalid(_("Écrivez le numéro entier, par exemple 01 99 00 12 34."), "number")
    _keep(person, seen_at=clock.now(), number=number)


def number_of(person: Person) -> str | None:
    post: PhonePost | None = db.session.scalar(queries.post_of(person))
    return post.number if post else None


def telephone_of(person: Person) -> str:
    """What Twilio rings for this agent."""
    return number_of(person) or f"client:person-{person.id}"


def _keep(person: Person, **values: object) -> None:
    db.session.execute(
        insert(PhonePost)
        .values(centre_id=person.centre_id, person_id=person.id, **values)
        .on_conflict_do_update(index_elements=["centre_id", "person_id"], set_=values)
    )
