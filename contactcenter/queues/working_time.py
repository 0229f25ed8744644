"""How much of the time agents were there they spent serving."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contactcenter.queues.legs import Leg, Window, rate, seconds
from contactcenter.queues.rows import AgentSession
from contactcenter.queues.spans import Span, clipped, common, ticks, total, united

Served = tuple[str, int, int | None]
Shifts = Mapping[str, list[Span]]


def occupancy(
    legs: Iterable[Leg], sessions: Sequence[AgentSession], window: Window
) -> dict[str, Any]:
    """Occupancy: busy and logged in, over logged in; whatever overlaps the window counts.

    An agent who serves two at once is busy once. What is served after logout is shown apart.
    Utilisation is the same over the time that is paid, with breaks and meetings.
    """
    return occupancy_of(_served(legs), sessions, window)


def occupancy_of(
    served: Iterable[Served], sessions: Sequence[AgentSession], window: Window
) -> dict[str, Any]:
    """The same from what was served alone: agent, beginning, and end if it has one."""
    logged = _logged([each for each in sessions if each.ready], window)
    paid, busy = _logged(sessions, window), _busy(served, window)
    there = sum(total(spans) for spans in logged.values())
    at_work = sum(total(spans) for spans in busy.values())
    both = _shared(busy, logged)
    return {
        "agent_logged_seconds": seconds(there),
        "agent_busy_logged_seconds": seconds(both),
        "agent_busy_after_logout_seconds": seconds(at_work - both),
        "occupancy": rate(both, there),
        "agent_paid_seconds": seconds(at_hand := sum(total(spans) for spans in paid.values())),
        "utilisation": rate(_shared(busy, paid), at_hand),
    }


def _shared(one: Shifts, other: Shifts) -> int:
    return sum(common(spans, other.get(agent, [])) for agent, spans in one.items())


def _logged(sessions: Iterable[AgentSession], window: Window) -> Shifts:
    spans: dict[str, list[Span]] = defaultdict(list)
    for session in sessions:
        logout = window.seen_until if session.logout is None else ticks(session.logout)
        spans[session.agent].append((ticks(session.login), logout))
    return _within(spans, window)


def _served(legs: Iterable[Leg]) -> Iterable[Served]:
    for leg in legs:
        if leg.row.agent and leg.answered_at is not None:
            yield leg.row.agent, leg.answered_at, leg.ended_at


def _busy(served: Iterable[Served], window: Window) -> Shifts:
    spans: dict[str, list[Span]] = defaultdict(list)
    for agent, answered_at, ended_at in served:
        spans[agent].append((answered_at, window.seen_until if ended_at is None else ended_at))
    return _within(spans, window)


def _within(spans: Mapping[str, list[Span]], window: Window) -> Shifts:
    end = window.seen_until
    return {agent: united(clipped(own, window.start, end)) for agent, own in spans.items()}
