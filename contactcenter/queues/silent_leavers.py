"""Patience where some leave without a sign: found gone when called, they left some time before.

Their patience lies between nothing and the call ("interval-censored"), so the curve is the one of
greatest likelihood (Turnbull 1976), by the self-consistency steps of Efron: each observation is
spread over the waits it allows, as the last estimate would spread it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import accumulate, pairwise

from contactcenter.queues.patience import Survival, survival

STEPS = 2000
SETTLED = 1e-9


def survival_with_silent(
    gave_up: Sequence[int], censored: Sequence[int], found_gone: Sequence[int]
) -> Survival:
    """Curve from exact waits, waits survived, and waits within which somebody left unseen."""
    if not found_gone:
        return survival(gave_up, censored)
    leaving, staying, gone = Counter(gave_up), Counter(censored), Counter(found_gone)
    points = sorted(leaving.keys() | gone.keys())
    # To begin with, whoever was found gone left at that moment.
    masses = _masses(survival([*gave_up, *found_gone], censored), points)
    everybody = leaving.total() + staying.total() + gone.total()
    for _ in range(STEPS):
        better = _step(points, masses, leaving, staying, gone, everybody)
        moved = max(abs(new - old) for new, old in zip(better, masses, strict=True))
        masses = better
        if moved < SETTLED:
            break
    left = (1 - below for below in accumulate(masses[:-1]))
    shares = tuple(Decimal(max(0.0, share)) for share in left)
    return Survival(tuple(points), shares)


def _masses(curve: Survival, points: Sequence[int]) -> list[float]:
    """Share that leaves at each point, and last the share that stays beyond all of them."""
    left = [1.0, *(curve.at(point) for point in points)]
    return [before - after for before, after in pairwise(left)] + [left[-1]]


def _step(
    points: Sequence[int],
    masses: Sequence[float],
    leaving: Mapping[int, int],
    staying: Mapping[int, int],
    gone: Mapping[int, int],
    everybody: int,
) -> list[float]:
    below = list(accumulate(masses))
    whole = below[-1]
    # What each point and all before it receive from those found gone at or after it.
    from_gone, received = [0.0] * len(masses), 0.0
    for place in range(len(points) - 1, -1, -1):
        if gone.get(points[place]) and below[place] > 0:
            received += gone[points[place]] / below[place]
        from_gone[place] = received
    # What each point and all after it receive from those who were still waiting before it.
    waits, from_staying, passed, next_one = sorted(staying), [0.0] * len(masses), 0.0, 0
    for place in range(len(masses)):
        limit = points[place] if place < len(points) else None
        while next_one < len(waits) and (limit is None or waits[next_one] < limit):
            beyond = whole - (below[place - 1] if place else 0.0)
            if beyond > 0:
                passed += staying[waits[next_one]] / beyond
            next_one += 1
        from_staying[place] = passed
    better = [
        mass * (from_gone[place] + from_staying[place]) / everybody
        for place, mass in enumerate(masses)
    ]
    for place, point in enumerate(points):
        better[place] += leaving.get(point, 0) / everybody
    return better
