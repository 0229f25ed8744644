"""Whether more people come than was expected, told before the queue is long: a CUSUM of counts.

Each interval adds the evidence of its count for a surge of half as much again (the logarithm of the
likelihood ratio); the score never falls below 0, and an alarm is a score of `ALARM` or more. For
counts without more spread than Poisson's this is the classical rule C = max(0, C + x - k) with
k = (m1 - m0) / ln(m1 / m0) (Page 1954), every term multiplied by ln(m1 / m0). Days differ more than
that: `spread` is the coefficient of variation of the busyness of a day (gamma-Poisson), so that a
lively day is not taken for a surge. Being a ratio, the same alarm fits any expectation.
"""

from dataclasses import dataclass
from math import log, log1p

# Days differ by at least this much from what is expected, whatever few weeks say.
LEAST_SPREAD = 0.12
SURGE = 1.5  # times the expected: what the alarm is tuned to
ALARM = 10 * log(SURGE)  # the classical h = 10
HIGHEST = 2 * ALARM  # so that the end of a great surge is seen soon
# Less is not expected of an open queue, or one visitor at dawn would be a surge.
LEAST_EXPECTED = 0.25


def reference_count(usual: float, surged: float) -> float:
    """K of the classical rule: the count that speaks neither for one mean nor for the other."""
    return (surged - usual) / log(surged / usual)


def evidence(count: int, expected: float, spread: float = 0.0) -> float:
    """How much this count speaks for a surge (above 0) or against it."""
    usual = max(expected, LEAST_EXPECTED)
    surged = usual * SURGE
    if not spread:
        return count * log(SURGE) - (surged - usual)
    size = 1 / spread**2
    return count * log(SURGE * (size + usual) / (size + surged)) - size * log1p(
        (surged - usual) / (size + usual)
    )


@dataclass(frozen=True)
class Watch:
    """The score so far, and whether it is an alarm: one ends when the score is back at 0."""

    score: float = 0.0
    is_alarm: bool = False

    def after(self, count: int, expected: float, spread: float = 0.0) -> "Watch":
        score = min(HIGHEST, max(0.0, self.score + evidence(count, expected, spread)))
        return Watch(score, score >= ALARM or (self.is_alarm and score > 0))
