"""What incidents do by themselves."""

from contactcenter import clock
from contactcenter.db import current_centre, db
from contactcenter.edge import job, sweep
from contactcenter.incidents import telling
from contactcenter.incidents.models import Incident
from contactcenter.incidents.watching import watch_topics as watch


@job
def tell(incident_id: int) -> None:
    """Tell the next of an incident; the lock lets one worker do so at a time."""
    held = {"key_share": True}  # requests may still be attached
    incident = db.session.get_one(Incident, (current_centre(), incident_id), with_for_update=held)
    telling.go_on(incident)


@sweep(every_seconds=300)
def watch_topics() -> None:
    watch(clock.now())
