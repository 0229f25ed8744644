"""Which topic a text sounds like, from how many finished requests of each topic said each stem.

Naive Bayes over the stems that are present, each counted once: what a topic's requests say often
and those of the others seldom speaks for it. Pure.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import exp, log

SELDOM = 3  # a stem read in fewer requests than this, in all topics together, tells nothing
TELLING = log(2)  # twice as frequent as in the other topics
FEWEST_TELLING = 2
LIKELY = 0.2

Counts = Mapping[str, Mapping[int, int]]  # stem -> topic -> requests that say it


@dataclass(frozen=True)
class Likely:
    """A topic with its probability among the learnt ones and the stems that speak most for it."""

    topic_id: int
    probability: float
    stems: tuple[str, ...]


def likely_topics(
    stems: Iterable[str], requests: Mapping[int, int], counts: Counts
) -> list[Likely]:
    """The likely topics, the most likely first; `requests` is how many each was learnt from."""
    known = [stem for stem in stems if sum(counts.get(stem, {}).values()) >= SELDOM]
    speaks = {topic: _evidence(topic, known, requests, counts) for topic in requests}
    weights = {
        topic: log(requests[topic]) + sum(_rates(topic, known, requests, counts))
        for topic in requests
    }
    shares = _shares(weights)
    found = [
        Likely(topic, shares[topic], tuple(speaks[topic][:3]))
        for topic in requests
        if len(speaks[topic]) >= FEWEST_TELLING and shares[topic] >= LIKELY
    ]
    return sorted(found, key=lambda each: (-each.probability, each.topic_id))


def _rates(
    topic: int, stems: list[str], requests: Mapping[int, int], counts: Counts
) -> Iterable[float]:
    return (log(_rate(counts[stem].get(topic, 0), requests[topic])) for stem in stems)


def _evidence(
    topic: int, stems: list[str], requests: Mapping[int, int], counts: Counts
) -> list[str]:
    """The stems said at least twice as often in this topic as in the others, most telling first."""
    others = sum(requests.values()) - requests[topic]
    told = {}
    for stem in stems:
        here = counts[stem].get(topic, 0)
        elsewhere = sum(counts[stem].values()) - here
        told[stem] = log(_rate(here, requests[topic]) / _rate(elsewhere, others))
    telling = [stem for stem in stems if told[stem] > TELLING]
    return sorted(telling, key=lambda stem: -told[stem])


def _rate(said: int, of: int) -> float:
    return (said + 0.5) / (of + 1)


def _shares(weights: Mapping[int, float]) -> dict[int, float]:
    highest = max(weights.values(), default=0.0)
    heights = {topic: exp(weight - highest) for topic, weight in weights.items()}
    total = sum(heights.values())
    return {topic: height / total for topic, height in heights.items()}
