"""How long people are willing to wait, estimated from those who gave up and those who did not.

Whoever was served would have waited longer: their patience is known to exceed their wait
("censored"). The mean wait of those who gave up is therefore far below the mean patience.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

# Thousands of factors keep every digit a float can show.
DIGITS = 50


@dataclass(frozen=True)
class Survival:
    """Kaplan-Meier curve: share still willing to wait after each wait at which someone gave up."""

    waits: tuple[int, ...]
    shares: tuple[Decimal, ...]

    def at(self, wait: int) -> float:
        reached = sum(1 for known in self.waits if known <= wait)
        return float(self.shares[reached - 1]) if reached else 1.0

    @property
    def median(self) -> int | None:
        """Shortest wait after which at most half are left; None when more than half stayed."""
        half = Decimal("0.5")
        left = zip(self.waits, self.shares, strict=True)
        return next((wait for wait, share in left if share <= half), None)


def survival(gave_up: Sequence[int], censored: Sequence[int]) -> Survival:
    """Estimate the curve from waits in any unit; at equal waits giving up comes first."""
    leaving, staying = Counter(gave_up), Counter(censored)
    at_risk = len(gave_up) + len(censored)
    waits: list[int] = []
    shares: list[Decimal] = []
    with localcontext(prec=DIGITS):
        share = Decimal(1)
        for wait in sorted(leaving.keys() | staying.keys()):
            if leaving[wait]:
                share = share * (at_risk - leaving[wait]) / at_risk
                waits.append(wait)
                shares.append(share)
            at_risk -= leaving[wait] + staying[wait]
    return Survival(tuple(waits), tuple(shares))
