"""What planning does by itself: play rehearsed days, stretch by stretch."""

from contactcenter.edge import job
from contactcenter.planning import what_ifs


@job
def play_days(what_if_id: int, done: int) -> None:
    """Run again from the same place, it plays nothing twice."""
    what_ifs.run_stretch(what_if_id, done)
