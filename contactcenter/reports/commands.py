"""Commands: take in a history, and print every figure of a stretch of time."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select

from contactcenter.accounts.commands import centre_option, resolve_centre
from contactcenter.accounts.models import Centre
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction
from contactcenter.queues.asterisk_log import read_queue_log
from contactcenter.queues.log_formats import (
    SHORT,
    LogUnreadable,
    read_agents_csv,
    read_visits_csv,
)
from contactcenter.queues.measures import interval_figures, window_figures
from contactcenter.queues.models import Queue
from contactcenter.queues.respects import RESPECTS
from contactcenter.queues.rows import AgentSession, VisitRow
from contactcenter.reports import history

FORMATS = ("visits-csv", "asterisk-queue_log")
FIRST_CENTRE = "centre"
FIRST_TIMEZONE = "Europe/Paris"
UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

LogFile = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import-log")
@click.argument("file", type=LogFile)
@click.option("--agents", type=LogFile, help="CSV of the agents' hours.")
@click.option("--format", "log_format", type=click.Choice(FORMATS), required=True)
@centre_option
@with_appcontext
def import_log(file: Path, agents: Path | None, log_format: str, centre: str | None) -> None:
    """Take the history of an earlier system into the centre; twice the same file adds nothing."""
    rows, sessions = _read(file, agents, log_format)
    with transaction():
        kept_in = _centre(centre)
        centre_id, rehearsing = kept_in.id, kept_in.rehearsing
    with within(Scope(centre_id)), transaction():
        found = db.session.get_one(Centre, centre_id)
        kept = history.keep(found, log_format, rows, sessions, short=SHORT)
    click.echo(
        f"{len(rows)} visits read, {kept.added} added, {kept.completed} completed;"
        f" {len(sessions)} sessions read, {kept.sessions} added or completed"
    )
    if rehearsing:
        click.echo("the centre rehearses: what was added is marked as played", err=True)


@click.command("report")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
@click.option("--from", "start", required=True, metavar="T", help="Such as 2026-03-17T00:00.")
@click.option("--to", "end", required=True, metavar="T", help="The first moment after the window.")
@click.option("--timezone", required=True, metavar="Z", help="Such as Europe/Brussels.")
@click.option("--queue", metavar="Q", help="Name or number of one queue.")
@click.option("--interval", metavar="15m", help="Also for each such stretch: 15m, 1h, 1d.")
@click.option("--by", multiple=True, type=click.Choice(list(RESPECTS)), help="Also for each group.")
@click.option("--rehearsal", is_flag=True, help="Count what was played, too.")
@centre_option
@with_appcontext
def report(
    *,
    as_json: bool,
    start: str,
    end: str,
    timezone: str,
    queue: str | None,
    interval: str | None,
    by: tuple[str, ...],
    rehearsal: bool,
    centre: str | None,
) -> None:
    """Print every figure of what arrived from T to T."""
    zone = _zone(timezone)
    begins, ends = _moment(start, zone), _moment(end, zone)
    if ends <= begins:
        raise click.UsageError("--to is not after --from")
    step = _step(interval) if interval else None
    with transaction():
        centre_id = resolve_centre(centre).id
    with within(Scope(centre_id)), transaction():
        queue_id = _queue_id(queue) if queue else None
        asked = (centre_id, begins, ends, timezone)
        figures: dict[str, Any] = window_figures(
            *asked, queue_id, include_rehearsal=rehearsal, by=by
        )
        if step:
            figures["intervals"] = interval_figures(
                *asked, step, queue_id, include_rehearsal=rehearsal, by=by
            )
    click.echo(json.dumps(figures, ensure_ascii=False) if as_json else _table(figures))


def _read(
    file: Path, agents: Path | None, log_format: str
) -> tuple[list[VisitRow], list[AgentSession]]:
    path = file
    try:
        text = _text(file)
        if log_format == "visits-csv":
            rows, sessions = read_visits_csv(text), list[AgentSession]()
        else:
            rows, sessions = read_queue_log(text)
        if agents is not None:
            path = agents
            sessions += read_agents_csv(_text(agents))
    except LogUnreadable as wrong:
        raise click.ClickException(f"{path}: {wrong}") from None
    return rows, sessions


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise click.ClickException(f"{path} is not text in UTF-8") from None


def _centre(code: str | None) -> Centre:
    """The centre meant; in an installation that has none it is made."""
    if db.session.scalar(select(func.count()).select_from(Centre)):
        return resolve_centre(code)
    wanted = code or current_app.config["SETTINGS"].default_centre or FIRST_CENTRE
    centre = history.make_centre(wanted, FIRST_TIMEZONE)
    with within(Scope(centre.id)):
        history.make_organisation(centre)
        db.session.flush()  # inside the scope that the row belongs to
    return centre


def _queue_id(wanted: str) -> int:
    queues = {queue.name: queue.id for queue in db.session.scalars(select(Queue))}
    if wanted in queues:
        return queues[wanted]
    if wanted.isdecimal() and int(wanted) in queues.values():
        return int(wanted)
    raise click.UsageError(f"there is no queue {wanted!r}; known: {', '.join(sorted(queues))}")


def _zone(name: str) -> ZoneInfo:
    if name not in available_timezones():
        raise click.UsageError(f"unknown time zone {name!r}; one is Europe/Brussels")
    return ZoneInfo(name)


def _moment(written: str, zone: ZoneInfo) -> datetime:
    """A local time of that zone, unless it carries its own offset."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise click.UsageError(f"{written!r} is not a moment such as 2026-03-17T00:00") from None
    # In UTC, because hours between two local times are not what their clocks differ by.
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _step(written: str) -> timedelta:
    found = re.fullmatch(r"([1-9]\d{0,4})([mhd])", written)
    if not found:
        raise click.UsageError(f"{written!r} is not an interval such as 15m, 1h or 1d")
    return int(found[1]) * UNITS[found[2]]


def _table(figures: dict[str, Any]) -> str:
    lines = []
    for name, own in figures.items():
        if name != "intervals":
            lines += [name, *(f"  {figure:48} {own[figure]}" for figure in own)]
    return "\n".join(lines)
