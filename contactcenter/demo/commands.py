"""The command that makes the demo centres."""

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import func, select

from contactcenter.db import NOBODY, db, within
from contactcenter.demo import actions
from contactcenter.demo.plans import CODES, read_plan
from contactcenter.edge import transaction


@click.command("demo")
@click.option("--past/--no-past", default=True, help="With some invented weeks before today.")
@with_appcontext
def make_demo(*, past: bool) -> None:
    """Make the two fictional centres, where they are missing, and set their people's password."""
    password = current_app.config["SETTINGS"].demo_password
    if not password:
        raise click.UsageError("set DEMO_PASSWORD: the password of every person of the demo")
    for code in CODES:
        plan = read_plan(code)
        with within(NOBODY), transaction():
            db.session.execute(select(func.pg_advisory_xact_lock(func.hashtext("demo"))))
            made = actions.make_centre(plan)
            if made and past and plan.has_past:
                actions.lay_past(plan)
            actions.set_passwords(plan, password)
        click.echo(f"{code}: {'made' if made else 'was there'}, {len(plan.persons)} persons")
