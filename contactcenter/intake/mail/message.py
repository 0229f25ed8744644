"""One mail, read from its bytes: never refused, its faults repaired and named."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import dropwhile

from contactcenter.intake.mail import addresses, charsets, filenames, headers, html, mime
from contactcenter.intake.mail.headers import Fields

MOST_CHARACTERS = 1_000_000  # of the text that is shown; the bytes are kept elsewhere
SUBJECT_LENGTH = 998
WHOLE = "message.eml"
# After these the mail itself goes along as a file, so that a person can look at all of it.
LIMITS = frozenset({"header-too-long", "too-many-parts", "too-deep", "unreadable"})

_HTML = re.compile(rb"\s*<(?:!doctype html|html|head|body|div|p|table)\b", re.IGNORECASE)
_SCANNED = re.compile(
    rb"^(from|to|subject|message-id|date)[ \t]*:([^\r\n]{0,998})", re.IGNORECASE | re.MULTILINE
)


@dataclass(frozen=True)
class Attachment:
    """A file of a mail. `name` is safe to show and to save; `content_id` is what `cid:` names."""

    name: str
    content_type: str
    size: int
    content: bytes = field(repr=False)
    content_id: str = ""


@dataclass(frozen=True)
class ParsedMail:
    """What a mail says. Missing texts are empty; ids stand without their brackets.

    `return_path` is None if the mail has none, and empty for the null sender of automatic mail.
    `problems` are words: no-header, no-sender, no-parts, no-date, text-cut, header-too-long,
    too-many-parts, too-deep, unreadable.
    """

    from_name: str
    from_address: str
    reply_to: list[str]
    to: list[str]
    cc: list[str]
    subject: str
    text: str
    html: str | None
    attachments: list[Attachment]
    message_id: str
    in_reply_to: list[str]
    references: list[str]
    date: datetime | None
    return_path: str | None
    headers: Fields = field(repr=False)
    sha256: str
    problems: list[str]

    def header(self, name: str) -> str:
        """The first value of a field, decoded; empty if it is missing."""
        values = self.headers.get(name.lower(), ())
        return headers.clean(values[0]) if values else ""


def read(raw: bytes) -> ParsedMail:
    """The mail in these bytes; never raises, whatever they are."""
    try:
        return _read(raw)
    except Exception:  # one mail must never stop the others; it is kept as a file
        return _rescued(raw)


def _read(raw: bytes) -> ParsedMail:
    listed, body = headers.split(raw)
    problems = [] if listed else ["no-header"]
    if len(raw) - len(body) > headers.HEADER_BYTES and listed:
        problems.append("header-too-long")
    fields = headers.gather(listed)
    if not listed and _HTML.match(body[:1000]):
        fields["content-type"] = ("text/html",)
    parts = mime.leaves(fields, body, problems)
    bodies = [part for part in parts if not _is_file(part)]
    text, page = _bodies(bodies or [part for part in parts if _is_named_text(part)], problems)
    files = _files(parts)
    if LIMITS.intersection(problems):
        files.append(_whole(raw))
    return _mail(fields, raw, text=text, page=page, files=files, problems=problems)


def _mail(
    fields: Fields,
    raw: bytes,
    *,
    text: str,
    page: str | None,
    files: list[Attachment],
    problems: list[str],
) -> ParsedMail:
    sender = _sender(fields)
    if not sender.address:
        problems.append("no-sender")
    return ParsedMail(
        from_name=sender.name,
        from_address=sender.address,
        reply_to=_addresses(fields, "reply-to"),
        to=_addresses(fields, "to"),
        cc=_addresses(fields, "cc"),
        subject=headers.clean(_first(fields, "subject"))[:SUBJECT_LENGTH],
        text=text,
        html=page,
        attachments=files,
        message_id=next(iter(headers.message_ids(_first(fields, "message-id"))), ""),
        in_reply_to=_ids(fields, "in-reply-to"),
        references=_ids(fields, "references"),
        date=_date(_first(fields, "date")),
        return_path=_return_path(fields),
        headers=fields,
        sha256=hashlib.sha256(raw).hexdigest(),
        problems=list(dict.fromkeys(problems)),
    )


def _first(fields: Fields, name: str) -> str:
    return next((value for value in fields.get(name, ()) if value.strip()), "")


def _addresses(fields: Fields, name: str) -> list[str]:
    return addresses.only(", ".join(fields.get(name, ())))


def _ids(fields: Fields, name: str) -> list[str]:
    return list(headers.message_ids(" ".join(fields.get(name, ()))))


def _sender(fields: Fields) -> addresses.Mailbox:
    """Who wrote; without a usable From, whoever else the header names."""
    said = addresses.first(_first(fields, "from"))
    if said.address:
        return said
    for name in ("reply-to", "sender", "return-path"):
        other = addresses.first(_first(fields, name))
        if other.address:
            return addresses.Mailbox(said.name or other.name, other.address)
    return said


def _return_path(fields: Fields) -> str | None:
    values = fields.get("return-path")
    if not values:
        return None
    said = values[0].strip()
    return "" if said in ("", "<>") else addresses.first(said).address or said


def _date(value: str) -> datetime | None:
    """The moment the mail names, in UTC when it names no zone; None if it cannot be read."""
    try:
        named = parsedate_to_datetime(value[:100])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return named if named.tzinfo else named.replace(tzinfo=UTC)


def _is_file(part: mime.Part) -> bool:
    kind = part.content_type
    if kind.startswith("multipart/"):
        # Declared in parts, but without any: most often a plain text under a wrong heading.
        return len(part.within) >= mime.DEEPEST
    if kind not in ("text/plain", "text/html"):
        return True
    disposition = str(part.mime.get("content-disposition", "")).strip().lower()
    return disposition.startswith("attachment") or bool(filenames.declared(part.mime))


def _is_named_text(part: mime.Part) -> bool:
    """A text with a file's name that nothing calls an attachment may be all that was written."""
    return part.content_type == "text/plain" and "content-disposition" not in part.mime


