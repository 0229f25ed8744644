"""The mail server in front of the centre: it hands messages over by LMTP."""

import smtplib
from email.message import EmailMessage
from email.utils import format_datetime, localtime, make_msgid

from contactcenter.rehearsal.browser import Unreachable

PATIENCE_SECONDS = 20
# Read as a one-page PDF; what stands on it does not matter.
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 298 420]>>endobj\n"
    b"xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000052 00000 n \n"
    b"0000000101 00000 n \ntrailer<</Size 4/Root 1 0 R>>\nstartxref\n164\n%%EOF\n"
)


def compose(sender: str, to: str, subject: str, text: str, paper: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = make_msgid(domain="courriel.example")
    mail.set_content(text)
    if paper:
        mail.add_attachment(PAPER, maintype="application", subtype="pdf", filename=paper)
    return mail


def continue_from(mail: EmailMessage, earlier: str, thread: str = "") -> None:
    """Say which message this one follows, as mail programs do."""
    mail["In-Reply-To"] = earlier
    mail["References"] = f"{thread} {earlier}".strip()


def deliver(mail: EmailMessage, to: str, at: tuple[str, int]) -> None:
    """Hand a message over. Raises Unreachable: the same message may be handed over again."""
    try:
        with smtplib.LMTP(at[0], at[1], timeout=PATIENCE_SECONDS) as door:
            door.send_message(mail, from_addr=None, to_addrs=[to])
    except (OSError, smtplib.SMTPException) as failure:
        raise Unreachable(f"LMTP: {failure or type(failure).__name__}") from failure
