"""How long people are willing to wait, estimated from those who gave up and those who did not.

Whoever was served would have waited longer: their patience is known to exceed their wait
("censored"). The mean wait of those who gave up is therefore far below the mean patience.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from math import exp, sqrt

# Thousands of factors keep every digit a float can show.
DIGITS = 50
# With nobody leaving, a rate above this over the time waited has less than 5 % chance.
RULE_OF_THREE = 3.0
NORMAL_95 = 1.959963984540054


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

    def restricted_mean(self, horizon: float) -> float:
        """Mean of min(patience, horizon): what the curve tells without guessing its tail."""
        whole, before, share = 0.0, 0.0, 1.0
        for wait, after in zip(self.waits, self.shares, strict=True):
            if wait >= horizon:
                break
            whole += share * (wait - before)
            before, share = wait, float(after)
        return whole + share * (horizon - before)


@dataclass(frozen=True)
class MeanPatience:
    """Exponential estimate with its 95 % interval; None above where nobody gave up.

    Without departures `seconds` is None and `low` says "at least".
    """

    seconds: float | None
    low: float
    high: float | None


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


def mean_patience(departures: int, waited: float) -> MeanPatience | None:
    """From the number who gave up and the time everybody waited; None when nobody waited.

    Maximum likelihood for exponential patience: the time waited over the departures, whose
    logarithm has a standard error of 1/sqrt(departures).
    """
    if waited <= 0:
        return None
    if departures == 0:
        return MeanPatience(None, waited / RULE_OF_THREE, None)
    mean, spread = waited / departures, exp(NORMAL_95 / sqrt(departures))
    return MeanPatience(mean, mean / spread, mean * spread)
