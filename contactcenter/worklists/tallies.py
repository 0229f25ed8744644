"""How far an act on many tickets is, and how its rows ended."""

from dataclasses import dataclass

from contactcenter.db import db
from contactcenter.worklists.models import BulkAct, Outcome, Refusal
from contactcenter.worklists.queries import tally


@dataclass(frozen=True)
class Tally:
    changed: int
    unchanged: int
    refused: dict[Refusal, int]
    total: int

    @property
    def done(self) -> int:
        return self.changed + self.unchanged + sum(self.refused.values())


def tally_of(bulk: BulkAct) -> Tally:
    rows = db.session.execute(tally(bulk)).all()
    numbers = {(outcome, refusal): number for outcome, refusal, number in rows}
    return Tally(
        changed=numbers.get((Outcome.CHANGED, None), 0),
        unchanged=numbers.get((Outcome.UNCHANGED, None), 0),
        refused={why: n for (_outcome, why), n in numbers.items() if why is not None},
        total=bulk.total,
    )
