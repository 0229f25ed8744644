"""How a visit can end, and where each ending counts: one table for the figures and for SQL."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    ABANDONED_SHORT = "abandoned_short"  # gave up at once: shown apart
    TIMEOUT = "timeout"  # we ended the wait: its longest time, or closing time, was reached
    NO_AGENT = "no_agent"  # nobody served, at joining or during the wait
    FULL = "full"
    DIVERTED = "diverted"  # sent elsewhere instead of queueing
    CLOSED = "closed"  # came outside hours
    KEY_EXIT = "key_exit"  # chose the voicemail or another way out
    CALLBACK = "callback"  # chose to be called back; a child visit carries the promise
    MOVED = "moved"  # went on to another queue before an answer
    ERROR = "error"
    CALLBACK_UNREACHED = "callback_unreached"  # we called as promised, nobody answered
    CALLBACK_BROKEN = "callback_broken"  # the promised time passed and nobody called
    WITHDRAWN = "withdrawn"  # asked us to stop, with a reason


# Raised with any change of this table or of a formula: every figure says by which it was computed.
FORMULAS_VERSION = 3


@dataclass(frozen=True)
class Counting:
    """Where visits of one outcome count.

    `offered`: demand brought to the queue. `entered`: stood in line. `owed`: denominator of the
    service level, those to whom an answer was due. `on_time`: its numerator, if within the
    threshold. `gave_up`: numerator of the abandonment rate. `stayed_to_the_end`: its denominator.
    `lost`: numerator of the lost rate.
    """

    offered: bool = True
    entered: bool = True
    owed: bool = True
    on_time: bool = False
    gave_up: bool = False
    stayed_to_the_end: bool = True
    lost: bool = False


# Two rows depend on more than the outcome. NO_AGENT entered only if it waited: see `entered_line`.
# DIVERTED is lost unless the citizen chose it: see `was_lost`.
COUNTS: dict[Outcome, Counting] = {
    Outcome.ANSWERED: Counting(on_time=True),
    Outcome.ABANDONED: Counting(gave_up=True, lost=True),
    Outcome.ABANDONED_SHORT: Counting(owed=False, stayed_to_the_end=False),
    Outcome.TIMEOUT: Counting(lost=True),
    Outcome.NO_AGENT: Counting(lost=True),
    Outcome.FULL: Counting(entered=False, stayed_to_the_end=False, lost=True),
    Outcome.DIVERTED: Counting(entered=False, owed=False, stayed_to_the_end=False, lost=True),
    Outcome.CLOSED: Counting(offered=False, entered=False, owed=False, stayed_to_the_end=False),
    Outcome.KEY_EXIT: Counting(owed=False, stayed_to_the_end=False),
    Outcome.CALLBACK: Counting(owed=False, stayed_to_the_end=False),
    Outcome.MOVED: Counting(owed=False, stayed_to_the_end=False),
    Outcome.ERROR: Counting(entered=False, stayed_to_the_end=False, lost=True),
    Outcome.CALLBACK_UNREACHED: Counting(entered=False, owed=False, stayed_to_the_end=False),
    Outcome.CALLBACK_BROKEN: Counting(
        entered=False, owed=False, stayed_to_the_end=False, lost=True
    ),
    Outcome.WITHDRAWN: Counting(gave_up=True, lost=True),
}

# Refused before the line: what an earlier system calls blocked.
REFUSED = frozenset({Outcome.FULL, Outcome.NO_AGENT})


def which(counted: Callable[[Counting], bool]) -> frozenset[Outcome]:
    """Outcomes that count somewhere: `which(lambda counting: counting.owed)`."""
    return frozenset(outcome for outcome, counting in COUNTS.items() if counted(counting))


OFFERED = which(lambda counting: counting.offered)
ENTERED = which(lambda counting: counting.entered)
OWED = which(lambda counting: counting.owed)
GAVE_UP = which(lambda counting: counting.gave_up)
LEFT_EARLY = GAVE_UP | {Outcome.ABANDONED_SHORT}
STAYED_TO_THE_END = which(lambda counting: counting.stayed_to_the_end)
LOST = which(lambda counting: counting.lost)


def entered_line(outcome: Outcome | None, *, waited: bool) -> bool:
    """Whether such a visit stood in line; None is one that still does."""
    if outcome is Outcome.NO_AGENT:
        return waited
    return outcome is None or outcome in ENTERED


def was_lost(outcome: Outcome | None, *, chosen: bool = False) -> bool:
    """Whether the citizen went unserved by our fault; `chosen` is a diversion they asked for."""
    return outcome in LOST and not (outcome is Outcome.DIVERTED and chosen)
