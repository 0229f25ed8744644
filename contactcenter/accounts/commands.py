"""Commands about accounts, and how every command is told which centre it is about."""

import re
from collections.abc import Callable
from typing import Any
from zoneinfo import available_timezones

import click
from flask import current_app
from flask.cli import with_appcontext

from contactcenter.accounts import actions, founding
from contactcenter.accounts.models import Centre, Person
from contactcenter.accounts.queries import centre_by_code, centres, person_by_email
from contactcenter.accounts.scopes import SCOPES, roles_for
from contactcenter.db import NOBODY, Scope, db, within
from contactcenter.edge import transaction
from contactcenter.errors import Conflict, Invalid
from contactcenter.links import public_url

CODE = re.compile("[a-z0-9-]{2,40}")


def centre_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `--centre CODE`; hand its value to `resolve_centre`."""
    return click.option("--centre", metavar="CODE", help="Code of the centre it is about.")(command)


def resolve_centre(code: str | None) -> Centre:
    """The centre of this code, of DEFAULT_CENTRE, or the only one. Raises UsageError otherwise."""
    wanted = code or current_app.config["SETTINGS"].default_centre
    if wanted:
        named = db.session.scalar(centre_by_code(wanted))
        if named is None:
            raise click.UsageError(f"there is no centre {wanted!r}; {_known()}")
        return named
    found = db.session.scalars(centres()).all()
    if len(found) != 1:
        raise click.UsageError(f"say which centre with --centre CODE; {_known()}")
    return found[0]


def _known() -> str:
    codes = [centre.code for centre in db.session.scalars(centres())]
    return f"known: {', '.join(codes)}" if codes else "this installation has none yet"


@click.command("centre")
@click.argument("code")
@click.argument("name")
@click.option("--country", default="FR", show_default=True, help="Whose public holidays apply.")
@click.option("--timezone", default="Europe/Paris", show_default=True)
@click.option("--mail-address", default="", help="The address its mail comes from.")
@with_appcontext
def make_centre(code: str, name: str, country: str, timezone: str, mail_address: str) -> None:
    """Make an empty centre CODE called NAME; then invite its `administrator`."""
    if not CODE.fullmatch(code) or timezone not in available_timezones():
        raise click.UsageError("a code is a-z, 0-9 and -; a time zone is like Europe/Paris")
    with within(NOBODY), transaction():
        try:
            founding.found(
                code, name, country=country, timezone=timezone, mail_address=mail_address
            )
        except Conflict as known:
            raise click.UsageError(f"there is a centre {code!r} already") from known
    click.echo(code)


@click.command("administrator")
@click.argument("email")
@click.argument("name")
@centre_option
@with_appcontext
def invite_administrator(email: str, name: str, centre: str | None) -> None:
    """Invite NAME as an administrator and print the link by which they choose a password."""
    with within(NOBODY), transaction():
        try:
            token = founding.invite_administrator(resolve_centre(centre), name, email)
        except Invalid as taken:
            raise click.UsageError(f"{email} has an account already") from taken
    click.echo(public_url(f"/invitations/{token}"))


@click.command("token")
@click.argument("email")
@click.argument("more", nargs=-1, metavar="[S]...")
@click.option("--scope", "scopes", multiple=True, required=True, help=f"One of {' '.join(SCOPES)}.")
@click.option(
    "--days",
    type=click.IntRange(1, 3650),
    default=actions.TOKEN_DAYS,
    show_default=True,
    help="How long it serves.",
)
@centre_option
@with_appcontext
def make_token(
    email: str, more: tuple[str, ...], scopes: tuple[str, ...], days: int, centre: str | None
) -> None:
    """Make an API token for the person EMAIL with the scopes S and print it, this once.

    A token lets nobody do more than their role: of scopes it cannot use it warns, and it refuses
    to make a token that could do nothing at all.
    """
    wanted = _scopes((*scopes, *more))
    with transaction():
        person = _person(email, centre)
        _refuse_useless(person, wanted)
        scope = Scope(person.centre_id)
    with within(scope), transaction():
        token = actions.make_api_token(person, wanted, days=days)
    click.echo(token)


def _scopes(written: tuple[str, ...]) -> list[str]:
    names = [name for part in written for name in part.replace(",", " ").split()]
    for name in names:
        if name not in SCOPES:
            raise click.UsageError(f"unknown scope {name!r}; known: {', '.join(SCOPES)}")
    return names


def _refuse_useless(person: Person, scopes: list[str]) -> None:
    useless = [scope for scope in scopes if person.role not in roles_for(scope)]
    for scope in useless:
        able = ", ".join(role.value for role in roles_for(scope))
        click.echo(f"{person.role.value} cannot use {scope}; these roles can: {able}", err=True)
    if len(useless) == len(scopes):
        raise click.UsageError(f"{person.email} could do nothing with this token")


def _person(email: str, centre: str | None) -> Person:
    person: Person | None = db.session.scalar(person_by_email(email))
    if person is None or not person.is_active:
        raise click.UsageError(f"nobody signs in with {email}")
    if centre and resolve_centre(centre).id != person.centre_id:
        raise click.UsageError(f"{email} does not work in the centre {centre}")
    return person
