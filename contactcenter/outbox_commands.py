"""For who runs the installation: work that was given up, and its way back. It names nobody."""

import click
from flask.cli import AppGroup

from contactcenter import edge, outbox
from contactcenter.db import db
from contactcenter.outbox import OutboxMessage

PAGE = 50

commands = AppGroup("outbox", help="See the jobs that were given up, and have them tried again.")


@commands.command("list")
@click.option("--before", type=int, help="Only rows below this number: the next page.")
@click.option("--job", help="Only jobs of this kind, as intake.read_mail.")
def list_dead(before: int | None, job: str | None) -> None:
    """Show jobs that were given up, the newest first: number, kind, when, and why."""
    dead = db.select(OutboxMessage).where(OutboxMessage.dead_at.is_not(None))
    if before is not None:
        dead = dead.where(OutboxMessage.id < before)
    if job:
        dead = dead.where(OutboxMessage.job == job)
    with edge.transaction():
        rows = list(db.session.scalars(dead.order_by(OutboxMessage.id.desc()).limit(PAGE + 1)))
        for row in rows[:PAGE]:
            click.echo(f"{row.id}\t{row.job}\t{row.dead_at:%Y-%m-%d %H:%M}\t{row.last_error or ''}")
        if len(rows) > PAGE:
            click.echo(f"There are more: --before {rows[PAGE - 1].id}")


@commands.command("retry")
@click.argument("numbers", type=int, nargs=-1)
@click.option("--job", help="All jobs of this kind that were given up.")
def retry(numbers: tuple[int, ...], job: str | None) -> None:
    """Have jobs tried again that were given up: by their numbers, or all of a kind."""
    if bool(numbers) == bool(job):
        raise click.UsageError("Give numbers, or --job.")
    chosen = OutboxMessage.job == job if job else OutboxMessage.id.in_(numbers)
    with edge.transaction():
        many = outbox.retry(chosen)
    click.echo(f"{many} to be tried again")
