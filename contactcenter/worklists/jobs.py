"""Acts on many tickets, a few rows at a time, and the one letter that follows from them."""

from contactcenter.accounts.models import Centre, Person
from contactcenter.db import current_centre, db
from contactcenter.edge import job
from contactcenter.escalation import letters
from contactcenter.links import public_url
from contactcenter.notices import actions as notices
from contactcenter.notices.letters import speaking
from contactcenter.notices.models import Means
from contactcenter.worklists import actions, queries, question_verbs
from contactcenter.worklists.models import BulkAct


@job
def run_bulk(bulk_id: int) -> None:
    """Do the next rows of an act on many tickets."""
    actions.go_on(_act(bulk_id))


@job
def tell_handed(bulk_id: int) -> None:
    """Tell a colleague once of all that was handed to them, as long as some of it is theirs."""
    bulk = _act(bulk_id)
    to_id = question_verbs.number(bulk.value)
    many, played = db.session.execute(queries.still_handed(bulk, to_id)).one()
    if not many:
        return
    to = db.session.get_one(Person, (bulk.centre_id, to_id))
    with speaking(to.language, db.session.get_one(Centre, bulk.centre_id).timezone):
        letter = letters.handed_many(many, public_url("/referrals?whose=mine"))
    notices.write(
        kind="referral_handed",
        means=Means.EMAIL,
        to_address=to.email,
        subject=letter.subject,
        body=letter.body,
        language=to.language,
        dedupe_key=f"bulk:{bulk.id}:handed",
        is_rehearsal=played,
    )


def _act(bulk_id: int) -> BulkAct:
    return db.session.get_one(BulkAct, (current_centre(), bulk_id))
