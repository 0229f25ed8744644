"""Reports of mail servers about a mail that did not arrive: whose address, and for good or not."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contactcenter.intake.mail import charsets, headers
from contactcenter.intake.mail.message import ParsedMail

READ = 20_000  # characters of a report that are looked at
RETURNED_READ = 200_000  # characters in which the returned mail is looked for

REPORT_TYPES = ("message/delivery-status", "message/global-delivery-status")
RETURNED_TYPES = (
    "message/rfc822",
    "text/rfc822-headers",
    "message/global",
    "message/rfc822-headers",
)
DELIVERED = frozenset({"delivered", "relayed", "expanded"})

_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]{1,64}@[\w.-]{1,190}\.\w{2,24}")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_FIELD = re.compile(
    r"^(final-recipient|original-recipient|action|status|diagnostic-code)[ \t]*:[ \t]*(.*)$",
    re.IGNORECASE | re.MULTILINE,
)
# The returned mail below the report names other people.
_RETURNED = re.compile(
    r"^[ \t]{0,8}(?:received:|return-path:|dkim-signature:"
    r"|-{2,40}[^-\n][^\n]{0,60}(?:original message|copy of the message|returned message|"
    r"unsent message|header)[^\n]{0,60})",
    re.IGNORECASE | re.MULTILINE,
)
_BAD_ADDRESS = re.compile(
    r"user unknown|unknown (?:user|recipient|address|mailbox|local)|no such (?:user|person|address|"
    r"mailbox|recipient|domain)|(?:does not|doesn't) exist|do(?:es)? not have an? .{0,40}account|"
    r"(?:invalid|bad) (?:user|recipient|address|mailbox|destination)|(?:recipient|address|user|"
    r"account|mailbox|host|domain)(?: name)? (?:is )?(?:not found|unknown|inactive|disabled|"
    r"invalid)|recipient ?not ?found|host unknown|unrouteable|no mailbox|not listed in domino|"
    r"inconnue?\b|n['’]existe (?:pas|plus)|introuvable|bestaat niet|onbekende?\b|"
    r"existiert nicht|unbekannt|nicht gefunden",
    re.IGNORECASE,
)
_OTHER_FAULT = re.compile(
    r"quota|mailbox (?:is )?full|mailfolder is full|over ?limit|exceed|too (?:big|large|many)|"
    r"size limit|blocked|blacklist|spam|virus|policy|reputation|not allowed|denied|temporar|"
    r"try again|later|timed? ?out|delayed|boîte .{0,30}pleine|postvak .{0,30}vol\b|"
    r"postfach .{0,30}voll",
    re.IGNORECASE,
)
_FAULTY_LINE = re.compile(
    r"\b5\d\d\b|rcpt to|fail|unknown|reject|invalid|error|n['’]a pas pu|niet .{0,30}bezorgd|"
    r"nicht .{0,30}zugestellt",
    re.IGNORECASE,
)
_MESSAGE_ID = re.compile(
    rb"^[ \t]{0,8}message-id[ \t]{0,8}:\s{0,8}<([^<>\s]{1,995})>", re.IGNORECASE | re.MULTILINE
)
_SYSTEM = re.compile(r"mailer-?daemon|post_?master", re.IGNORECASE)


@dataclass(frozen=True)
class Recipient:
    """One recipient of a delivery report; empty where the report is silent."""

    address: str
    action: str
    status: str
    diagnostic: str


def recipients(mail: ParsedMail) -> list[Recipient]:
    """Whom the machine-readable part of a delivery report (RFC 3464) speaks of."""
    texts = [
        charsets.decode(file.content[:READ])
        for file in mail.attachments
        if file.content_type in REPORT_TYPES
    ]
    if not texts and "final-recipient:" in mail.text[:READ].lower():
        # A broken report may carry its groups in the text.
        texts = [mail.text[:READ]]
    groups = (group for text in texts for group in re.split(r"\r?\n[ \t]*\r?\n", text))
    return [found for group in groups if (found := _recipient(group))]


def _recipient(group: str) -> Recipient | None:
    unfolded = re.sub(r"\r?\n[ \t]+", " ", group)
    fields = {name.lower(): value.strip() for name, value in _FIELD.findall(unfolded)}
    original, final = fields.get("original-recipient", ""), fields.get("final-recipient", "")
    if not (original or final or "action" in fields):
        return None
    return Recipient(
        # The final address may be one that the server made of ours.
        address=_first_address([original, final]),
        action=fields.get("action", "").split(" ")[0].lower(),
        status=fields.get("status", ""),
        diagnostic=fields.get("diagnostic-code", ""),
    )


def failed_address(mail: ParsedMail, reported: Sequence[Recipient]) -> str | None:
    """The address that was not reached, the first of several; None if no one names it."""
    undelivered = [one.address for one in reported if one.action not in DELIVERED]
    found = (
        _first_address(undelivered)
        or _first_address([mail.header("x-failed-recipients")])
        or _address_in_text(mail)
        or _first_address(headers.gather(headers.split(returned(mail))[0]).get("to", ()))
    )
    return found or None


def _first_address(texts: Iterable[str]) -> str:
    for text in texts:
        if found := _ADDRESS.search(text):
            return found.group().rstrip(".")
    return ""


def _address_in_text(mail: ParsedMail) -> str:
    own = {address.lower() for address in (*mail.to, *mail.cc, mail.from_address)}
    report = _report(mail)
    lines = report.splitlines()
    faulty = [line for line in lines if _FAULTY_LINE.search(line)]
    for line in (*faulty, *lines):
        for address in _ADDRESS.findall(line):
            if address.lower() not in own and not _SYSTEM.search(address):
                return str(address).rstrip(".")
    return ""


def _report(mail: ParsedMail) -> str:
    text = mail.text[:READ]
    found = _RETURNED.search(text)
    return text[: found.start()] if found else text


def is_permanent(mail: ParsedMail, reported: Sequence[Recipient]) -> bool | None:
    """True if the address itself is bad, False for a passing or other fault, None if unclear."""
    words = " ".join(one.diagnostic for one in reported) or _report(mail)
    for one in reported:
        if (verdict := _verdict(one.status)) is not None:
            return verdict
    if _OTHER_FAULT.search(words):
        return False
    if _BAD_ADDRESS.search(words) or _BAD_ADDRESS.search(mail.subject):
        return True
    found = _STATUS.search(words)
    return _verdict(found.group()) if found else None


def _verdict(status: str) -> bool | None:
    """What an enhanced status code (RFC 3463) says of the address, if it says anything."""
    found = _STATUS.search(status)
    if found is None:
        return None
    kind, subject, detail = (int(number) for number in found.groups())
    if kind == 4 or (subject == 2 and detail in (2, 3, 4)) or subject == 7:
        return False
    # 7 and 8 blame the sender's address; 2.1 is a closed mailbox, 4.4 a domain that is not there.
    certain = (subject == 1 and detail not in (0, 7, 8)) or (subject, detail) in ((2, 1), (4, 4))
    return True if certain else None


def returned(mail: ParsedMail) -> bytes:
    """The mail that comes back, or its header; empty if it does not."""
    for file in mail.attachments:
        if file.content_type in RETURNED_TYPES:
            return file.content
    found = _RETURNED.search(mail.text[:RETURNED_READ])
    return mail.text[found.start() :].encode() if found else b""


def returned_message_id(mail: ParsedMail) -> str:
    """The id of the mail a report is about, without its brackets; empty if it is not named."""
    found = _MESSAGE_ID.search(returned(mail)[: headers.HEADER_BYTES])
    if found:
        return charsets.decode(found.group(1))
    return next(iter((*mail.in_reply_to, *reversed(mail.references))), "")
