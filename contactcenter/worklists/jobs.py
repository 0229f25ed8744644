from contactcenter.db import current_centre, db
from contactcenter.edge import job
from contactcenter.worklists import actions
from contactcenter.worklists.models import BulkAct


@job
def run_bulk(bulk_id: int) -> None:
    """Do the next rows of an act on many tickets."""
    actions.go_on(db.session.get_one(BulkAct, (current_centre(), bulk_id)))
