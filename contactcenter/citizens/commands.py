"""Commands about citizens."""

import click
from flask.cli import with_appcontext

from contactcenter.accounts.models import Centre
from contactcenter.citizens import identifiers
from contactcenter.db import Scope, db, within
from contactcenter.edge import transaction


@click.command("reseal-fields")
@with_appcontext
def reseal_fields() -> None:
    """Seal citizens' identifiers anew under the first of FIELD_KEYS, in every centre."""
    with transaction():
        centre_ids = db.session.scalars(db.select(Centre.id).order_by(Centre.id)).all()
    for centre_id in centre_ids:
        with within(Scope(centre_id)), transaction():
            click.echo(f"centre {centre_id}: {identifiers.reseal_all()} sealed anew")
