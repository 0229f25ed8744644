"""Who would be called when: the order of those who wait now, if nobody else came."""

from collections.abc import Sequence
from dataclasses import replace

from contactcenter.queues.models import PriorityClass, Visit
from contactcenter.queues.rules import Waiting, next_index, overtaken_by

RANKS = {PriorityClass.NORMAL: 0, PriorityClass.PRIORITY: 1}


def in_line(visit: Visit) -> Waiting:
    """A visit as the rules see it; who came back stands where they first stood."""
    place = visit.virtual_entered_at or visit.entered_at
    return Waiting(place, RANKS[visit.priority_class], visit.overtaken)


def in_order(visits: Sequence[Visit]) -> list[Visit]:
    """These visits in the order in which they would be called."""
    left = [(in_line(visit), visit) for visit in visits]
    ordered: list[Visit] = []
    while left:
        line = [place for place, _visit in left]
        taken = next_index(line)
        assert taken is not None
        for passed in overtaken_by(line, taken):
            place, visit = left[passed]
            left[passed] = (replace(place, overtaken=place.overtaken + 1), visit)
        ordered.append(left.pop(taken)[1])
    return ordered
