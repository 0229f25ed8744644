"""Readers of what earlier systems export: text in, rows out, never anything left out silently."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from contactcenter.queues.outcomes import Outcome
from contactcenter.queues.rows import AgentSession, VisitRow

SHORT = timedelta(seconds=5)
VISIT_COLUMNS = frozenset(
    {"call_id", "leg", "queue", "arrived", "answered_at", "agent", "ended_at", "abandoned_at"}
    | {"outcome"}
)
SESSION_COLUMNS = frozenset(["agent", "queue", "login", "logout"])


class LogUnreadable(ValueError):
    """A line that cannot be read; `line` counts from 1 and the header counts."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line, self.reason = line, reason


def read_visits_csv(
    text: str, *, channel: str = "phone", short: timedelta = SHORT
) -> list[VisitRow]:
    """Read one visit a line; a later leg of a contact is a transfer. Raises LogUnreadable."""
    return [
        _visit(Line(number, cells), channel, short) for number, cells in _lines(text, VISIT_COLUMNS)
    ]


def read_agents_csv(text: str) -> list[AgentSession]:
    """Read one stretch of being logged in a line. Raises LogUnreadable."""
    return [_session(Line(number, cells)) for number, cells in _lines(text, SESSION_COLUMNS)]


class Line:
    """A line of named cells, which says where it is when something is missing."""

    def __init__(self, number: int, cells: Mapping[str, str]) -> None:
        self.number = number
        self._cells = cells

    def text(self, column: str) -> str:
        value = self.text_or_none(column)
        if value is None:
            raise self.error(f"{column} is empty")
        return value

    def text_or_none(self, column: str) -> str | None:
        return self._cells[column].strip() or None

    def number_in(self, column: str) -> int:
        try:
            return int(self.text(column))
        except ValueError:
            raise self.error(f"{column} is not a number") from None

    def moment(self, column: str) -> datetime:
        value = self.text(column)
        try:
            at = datetime.fromisoformat(value)
        except ValueError:
            raise self.error(f"{column} is not a moment: {value}") from None
        if at.tzinfo is None:
            raise self.error(f"{column} has no offset to UTC: {value}")
        return at

    def moment_or_none(self, column: str) -> datetime | None:
        return None if self.text_or_none(column) is None else self.moment(column)

    def error(self, reason: str) -> LogUnreadable:
        return LogUnreadable(self.number, reason)


def _lines(text: str, columns: frozenset[str]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    header = [name.strip() for name in next(reader, [])]
    missing = sorted(columns - set(header))
    if missing:
        raise LogUnreadable(1, f"no column {', '.join(missing)}")
    for cells in reader:
        if not cells:
            continue
        if len(cells) != len(header):
            raise LogUnreadable(
                reader.line_num, f"{len(cells)} cells where the header has {len(header)}"
            )
        yield reader.line_num, dict(zip(header, cells, strict=True))


def _visit(line: Line, channel: str, short: timedelta) -> VisitRow:
    outcome, left = _ending(line, short)
    leg = line.number_in("leg")
    answered = outcome is Outcome.ANSWERED
    row = VisitRow(
        queue=line.text("queue"),
        channel=channel,
        source="new" if leg == 1 else "transfer",
        interaction=line.text("call_id"),
        leg=leg,
        entered_at=line.moment("arrived"),
        answered_at=left if answered else None,
        left_at=left,
        ended_at=line.moment_or_none("ended_at") if answered else left,
        outcome=outcome,
        agent=line.text_or_none("agent") if answered else None,
        transferred=line.text("outcome") == "transferred",
        in_progress=line.text("outcome") == "in_progress",
    )
    _check_order(line, row)
    return row


def _ending(line: Line, short: timedelta) -> tuple[Outcome | None, datetime | None]:
    """Outcome of a visit and the moment it stopped waiting."""
    endings: dict[str, Callable[[], tuple[Outcome | None, datetime | None]]] = {
        "handled": lambda: (Outcome.ANSWERED, line.moment("answered_at")),
        "transferred": lambda: (Outcome.ANSWERED, line.moment("answered_at")),
        "in_progress": lambda: (Outcome.ANSWERED, line.moment("answered_at")),
        "abandoned": lambda: _abandonment(line, short),
        "blocked": lambda: (Outcome.FULL, line.moment("arrived")),
        "waiting": lambda: (None, None),
    }
    name = line.text("outcome")
    if name not in endings:
        raise line.error(f"unknown outcome {name}")
    return endings[name]()


def _abandonment(line: Line, short: timedelta) -> tuple[Outcome, datetime]:
    left = line.moment("abandoned_at")
    at_once = left - line.moment("arrived") <= short
    return (Outcome.ABANDONED_SHORT if at_once else Outcome.ABANDONED), left


def _check_order(line: Line, row: VisitRow) -> None:
    moments = [at for at in (row.entered_at, row.left_at, row.ended_at) if at is not None]
    if moments != sorted(moments):
        raise line.error("the moments are not in order")


def _session(line: Line) -> AgentSession:
    login, logout = line.moment("login"), line.moment_or_none("logout")
    if logout is not None and logout < login:
        raise line.error("logout is before login")
    return AgentSession(line.text("agent"), line.text_or_none("queue"), login, logout)
