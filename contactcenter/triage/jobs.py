"""What triage does by itself: learn from finished requests, and try a rule stretch by stretch."""

from contactcenter.edge import job, sweep
from contactcenter.triage import learning, taking
from contactcenter.triage.trials import WALK


@sweep(every_seconds=20)
def learn_from_finished() -> None:
    learning.learn()


@sweep(every_seconds=30)
def give_back_unanswered() -> None:
    taking.give_back_unanswered()


@job
def try_rule(trial_id: int, next_id: int) -> None:
    """Run again from the same place, it adds nothing twice."""
    WALK.go_on(trial_id, next_id)
