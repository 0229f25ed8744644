"""Commands of the queues: what a number of agents achieves, and quarter hours counted anew."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, fields
from typing import IO, Any

import click
from flask.cli import with_appcontext

from contactcenter.accounts.commands import centre_option, resolve_centre
from contactcenter.db import Scope, within
from contactcenter.edge import transaction
from contactcenter.queues import interval_rows
from contactcenter.queues.redials import with_redials
from contactcenter.queues.staffing import (
    Case,
    Goals,
    InvalidCase,
    NeverSettles,
    agents_needed,
    performance,
)

CASE_FIELDS = tuple(each.name for each in fields(Case))
REDIAL_FIELDS = ("redial", "reconnect")
GOAL_FIELDS = tuple(each.name for each in fields(Goals))
NEEDED = ("arrivals_per_hour", "aht_seconds")


@click.command("staffing")
@click.option("--arrivals-per-hour", type=float)
@click.option("--aht-seconds", type=float, help="Mean handling time.")
@click.option("--patience-seconds", type=float, help="Mean patience; without it nobody gives up.")
@click.option("--agents", type=float)
@click.option("--threshold-seconds", type=float, help="Of the service level, 20 unless told.")
@click.option("--lines", type=int, help="Talking and waiting together; no limit unless told.")
@click.option("--max-abandonment", type=float, help="Goal: share of all who arrive.")
@click.option("--min-service-level", type=float, help="Goal: share of all who arrive.")
@click.option("--max-occupancy", type=float, help="Goal: share of the agents' time.")
@click.option("--redial", type=float, help="Share of those who gave up that try again.")
@click.option("--reconnect", type=float, help="Share of the served that try again.")
@click.option("--cases", type=click.File(), help="One JSON object a line, - for standard input.")
@click.option("--json", "as_json", is_flag=True, help="Answer with one JSON object.")
def staffing(cases: IO[str] | None, as_json: bool, **inputs: float | None) -> None:  # noqa: FBT001 - click passes the flag by name
    """Waiting, abandonment and service level for a number of agents, or the agents for goals."""
    if cases is not None:
        for answer in _answers(cases):
            click.echo(json.dumps(answer))
        return
    try:
        answer = answer_case({name: value for name, value in inputs.items() if value is not None})
    except InvalidCase as invalid:
        raise click.UsageError(str(invalid)) from None
    click.echo(json.dumps(answer) if as_json else _table(answer))


@click.command("rebuild-intervals")
@centre_option
@with_appcontext
def rebuild_intervals(centre: str | None) -> None:
    """Count the figures kept by quarter hours again, all of them, from the visits themselves."""
    with transaction():
        centre_id = resolve_centre(centre).id
    with within(Scope(centre_id)), transaction():
        rows = interval_rows.rebuild()
    click.echo(f"{rows} rows kept")


def answer_case(inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Answer one case given by names; without agents, those that the goals need. InvalidCase."""
    unknown = sorted(inputs.keys() - {*CASE_FIELDS, *GOAL_FIELDS, *REDIAL_FIELDS})
    missing = [name for name in NEEDED if inputs.get(name) is None]
    if unknown:
        raise InvalidCase(unknown[0], "is not known here")
    if missing:
        raise InvalidCase(missing[0], "is missing")
    given = {name: value for name, value in inputs.items() if value is not None}
    goals = Goals(**{name: given[name] for name in GOAL_FIELDS if name in given})
    asked = {name: given[name] for name in CASE_FIELDS if name in given}
    again = [given.get(name, 0.0) for name in REDIAL_FIELDS]
    found_by = (lambda case: with_redials(case, *again).found) if any(again) else performance
    needed = agents_needed(Case(**{**asked, "agents": 0}), goals, found_by) if goals else None
    if "agents" not in asked:
        asked["agents"] = _agents_for(goals, needed)
    try:
        answer = asdict(found_by(Case(**asked)))
    except NeverSettles:
        raise InvalidCase("redial", "makes more work than the agents can ever do") from None
    return {**answer, "agents_needed": needed} if goals else answer


def _agents_for(goals: Goals, needed: int | None) -> int:
    if not goals:
        raise InvalidCase("agents", "is missing")
    if needed is None:
        raise InvalidCase("agents", "is missing, and no number of agents meets the goals")
    return needed


def _answers(cases: IO[str]) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(cases, start=1):
        if not line.strip():
            continue
        try:
            inputs = json.loads(line)
            if not isinstance(inputs, dict):
                raise InvalidCase("case", "must be an object")
            yield answer_case(inputs)
        except (json.JSONDecodeError, InvalidCase) as invalid:
            raise click.ClickException(f"line {number}: {invalid}") from None


def _table(answer: Mapping[str, Any]) -> str:
    return "\n".join(f"{name:>18}  {_shown(value)}" for name, value in answer.items())


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.6g}"
