"""Ways for a mail server on this machine to deliver: a pipe and a listener."""

import sys

import click
from flask import current_app
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from contactcenter import edge, logs
from contactcenter.accounts.commands import centre_option, resolve_centre
from contactcenter.directory.models import Mailbox
from contactcenter.intake.mail import door, message
from contactcenter.intake.mail.lmtp import listen

EX_DATAERR = 65
EX_TEMPFAIL = 75


@click.command("mail-in")
@centre_option
def mail_in(centre: str | None) -> None:
    """Take one message from standard input: 0 once it is stored, 75 to be tried again.

    A mistake in the set-up is no fault of the citizen's: their mail waits until it is mended.
    """
    raw = sys.stdin.buffer.read(door.LARGEST + 1)
    if not raw.strip() or len(raw) > door.LARGEST:
        click.echo("mail-in: an empty message, or one over 25 MB, is not taken", err=True)
        sys.exit(EX_DATAERR)
    try:
        _store(raw, centre)
    except Exception as error:
        current_app.logger.error("mail-in: not stored\n%s", logs.without_words(error))
        if isinstance(error, click.ClickException):
            error.show()
        sys.exit(EX_TEMPFAIL)
    _read_now()


def _store(raw: bytes, centre: str | None) -> None:
    mail = message.read(raw)
    named = [*_delivered_to(mail), *mail.to, *mail.cc]
    known = [(box, address) for address in named if (box := door.mailbox_of(address))]
    if centre is not None or not known:
        known = [_of_centre(known, _centre_id(centre))]
    for mailbox, address in {box.id: (box, address) for box, address in known}.values():
        door.store(raw, mailbox, address)


def _centre_id(code: str | None) -> int:
    """Looked up in a transaction of its own: one left open would keep the scope it began with."""
    with edge.transaction():
        return resolve_centre(code).id


def _of_centre(known: list[tuple[Mailbox, str]], centre_id: int) -> tuple[Mailbox, str]:
    """The mailbox of that centre that was written to, else its first one."""
    for mailbox, address in known:
        if mailbox.centre_id == centre_id:
            return mailbox, address
    first = door.first_mailbox(centre_id)
    if first is None:
        raise click.ClickException("this centre has no mailbox yet")
    return first, first.address


def _delivered_to(mail: message.ParsedMail) -> list[str]:
    written = (mail.header(name) for name in ("Delivered-To", "X-Original-To", "Envelope-To"))
    return [address.strip(" <>") for address in written if "@" in address]


def _read_now() -> None:
    """Read it at once rather than wait for a worker; what fails here, a worker does.

    Nothing else is done here: what leaves is sent by the workers, who know the mail server.
    """
    try:
        edge.drain("urgent", "intake.read_mail")
    except (SQLAlchemyError, RedisError):
        current_app.logger.warning("mail-in: stored; a worker will read it")


@click.command("lmtp")
def lmtp() -> None:
    """Listen for a mail server's deliveries (LMTP_LISTEN) until stopped."""
    host, _colon, port = current_app.config["SETTINGS"].lmtp_listen.rpartition(":")
    listen(current_app._get_current_object(), host, int(port))  # type: ignore[attr-defined]
