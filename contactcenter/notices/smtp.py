"""Hand a mail to the mail server. It takes a while, so no transaction may be open."""

import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from email.message import EmailMessage
from typing import Any

from config import Settings
from contactcenter.notices.outcomes import NotTaken, Refused, Unsure

# In all, and for one answer: well under `rules.HANDED_OVER_WITHIN`, after which it counts as cut
# short, however slowly the server speaks.
PATIENCE_SECONDS = 45
ANSWERS_WITHIN_SECONDS = 30
PERMANENT = 500
END_OF_MAIL = b"\r\n.\r\n"


class _Server(smtplib.SMTP):
    """Knows when it has the whole mail, and is left when it takes too long."""

    has_all = False

    def __init__(self, settings: Settings) -> None:
        self._cut = threading.Timer(PATIENCE_SECONDS, self._hang_up)
        self._cut.daemon = True
        self._cut.start()
        try:
            super().__init__(settings.smtp_host, settings.smtp_port, timeout=ANSWERS_WITHIN_SECONDS)
        except BaseException:
            self._cut.cancel()
            raise

    def send(self, s: Any) -> None:
        super().send(s)
        self.has_all = self.has_all or (isinstance(s, bytes) and s.endswith(END_OF_MAIL))

    def close(self) -> None:
        self._cut.cancel()
        super().close()

    def _hang_up(self) -> None:
        if self.sock is not None:
            with suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def hand_over(
    mail: EmailMessage, to_address: str, *, from_address: str, settings: Settings
) -> None:
    """Give a mail to the mail server. Raises Refused, NotTaken or Unsure."""
    server = _reach(settings)
    try:
        _give(server, mail, to_address, from_address)
        with suppress(smtplib.SMTPException):
            server.quit()
    finally:
        server.close()


def _reach(settings: Settings) -> _Server:
    """What goes wrong here says nothing of the mail: it is tried again."""
    try:
        server = _Server(settings)
    except (smtplib.SMTPException, OSError) as away:
        raise NotTaken(_said(away)) from None
    try:
        if settings.smtp_starttls:
            server.starttls(context=_trusted(settings))
        if settings.smtp_username:
            server.login(settings.smtp_username, settings.smtp_password)
    except (smtplib.SMTPException, OSError) as away:
        server.close()
        raise NotTaken(_said(away)) from None
    return server


def _trusted(settings: Settings) -> ssl.SSLContext:
    """Checks the certificate and the name, which `starttls` alone does not."""
    return ssl.create_default_context(cafile=settings.smtp_ca_file or None)


def _give(server: _Server, mail: EmailMessage, to_address: str, from_address: str) -> None:
    # `from None`: the causes quote the address.
    try:
        server.send_message(mail, from_addr=from_address, to_addrs=[to_address])
    except smtplib.SMTPNotSupportedError:
        raise Refused("the mail server cannot write to such an address") from None
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException) as refused:
        code = _code(refused)
        kind = Refused if code >= PERMANENT else NotTaken
        raise kind(f"the mail server answered {code}") from None
    except (smtplib.SMTPException, OSError) as broken:
        raise (Unsure if server.has_all else NotTaken)(_said(broken)) from None
    except ValueError:
        raise Refused("this address cannot be written to") from None


def _code(refused: smtplib.SMTPRecipientsRefused | smtplib.SMTPResponseException) -> int:
    if isinstance(refused, smtplib.SMTPResponseException):
        return int(refused.smtp_code)
    return int(next(iter(refused.recipients.values()))[0])


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the mail server answered {error.smtp_code}"
    return f"no answer of the mail server ({type(error).__name__})"
