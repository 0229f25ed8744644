"""The people named in a field of a mail, read in one pass, whatever stands there."""

import re
from typing import NamedTuple

from contactcenter.intake.mail import headers

MOST_ADDRESSES = 1000
ADDRESS_LENGTH = 320  # 64 before the @, 255 behind it (RFC 5321)

_TOKEN = re.compile(
    r"=\?[^?\s]{1,60}\?[bBqQ]\?[^?]{0,1500}\?="  # an encoded word may hold commas
    r'|"(?:[^"\\]|\\.){0,300}"'
    r"|<[^<>]{0,600}>"
    r"|[,;]"
    r"|[^=\"<,;]+"
    r"|.",
    re.DOTALL,
)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,255}@[^\s<>\"'(),;@]{1,255}")
_COMMENT = re.compile(r"\(([^()]{0,1000})\)")


class Mailbox(NamedTuple):
    """A name, empty if none is given, and an address, empty if none can be read."""

    name: str
    address: str


def mailboxes(value: str) -> list[Mailbox]:
    """The mailboxes of a field, at most `MOST_ADDRESSES`, without those that say nothing."""
    found: list[Mailbox] = []
    piece: list[str] = []
    for bit in _TOKEN.findall(value):
        if bit not in (",", ";"):
            piece.append(bit)
            continue
        _add(found, piece)
        piece = []
        if len(found) >= MOST_ADDRESSES:
            return found
    _add(found, piece)
    return found


def first(value: str) -> Mailbox:
    """The first mailbox with an address, else the first name, else nothing."""
    found = mailboxes(value[: headers.VALUE_LENGTH])
    return next((one for one in found if one.address), found[0] if found else Mailbox("", ""))


def only(value: str) -> list[str]:
    """The addresses of a field, without names, each once."""
    return list(dict.fromkeys(one.address for one in mailboxes(value) if one.address))


def _add(found: list[Mailbox], piece: list[str]) -> None:
    mailbox = _mailbox("".join(piece).strip()[:4000])
    if mailbox.name or mailbox.address:
        found.append(mailbox)


def _mailbox(text: str) -> Mailbox:
    brackets = text.rfind("<")
    if brackets >= 0 and (address := _address(text[brackets:])):
        return Mailbox(_name(text[:brackets]) or _commented(text[brackets:]), address)
    decoded = headers.clean(text)
    if decoded != text and "@" in decoded and "@" not in text:
        # The whole mailbox is one encoded word.
        return _mailbox(decoded)
    if address := _address(decoded):
        return Mailbox(_commented(decoded), address)
    return Mailbox(_name(text.split("<")[0]), "")


def _address(text: str) -> str:
    found = _ADDRESS.search(_COMMENT.sub(" ", text))
    return found.group()[:ADDRESS_LENGTH].strip(".") if found else ""


def _name(text: str) -> str:
    plain = text.strip()
    if len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'":
        plain = re.sub(r"\\(.)", r"\1", plain[1:-1])
    return headers.clean(plain).strip("\"' ")


def _commented(text: str) -> str:
    found = _COMMENT.search(text)
    return headers.clean(found.group(1)) if found else ""
