"""Counts whose rate is itself uncertain: the gamma law of the rate, and of the count it makes.

A gamma rate of mean m and shape k has a coefficient of variation of 1/sqrt(k); the Poisson count of
such a rate is negative binomial. An infinite shape is a rate that is certain.
"""

from math import exp, inf, lgamma, log, log1p, sqrt

STEPS = 100_000
EXACT = 1e-16
TINY = 1e-300


def share_above(shape: float, mean: float, limit: float) -> float:
    """Probability that a gamma rate of this shape and mean is above `limit`."""
    if limit == inf or mean == 0:
        return 0.0
    if limit <= 0:
        return 1.0
    if shape == inf:
        return 1.0 if mean > limit else 0.0
    return _upper(shape, shape * limit / mean)


def count_quantile(share: float, shape: float, mean: float) -> int:
    """Smallest count that is not exceeded with this probability."""
    if mean <= 0:
        return 0
    spread = sqrt(mean + mean * mean / shape)
    # What lies below is beyond all doubt less than any share that is asked for.
    count = max(0, int(mean - 12 * spread)) if mean > 50 and shape > 100 else 0
    weight = exp(_log_share(count, shape, mean))
    below = weight
    while below < share and count < mean + 100 * spread:
        ratio = mean if shape == inf else (count + shape) * mean / (shape + mean)
        count += 1
        weight *= ratio / count
        below += weight
    return count


def at_most(count: int, mean: float) -> float:
    """Probability that a Poisson count of this mean, above nought, is not beyond `count`."""
    return _upper(count + 1.0, mean) if count >= 0 else 0.0


def _log_share(count: int, shape: float, mean: float) -> float:
    if shape == inf:
        return count * log(mean) - mean - lgamma(count + 1)
    known = lgamma(count + shape) - lgamma(shape) - lgamma(count + 1)
    return known - shape * log1p(mean / shape) + count * log(mean / (shape + mean))


def _upper(shape: float, x: float) -> float:
    """Regularised upper incomplete gamma function: series below, continued fraction above."""
    scale = exp(shape * log(x) - x - lgamma(shape))
    if x < shape + 1:
        return max(0.0, 1 - scale * _series(shape, x))
    return scale * _fraction(shape, x)


def _series(shape: float, x: float) -> float:
    term = whole = 1 / shape
    for n in range(1, STEPS):
        term *= x / (shape + n)
        whole += term
        if term < EXACT * whole:
            break
    return whole


def _fraction(shape: float, x: float) -> float:
    """By Lentz's method."""
    b = x + 1 - shape
    c, d = 1 / TINY, 1 / b
    found = d
    for n in range(1, STEPS):
        a, b = -n * (n - shape), b + 2
        d = 1 / (_never_nought(a * d + b))
        c = _never_nought(b + a / c)
        found *= c * d
        if abs(c * d - 1) < EXACT * 4:
            break
    return found


def _never_nought(value: float) -> float:
    return value if abs(value) > TINY else TINY
