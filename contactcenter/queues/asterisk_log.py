"""Reader of the `queue_log` file of Asterisk.

Each line is `seconds|call|queue|agent|event|details...`. Times are whole seconds, so waits are too.
What a clock that was set back dates before its call came is read as of the last moment of the call.
A call refused because the queue is full leaves no line there; the names some systems add for that
(FULL, JOINEMPTY, CLOSED, DIVERT_...) are read.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from contactcenter.queues.log_formats import SHORT, LogUnreadable
from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.rows import AgentSession, VisitRow

LEFT_WAITING = {
    "ABANDON": Outcome.ABANDONED,
    "EXITWITHTIMEOUT": Outcome.TIMEOUT,
    "EXITEMPTY": Outcome.NO_AGENT,
    "LEAVEEMPTY": Outcome.NO_AGENT,
    "EXITWITHKEY": Outcome.KEY_EXIT,
    "WITHDRAW": Outcome.CALLBACK,
    "SYSCOMPAT": Outcome.ERROR,
}
REFUSED = {
    "FULL": Outcome.FULL,
    "JOINEMPTY": Outcome.NO_AGENT,
    "CLOSED": Outcome.CLOSED,
    "DIVERT_CA_RATIO": Outcome.DIVERTED,
    "DIVERT_HOLDTIME": Outcome.DIVERTED,
}
COMPLETED = {"COMPLETEAGENT", "COMPLETECALLER"}
TRANSFERRED = {"TRANSFER", "BLINDTRANSFER", "ATTENDEDTRANSFER"}
LOGGED_IN = {"ADDMEMBER", "AGENTLOGIN", "AGENTCALLBACKLOGIN"}
LOGGED_OUT = {"REMOVEMEMBER", "AGENTLOGOFF", "AGENTCALLBACKLOGOFF"}
PAUSED = {"PAUSE", "PAUSEALL"}
RESUMED = {"UNPAUSE", "UNPAUSEALL"}
# Asterisk writes NONE where an event has no queue or no agent.
NOBODY = {"", "NONE"}


@dataclass(frozen=True)
class Event:
    line: int
    at: datetime
    call: str
    queue: str
    agent: str
    name: str
    details: list[str]


@dataclass
class QueueLog:
    """What a queue_log tells, gathered event by event.

    A call has at most one open visit. The first ending stands: Asterisk can write two.
    """

    channel: str
    short: timedelta
    visits: list[VisitRow] = field(default_factory=list)
    sessions: list[AgentSession] = field(default_factory=list)
    _open: dict[str, int] = field(default_factory=dict)
    _legs: dict[str, int] = field(default_factory=dict)
    _members: dict[tuple[str, str | None], datetime | None] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        name = event.name
        if name == "ENTERQUEUE":
            self._enter(event)
        elif name in REFUSED:
            self._enter(event)
            self._leave(event, REFUSED[name])
        elif name in LEFT_WAITING:
            self._leave(event, LEFT_WAITING[name])
        elif name == "CONNECT":
            self._answer(event)
        elif name in COMPLETED | TRANSFERRED:
            self._end(event, transferred=name in TRANSFERRED)
        elif name == "QUEUESTART":
            self._restart(event)
        else:
            self._move_member(event)

    def finish(self) -> None:
        """Keep those still logged in when the file ends, and end what they left for another call.

        Of a call that some transfer took away no line tells the end: it was over at the latest
        when its agent answered the next.
        """
        self._end_forgotten()
        for (agent, queue), since in self._members.items():
            if since is not None:
                self.sessions.append(AgentSession(agent, queue, since, None))

    def _end_forgotten(self) -> None:
        answered = sorted((row.answered_at, row.agent) for row in self.visits if row.answered_at)
        following: dict[str | None, list[datetime]] = {}
        for at, agent in answered:
            following.setdefault(agent, []).append(at)
        for index in self._open.values():
            row = self.visits[index]
            if row.in_progress and row.answered_at is not None:
                later = (at for at in following[row.agent] if at > row.answered_at)
                ended = next(later, None)
                if ended is not None:
                    self.visits[index] = replace(row, ended_at=ended, in_progress=False)

    def _enter(self, event: Event) -> None:
        # Not every version writes how the call left the queue it was in.
        self._leave(event, Outcome.MOVED)
        self._end(event, transferred=True)
        leg = self._legs[event.call] = self._legs.get(event.call, 0) + 1
        caller = event.details[1] if len(event.details) > 1 else ""
        self._open[event.call] = len(self.visits)
        self.visits.append(
            VisitRow(
                queue=event.queue,
                channel=self.channel,
                source=self._source(event, leg),
                interaction=event.call,
                leg=leg,
                entered_at=event.at,
                caller=caller or None,
            )
        )

    def _source(self, event: Event, leg: int) -> str:
        if leg == 1:
            return "new"
        earlier = (row for row in reversed(self.visits) if row.interaction == event.call)
        return "transfer" if next(earlier).transferred else "overflow"

    def _leave(self, event: Event, outcome: Outcome) -> None:
        row = self._current(event)
        if row is None or row.outcome is not None:
            return
        at = max(event.at, row.entered_at)
        if outcome is Outcome.ABANDONED and at - row.entered_at <= self.short:
            outcome = Outcome.ABANDONED_SHORT
        self._change(event, replace(row, outcome=outcome, left_at=at, ended_at=at))
        del self._open[event.call]

    def _answer(self, event: Event) -> None:
        row = self._current(event)
        if row is not None and row.outcome is None:
            at = max(event.at, row.entered_at)
            answered = replace(
                row,
                outcome=Outcome.ANSWERED,
                answered_at=at,
                left_at=at,
                agent=event.agent,
                in_progress=True,
            )
            self._change(event, answered)

    def _end(self, event: Event, *, transferred: bool) -> None:
        row = self._current(event)
        if row is None or not row.in_progress:
            return
        at = max(event.at, row.answered_at or row.entered_at)
        ended = replace(row, ended_at=at, in_progress=False, transferred=transferred)
        self._change(event, ended)
        del self._open[event.call]

    def _restart(self, event: Event) -> None:
        """Asterisk started anew: no call and no member of before is there any more."""
        for call in list(self._open):
            lost = replace(event, call=call)
            self._leave(lost, Outcome.ERROR)
            self._end(lost, transferred=False)
        for member in self._members:
            self._pause(member, event.at)
        self._members.clear()

    def _move_member(self, event: Event) -> None:
        if event.agent in NOBODY:
            return
        queue = None if event.queue in NOBODY else event.queue
        for member in self._memberships(event, queue):
            if event.name in LOGGED_IN | RESUMED:
                if self._members.get(member) is None:
                    self._members[member] = event.at
            elif event.name in LOGGED_OUT:
                self._pause(member, event.at)
                self._members.pop(member, None)
            elif event.name in PAUSED:
                self._pause(member, event.at)

    def _memberships(self, event: Event, queue: str | None) -> list[tuple[str, str | None]]:
        """Memberships meant: the one named, or all of the agent's known ones without a queue."""
        if queue is not None or event.name in LOGGED_IN:
            return [(event.agent, queue)]
        return [member for member in self._members if member[0] == event.agent]

    def _pause(self, member: tuple[str, str | None], at: datetime) -> None:
        since = self._members.get(member)
        if since is not None:
            self.sessions.append(AgentSession(*member, since, max(since, at)))
            self._members[member] = None

    def _current(self, event: Event) -> VisitRow | None:
        index = self._open.get(event.call)
        return None if index is None else self.visits[index]

    def _change(self, event: Event, row: VisitRow) -> None:
        self.visits[self._open[event.call]] = row


def read_queue_log(
    text: str, *, channel: str = "phone", short: timedelta = SHORT
) -> tuple[list[VisitRow], list[AgentSession]]:
    """Read the visits, in order of arrival, and the times agents were there and not on break.

    `caller` is the number as logged: whoever stores it makes it pseudonymous first. What the file
    does not show the end of is still waiting or in progress. Raises LogUnreadable.
    """
    log = QueueLog(channel, short)
    for event in _events(text):
        log.take(event)
    log.finish()
    return log.visits, log.sessions


def _events(text: str) -> Iterator[Event]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield _event(number, line.strip())


def _event(number: int, line: str) -> Event:
    cells = line.split("|")
    if len(cells) < 5:
        raise LogUnreadable(number, "fewer than five parts between |")
    try:
        at = datetime.fromtimestamp(float(cells[0]), UTC)
    except (ValueError, OverflowError, OSError):
        raise LogUnreadable(number, f"not a time in seconds: {cells[0]}") from None
    call, queue, agent, name = cells[1:5]
    return Event(number, at, call, queue, agent, name, cells[5:])