def _files(parts: Sequence[mime.Part]) -> list[Attachment]:
    found: list[Attachment] = []
    for part in parts:
        if _is_file(part):
            found.append(_file(part, len(found) + 1))
        elif b"\nend" in part.raw and part.content_type == "text/plain":
            found.extend(
                _attachment(filenames.safe(one.name), "application/octet-stream", one.content)
                for one in mime.uuencoded(part.content())
            )
    return found


def _file(part: mime.Part, number: int) -> Attachment:
    content = part.content()
    kind = part.content_type
    name = filenames.declared(part.mime)
    if not name and kind == "message/rfc822":
        subject = headers.gather(headers.split(content)[0]).get("subject", ("",))[0]
        name = filenames.safe(headers.clean(subject))
        name = f"{name or 'message'}.eml"
    identity = "".join(headers.message_ids(str(part.mime.get("content-id", "")))[:1])
    return _attachment(name or filenames.made(kind, number), kind, content, identity)


def _attachment(name: str, kind: str, content: bytes, identity: str = "") -> Attachment:
    return Attachment(name, kind, len(content), content, identity)


def _bodies(parts: Sequence[mime.Part], problems: list[str]) -> tuple[str, str | None]:
    """The text a person reads, and the HTML if there is any."""
    has_plain = {part.choice for part in parts if part.choice and _plain(part).strip()}
    texts: list[str] = []
    pages: list[str] = []
    for part in parts:
        if part.content_type != "text/html":
            texts.append(_plain(part))
            continue
        pages.append(_decoded(part))
        if part.choice not in has_plain:
            texts.append(html.to_text(pages[-1]))
    text = "\n\n".join(text for text in map(_trimmed, texts) if text)
    if len(text) > MOST_CHARACTERS:
        problems.append("text-cut")
    return text[:MOST_CHARACTERS], "\n".join(pages)[: html.MOST_CHARACTERS] if pages else None


def _plain(part: mime.Part) -> str:
    if part.content_type == "text/html":
        return ""
    content = part.content()
    for one in reversed(list(mime.uuencoded(content)) if b"\nend" in content else []):
        content = content[: one.start] + content[one.end :]
    return charsets.decode(content, _charset(part))


def _decoded(part: mime.Part) -> str:
    return charsets.decode(part.content(), _charset(part))


def _charset(part: mime.Part) -> str:
    try:
        return str(part.mime.get_param("charset", ""))
    except (UnicodeError, ValueError, LookupError):
        return ""


def _trimmed(text: str) -> str:
    """Text with one kind of line end, without blank lines around it."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip().split("\n")
    return "\n".join(dropwhile(lambda line: not line.strip(), lines))


def _whole(raw: bytes) -> Attachment:
    return _attachment(WHOLE, "message/rfc822", raw)


def _rescued(raw: bytes) -> ParsedMail:
    """What the first lines tell, with the mail itself as the only file."""
    fields: Fields = {}
    for found in _SCANNED.finditer(raw[: headers.HEADER_BYTES]):
        name = found.group(1).decode("ascii").lower()
        fields.setdefault(name, (charsets.decode(found.group(2)).strip(),))
    return _mail(fields, raw, text="", page=None, files=[_whole(raw)], problems=["unreadable"])
