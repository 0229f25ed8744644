"""Small numbers could tell who somebody was: they are not shown, nor what would give them away."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

LEAST = 5  # fewer visits than that are not shown by group
ROUNDED_TO = 5  # what is published is rounded to this

Group = TypeVar("Group", bound=Hashable)


def hidden(counts: Mapping[Group, int], least: int = LEAST) -> frozenset[Group]:
    """Groups not to show where the total is known.

    A group of 1 to `least` - 1 is hidden. What is hidden alone, or adds up to fewer than `least`,
    could be had by subtraction: then the next smallest groups are hidden with it.
    """
    some = sorted((each for each in counts if counts[each]), key=lambda e: (counts[e], str(e)))
    count = sum(1 for each in some if counts[each] < least)
    if not count:
        return frozenset()
    while count < len(some) and (count < 2 or sum(counts[each] for each in some[:count]) < least):
        count += 1
    return frozenset(some[:count])


def rounded(count: int) -> int | None:
    """A count as it may be published; None for one too small to be."""
    if 0 < count < LEAST:
        return None
    return round(count / ROUNDED_TO) * ROUNDED_TO
