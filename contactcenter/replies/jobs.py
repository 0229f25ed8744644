"""Let replies leave when their time to be called back is over."""

from contactcenter.edge import job, sweep
from contactcenter.replies import actions


@job
def release(held_id: int) -> None:
    actions.release(held_id)


@sweep(every_seconds=3600)
def forget_old_drafts() -> None:
    actions.forget_old_drafts()
