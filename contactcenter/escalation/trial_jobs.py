"""A long trial of a ladder goes on in the workers, stretch by stretch."""

from contactcenter.edge import job
from contactcenter.escalation.trials import WALK


@job
def try_ladder(trial_id: int, next_id: int) -> None:
    """Run again from the same place, it counts nothing twice."""
    WALK.go_on(trial_id, next_id)
