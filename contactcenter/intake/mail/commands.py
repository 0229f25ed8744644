"""`mail-parse`: show what the system understands of messages, without storing anything."""

import json
from pathlib import Path

import click

from contactcenter.intake.mail import parse_report


@click.command("mail-parse")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def mail_parse(files: tuple[Path, ...]) -> None:
    """Print one JSON line for each message FILE; needs no database."""
    for file in files:
        described = parse_report.describe(file.read_bytes(), file=str(file))
        click.echo(json.dumps(described, ensure_ascii=False))
