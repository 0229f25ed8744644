"""How long a notice may take, how often it is tried, and when that ends."""

from datetime import timedelta

# Longer than a hand-over can last: who finds a notice still leaving then knows that it was cut.
HANDED_OVER_WITHIN = timedelta(minutes=2)
MOST_TRIES = 60  # some two days: mail servers are mended within a weekend
MOST_DOUBTS = 3  # times that a citizen may get the same words
LONGEST_PAUSE = timedelta(hours=1)
UNSURE = "nobody said whether it was taken"


def pause(tries: int) -> timedelta:
    """How long to wait after so many tries: a minute, then twice as long each time."""
    return min(timedelta(minutes=2 ** min(tries - 1, 10)), LONGEST_PAUSE)
