"""Blocking and delay in systems of agents, exactly: Erlang B and C, and Erlang A.

`load` is in Erlang: arrivals per second x mean handling seconds. Erlang A is the queue M/M/n+M in
which each waiting citizen gives up after an exponential patience; it becomes Erlang C when nobody
does. Sources: Erlang (1917) for B and C; Garnett, Mandelbaum and Reiman (2002) for A, computed
here as the birth and death process itself, state by state.
"""

from dataclasses import dataclass
from itertools import count
from math import exp, floor, inf

# Relative size below which further terms cannot change a float.
NEGLIGIBLE = 1e-19
# A last line is taken this rarely at most: below it the share of blocked calls is nought.
VANISHED = 1e-300
HUGE = 1e250


def blocking(servers: float, load: float) -> float:
    """Share of arrivals that find all servers taken when nobody can wait (Erlang B)."""
    return 1 / inverse_blocking(servers, load)


def delay(servers: float, load: float) -> float:
    """Share of arrivals that wait when nobody gives up (Erlang C); 1 when load >= servers."""
    if load >= servers:
        return 1.0
    blocked = blocking(servers, load)
    return servers * blocked / (servers - load * (1 - blocked))


def inverse_blocking(servers: float, load: float) -> float:
    """1 / Erlang B for any number of servers above -1, whole or not; infinite without load.

    Summed downwards from the last server, so that only terms that matter are taken.
    """
    if load == 0:
        return inf if servers > 0 else 1.0
    if servers < 0:
        return (inverse_blocking(servers + 1, load) - 1) * load / (servers + 1)
    term, sum_of_terms, left = 1.0, 0.0, servers
    while left >= 1:
        sum_of_terms += term
        term *= left / load
        left -= 1
        if term > HUGE:
            return inf
        if left < load and term < NEGLIGIBLE * sum_of_terms:
            return sum_of_terms
    return sum_of_terms + term * _inverse_blocking_below_one(left, load)


def _inverse_blocking_below_one(servers: float, load: float) -> float:
    """1 / Erlang B for less than one server: integral of exp(-y) (1 + y/load)^servers over y > 0.

    By the double-exponential rule, whose error here is below 1e-14.
    """
    if servers == 0:
        return 1.0
    step, whole = 1 / 32, 0.0
    for k in range(-160, 161):
        t = k * step
        y = exp(t - exp(-t))
        whole += exp(-y) * (1 + y / load) ** servers * y * (1 + exp(-t)) * step
    return whole


@dataclass(frozen=True)
class Waiting:
    """Long-run state of a system in which some wait, all shares of everyone who arrives.

    `waiting[i]` belongs to `first + i` citizens waiting while all agents are busy; `free` is the
    share that finds a free agent, `full` the one that finds all lines taken.
    """

    free: float
    full: float
    first: int
    waiting: tuple[float, ...]

    @property
    def must_wait(self) -> float:
        return sum(self.waiting)

    def mean_length(self, room: float) -> float:
        """Mean number waiting; when full, `room` of them are."""
        lengths = sum(share * n for n, share in enumerate(self.waiting, start=self.first))
        return lengths + (self.full * room if self.full else 0.0)


def long_run(
    arrivals: float, agents: float, ends: float, leaves: float, room: float = inf
) -> Waiting:
    """Solve the birth and death process.

    Rates are per second: `arrivals`, `ends` of one agent's handling, `leaves` of one waiting
    citizen. `room` is how many may wait. Needs agents, and a queue that does not grow for ever.
    """
    served = agents * ends
    mode = _most_likely(arrivals, served, leaves, room)
    below, first, touches_zero = _downwards(mode, arrivals, served, leaves)
    above = _upwards(mode, arrivals, served, leaves, room)
    weights = [*reversed(below), 1.0, *above]
    # Everything is relative to the likeliest length; states with a free agent hang on length 0.
    free = 0.0
    if touches_zero:
        free = weights[0] * served / arrivals * inverse_blocking(agents - 1, arrivals / ends)
    if free == inf:
        return Waiting(1.0, 0.0, 0, ())
    whole = free + sum(weights)
    shares = [weight / whole for weight in weights]
    full = shares.pop() if first + len(shares) - 1 == room else 0.0
    return Waiting(free / whole, full, first, tuple(shares))


def _most_likely(arrivals: float, served: float, leaves: float, room: float) -> int:
    if arrivals <= served:
        return 0
    likeliest = (arrivals - served) / leaves if leaves else inf
    return floor(min(likeliest, room))


def _downwards(
    mode: int, arrivals: float, served: float, leaves: float
) -> tuple[list[float], int, bool]:
    """Weights of shorter queues, the shortest length that matters, and whether that is none."""
    weights: list[float] = []
    weight, whole = 1.0, 1.0
    for length in range(mode, 0, -1):
        weight *= (served + length * leaves) / arrivals
        if weight < NEGLIGIBLE * whole:
            return weights, length, False
        weights.append(weight)
        whole += weight
    return weights, 0, True


def _upwards(mode: int, arrivals: float, served: float, leaves: float, room: float) -> list[float]:
    weights: list[float] = []
    weight, whole = 1.0, 1.0
    for length in count(mode + 1):
        weight *= arrivals / (served + length * leaves)
        if length > room or weight < (NEGLIGIBLE * whole if room == inf else VANISHED):
            return weights
        weights.append(weight)
        whole += weight
    raise AssertionError("unreachable")
