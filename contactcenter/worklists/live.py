"""Who may follow an act on many tickets: who began it."""

from contactcenter import live
from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.worklists.models import BulkAct
from contactcenter.worklists.queries import acts_of


@live.right_to_follow("bulk")
def may_follow_act(person: Person, rest: str) -> bool:
    if not rest.isdecimal() or len(rest) > 18:
        return False
    return db.session.scalar(acts_of(person).where(BulkAct.id == int(rest))) is not None
