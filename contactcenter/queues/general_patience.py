"""What agents achieve when patience follows the curve that was measured: M/M/n+G, in closed form.

Baccelli and Hebuterne (1981), Zeltyn and Mandelbaum (2005). The measured curve is a step function,
so the willingness to wait H(x), its integral, is made of straight pieces, on each of which the
density of the offered wait, exp(arrivals H(x) - served x), is one exponential.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import exp, inf

from contactcenter.queues.erlang import inverse_blocking
from contactcenter.queues.patience import Survival
from contactcenter.queues.staffing import Case, NeverSettles, Performance

# Below this product a power series is more exact than the quotient.
SMALL = 1e-3


@dataclass(frozen=True)
class Piece:
    """A stretch of waits on which the share still willing is `share`; it may have no end.

    The density of the offered wait is exp(start + slope * x), x from the beginning of the piece.
    """

    begins: float
    lasts: float
    share: float
    start: float
    slope: float


def general_performance(case: Case, curve: Survival, *, unit_seconds: float = 1.0) -> Performance:
    """Long-run results with the patience of `curve`, whose waits are in `unit_seconds`.

    The case's own patience and lines are not used. Raises NeverSettles.
    """
    if case.arrivals_per_hour == 0:
        return Performance(0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0 if case.agents else None)
    if case.agents == 0 or case.arrivals * _stays(curve) >= case.served:
        raise NeverSettles
    pieces, top = _levelled(list(_pieces(case, curve, unit_seconds)))
    free = inverse_blocking(case.agents - 1, case.load) * exp(-top)
    if free == inf:
        return Performance(0.0, 0.0, 0.0, 0.0, 0.0, 1.0, case.load / case.agents)
    integrals = [_area(piece, piece.lasts) for piece in pieces]
    busy = case.arrivals * sum(integrals)
    whole = free + busy
    reached = zip(pieces, integrals, strict=True)
    answered_late = sum(piece.share * integral for piece, integral in reached)
    served_share = (free + case.arrivals * answered_late) / whole
    in_time = (free + case.arrivals * _within(pieces, case.threshold_seconds)) / whole
    waited, waited_served = _waits(pieces, integrals)
    return Performance(
        p_wait=busy / whole,
        p_abandon=max(0.0, 1 - served_share),
        p_block=0.0,
        asa_seconds=case.arrivals * waited_served / whole / served_share,
        mean_wait_seconds=case.arrivals * waited / whole,
        service_level=min(1.0, in_time),
        occupancy=min(1.0, case.load * served_share / case.agents),
    )


def _stays(curve: Survival) -> float:
    return float(curve.shares[-1]) if curve.shares else 1.0


def _pieces(case: Case, curve: Survival, unit_seconds: float) -> Iterator[Piece]:
    begins, share, start = 0.0, 1.0, 0.0
    for wait, after in zip(curve.waits, curve.shares, strict=True):
        ends = wait * unit_seconds
        slope = case.arrivals * share - case.served
        if ends > begins:
            yield Piece(begins, ends - begins, share, start, slope)
            start += slope * (ends - begins)
        begins, share = ends, float(after)
    yield Piece(begins, inf, share, start, case.arrivals * share - case.served)


def _levelled(pieces: list[Piece]) -> tuple[list[Piece], float]:
    """Relative to the likeliest offered wait, so that nothing outgrows a float."""
    top = max(piece.start for piece in pieces)
    return [replace(piece, start=piece.start - top) for piece in pieces], top


def _area(piece: Piece, lasts: float) -> float:
    """Integral of the density over the first so many seconds of the piece."""
    start, slope = piece.start, piece.slope
    if lasts == inf:
        return -exp(start) / slope
    z = slope * lasts
    if abs(z) < SMALL:
        return exp(start) * lasts * (1 + z / 2 * (1 + z / 3 * (1 + z / 4 * (1 + z / 5))))
    return (exp(start + z) - exp(start)) / slope


def _moment(piece: Piece) -> float:
    """Integral of x times the density over the piece, x from its beginning."""
    start, slope, lasts = piece.start, piece.slope, piece.lasts
    if lasts == inf:
        return exp(start) / slope**2
    z = slope * lasts
    if abs(z) < SMALL:
        return exp(start) * lasts**2 * (1 / 2 + z / 3 + z**2 / 8 + z**3 / 30)
    return (lasts * exp(start + z) - _area(piece, lasts)) / slope


def _within(pieces: list[Piece], threshold: float) -> float:
    """Integral of the share still willing x the density, up to the threshold."""
    whole = 0.0
    for piece in pieces:
        lasts = min(piece.lasts, threshold - piece.begins)
        if lasts > 0:
            whole += piece.share * _area(piece, lasts)
    return whole


def _waits(pieces: list[Piece], integrals: list[float]) -> tuple[float, float]:
    """Integrals of everybody's wait and of the wait of those who are served.

    Everybody waits min(V, patience): the share willing at x, times the mass of V beyond x.
    """
    everybody = served = beyond = 0.0
    for piece, integral in zip(reversed(pieces), reversed(integrals), strict=True):
        moment = _moment(piece)
        served += piece.share * (piece.begins * integral + moment)
        everybody += piece.share * moment
        if beyond:
            everybody += piece.share * piece.lasts * beyond
        beyond += integral
    return everybody, served
