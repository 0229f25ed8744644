"""One day's service level under the four formulas that tenders quote, with what each divides by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from contactcenter.queues.legs import Leg, Window, in_ticks, rate
from contactcenter.queues.outcomes import OWED, Outcome
from contactcenter.queues.rows import VisitRow


@dataclass(frozen=True)
class ServiceLevel:
    name: str  # ours, asterisk, asterisk_2, genesys
    part: int
    whole: int

    @property
    def share(self) -> float | None:
        return rate(self.part, self.whole)


def service_levels(
    rows: Iterable[VisitRow], window: Window, target: timedelta
) -> tuple[ServiceLevel, ...]:
    """Ours; answered only; with those who gave up in time as good; without those who left at once.

    Source: `apps/app_queue.c` of Asterisk for the second and third, the default of Genesys Cloud
    for the fourth.
    """
    within = in_ticks(target)
    legs = [leg for leg in window.cohort(Leg(row, window) for row in rows) if leg.offered]
    answered = sum(leg.answered for leg in legs)
    prompt = sum(leg.answered and leg.within(within) for leg in legs)
    gave_up = sum(leg.gave_up for leg in legs)
    gave_up_soon = sum(leg.gave_up and leg.within(within) for leg in legs)
    at_once = sum(leg.row.outcome is Outcome.ABANDONED_SHORT for leg in legs)
    owed = sum(leg.row.outcome in OWED for leg in legs)
    return (
        ServiceLevel("ours", prompt, owed),
        ServiceLevel("asterisk", prompt, answered),
        ServiceLevel("asterisk_2", prompt + gave_up_soon, answered + gave_up),
        ServiceLevel("genesys", prompt, answered + gave_up - at_once),
    )
