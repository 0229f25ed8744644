"""Who would be called when: the order of those who wait now, if nobody else came."""

from collections.abc import Sequence
from dataclasses import replace

from contactcenter import clock
from contactcenter.queues.known_routing import RANKS, known_routing
from contactcenter.queues.models import Visit
from contactcenter.queues.rules import Waiting, next_index, overtaken_by

__all__ = ["RANKS", "in_line", "in_order"]


def in_line(visit: Visit) -> Waiting:
    """A visit as the rules see it; who came back stands where they first stood."""
    return known_routing().waiting(visit)


def in_order(visits: Sequence[Visit]) -> list[Visit]:
    """These visits in the order in which they would be called, one after the other."""
    routing, now = known_routing(), clock.now()
    lines: dict[tuple[object, ...], list[tuple[Waiting, Visit]]] = {}
    for visit in visits:
        place = routing.waiting(visit)
        key = (place.priority_class, place.weight, place.class_decides)
        lines.setdefault(key, []).append((place, visit))
    for line in lines.values():
        line.sort(key=lambda each: each[0].entered_at, reverse=True)  # the first of each comes last
    ordered: list[Visit] = []
    while heads := [line for line in lines.values() if line]:
        front = [line[-1][0] for line in heads]
        taken = next_index(front, now)
        assert taken is not None
        for passed in overtaken_by(front, taken):
            place, visit = heads[passed][-1]
            heads[passed][-1] = (replace(place, overtaken=place.overtaken + 1), visit)
        ordered.append(heads[taken].pop()[1])
    return ordered
