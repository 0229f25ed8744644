"""Who may follow an incident: who handles incidents."""

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.incidents.models import Incident
from contactcenter.incidents.queries import visible_to


@live.right_to_follow("incident")
def may_follow_incident(person: Person, rest: str) -> bool:
    if not rest.isdecimal() or len(rest) > 18:
        return False
    return db.session.scalar(visible_to(person).where(Incident.id == int(rest))) is not None
