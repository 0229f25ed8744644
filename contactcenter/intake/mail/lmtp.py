"""The LMTP listener: a mail server hands over a message and hears "accepted" after our commit."""

import asyncio
import signal
from collections.abc import Callable
from typing import Any

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from contactcenter.intake.mail import door

LONGEST_LINE = 1_000_000  # real mail does not keep to 998 characters
ACCEPTED = "250 2.0.0 Accepted"
TRY_LATER = "451 4.3.0 Cannot store mail now, try again later"
UNKNOWN = "550 5.1.1 No such mailbox here"


class Door:
    """What the LMTP protocol asks of us; the database work happens in threads."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    async def handle_RCPT(  # noqa: N802 - the library names its hooks so
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        try:
            known = await self._run(lambda: door.mailbox_of(address) is not None)
        except SQLAlchemyError:
            return TRY_LATER
        if not known:
            return UNKNOWN
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - the library names its hooks so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """One answer for each recipient, as LMTP wants it."""
        raw = _with_sender(envelope)
        answers = [await self._deliver(raw, address) for address in envelope.rcpt_tos]
        return "\r\n".join(answers)

    async def _deliver(self, raw: bytes, address: str) -> str:
        def deliver() -> str:
            mailbox = door.mailbox_of(address)
            if mailbox is None:
                return UNKNOWN
            door.store(raw, mailbox, address)
            return ACCEPTED

        try:
            return str(await self._run(deliver))
        except SQLAlchemyError:
            self._app.logger.exception("lmtp: a message could not be stored")
            return TRY_LATER

    async def _run(self, work: Callable[[], Any]) -> Any:
        def in_context() -> Any:
            with self._app.app_context():
                return work()

        return await asyncio.get_running_loop().run_in_executor(None, in_context)


def _with_sender(envelope: Envelope) -> bytes:
    """The message with its envelope's sender above it: an empty one marks what a machine wrote."""
    sender = (envelope.mail_from or "").strip("<>")
    line = f"Return-Path: <{sender}>\r\n"
    return line.encode(errors="replace") + (envelope.original_content or b"")


def listen(app: Flask, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT."""
    asyncio.run(serve(app, host, port))


async def serve(app: Flask, host: str, port: int) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _protocol(app), host, port)
    stopped = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopped.set)
    async with server:
        await stopped.wait()


def _protocol(app: Flask) -> LMTP:
    protocol = LMTP(
        Door(app), hostname="localhost", ident="mail door", data_size_limit=door.LARGEST
    )
    protocol.line_length_limit = LONGEST_LINE
    return protocol
