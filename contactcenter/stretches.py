"""A trial on much that is past: looked at stretch by stretch, from the newest to the oldest.

A short one is done at once; the workers go on with a long one while its page shows how far it is.
A stretch that is rung for twice is looked at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from sqlalchemy.orm import Mapped, mapped_column

from contactcenter import clock, live, outbox
from contactcenter.db import Id, current_centre, db

LOOKS_BACK = timedelta(days=30)
AT_ONCE = 1_000  # rows
STRETCH = 500


class Stretched:
    """How far a trial is: the next stretch begins below `next_id`."""

    if TYPE_CHECKING:
        id: Mapped[int]

    asked_at: Mapped[datetime]
    since: Mapped[datetime]
    total: Mapped[int]
    looked_at: Mapped[int] = mapped_column(default=0)
    next_id: Mapped[Id | None]
    finished_at: Mapped[datetime | None]


Trial = TypeVar("Trial", bound=Stretched)


def whole(since: datetime, total: int, newest: int | None) -> dict[str, Any]:
    """What a trial begins with, of that many rows up to the newest."""
    return {
        "asked_at": clock.now(),
        "since": since,
        "total": total,
        "looked_at": 0,
        "next_id": (newest or 0) + 1,
    }


@dataclass(frozen=True)
class Walk(Generic[Trial]):
    """`look` looks at the next rows of a trial, at most so many, and returns their ids in order.

    `job` is the one that calls `go_on`; `topic` and the trial's id are what its page listens to.
    """

    model: type[Trial]
    job: str
    topic: str
    look: Callable[[Trial, int], Sequence[int]]

    def begin(self, trial: Trial) -> Trial:
        db.session.add(trial)
        db.session.flush()  # its stretches, and what they find, name it
        if trial.total > AT_ONCE:
            self._stage(trial)
            return trial
        while trial.finished_at is None:
            self._look(trial)
        return trial

    def go_on(self, trial_id: int, next_id: int) -> None:
        """The next stretch, and stage the rest; one already looked at is left alone."""
        trial = db.session.get(self.model, (current_centre(), trial_id), with_for_update=True)
        if trial is None or trial.finished_at is not None or trial.next_id != next_id:
            return
        self._look(trial)
        live.touch(f"{self.topic}:{trial.id}")
        if trial.finished_at is None:
            self._stage(trial)

    def _look(self, trial: Trial) -> None:
        most = min(STRETCH, trial.total - trial.looked_at)
        ids = self.look(trial, most) if most else []
        trial.looked_at += len(ids)
        if ids:
            trial.next_id = ids[-1]
        if len(ids) < STRETCH or trial.looked_at >= trial.total:
            trial.finished_at = clock.now()
        db.session.flush()  # the next stretch asks what is kept

    def _stage(self, trial: Trial) -> None:
        outbox.stage(self.job, lane="bulk", trial_id=trial.id, next_id=trial.next_id)
