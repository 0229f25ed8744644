"""Where everything the centre sends arrives, so that no message leaves the house."""

import email
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

Reader = Callable[[str, EmailMessage], None]


class Postbox:
    """An SMTP server on this machine only; `read` gets each recipient with the message."""

    def __init__(self, port: int, read: Reader) -> None:
        self._read = read
        self._server = Controller(self, hostname="127.0.0.1", port=port, ident="postbox")

    def open(self) -> None:
        self._server.start()

    def close(self) -> None:
        self._server.stop()

    async def handle_DATA(  # noqa: N802 - the library names its hooks so
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        message = email.message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(message, EmailMessage)
        for recipient in envelope.rcpt_tos:
            self._read(recipient.lower(), message)
        return "250 2.0.0 OK"
