"""The header block of a mail: found, unfolded and decoded, whatever its faults."""

import base64
import binascii
import re
from collections.abc import Iterator
from email.message import Message

from contactcenter.intake.mail import charsets

HEADER_BYTES = 256 * 1024
SCANNED_BYTES = 2 * 1024 * 1024  # after a field that is too long, the next ones still count
FIELD_BYTES = 64 * 1024
PARAMETERS_LENGTH = 8 * 1024  # of one MIME field; longer is an attack
VALUE_LENGTH = 16 * 1024  # of one field that is shown


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# A block with one of these is the header of a mail; other names also begin lines of plain text.
TELLING = _words(
    "from to sender reply-to subject message-id in-reply-to references received return- "
    "path delivered-to mime-version content-type content-transfer-encoding content- "
    "disposition content-id dkim-signature authentication-results x-original-to"
)
TRANSPORT = _words("received message-id mime-version return-path delivered-to")

_FIELD = re.compile(rb"([!-9;-~]{1,76})[ \t]*:(.*)", re.DOTALL)
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BLANK = re.compile(rb"(?:^|\n|\r(?!\n))(?:\r\n|\n|\r)")
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?((?:[^?]|\?(?!=)){0,1500})\?=")
_MESSAGE_ID = re.compile(r"<\s*([^<>]{1,995}?)\s*>")

Fields = dict[str, tuple[str, ...]]


def split(raw: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """Header fields in their order, with raw values, and what follows them.

    A block that is no header at all gives no fields and everything as the body.
    """
    raw = _without_prelude(raw)
    if not _is_field(raw):
        return [], raw
    block, body = _cut_at_blank_line(raw)
    block, stray = _without_stray_text(block)
    fields = list(_fields(block))
    body = stray + b"\n\n" + body if stray else body
    return (fields, body) if _has(fields, TELLING) else ([], raw)


def _without_stray_text(block: bytes) -> tuple[bytes, bytes]:
    """The block without lines at its end that are no fields: the blank line before them is lost."""
    end = len(block)
    while end > 0 and end > len(block) - FIELD_BYTES:
        start = max(block.rfind(b"\n", 0, end - 1), block.rfind(b"\r", 0, end - 1)) + 1
        line = block[start:end]
        if line[:1] in (b" ", b"\t") or _is_field(line):
            break
        end = start
    return block[:end], block[end:]


def split_part(raw: bytes) -> tuple[list[tuple[str, bytes]], bytes]:
    """As `split`, for a part: its header may be missing, and it then begins with a blank line."""
    block, body = _cut_at_blank_line(raw)
    if block.strip() and not _is_field(block):
        return [], raw
    return list(_fields(block)), body


def _without_prelude(raw: bytes) -> bytes:
    """Without a byte order mark, blank lines, an mbox line and one line of junk."""
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\x00")
    first, rest = _first_line(raw)
    if first.startswith((b"From ", b">From ")) and _is_field(rest):
        return rest
    if _is_field(first) or not _is_field(rest):
        return raw
    block, _ = _cut_at_blank_line(rest)
    return rest if _has(list(_fields(block)), TRANSPORT) else raw


def _has(fields: list[tuple[str, bytes]], names: frozenset[str]) -> bool:
    return any(name in names for name, _ in fields)


def _first_line(raw: bytes) -> tuple[bytes, bytes]:
    end = _LINE_END.search(raw, 0, 2048)
    return (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")


def _is_field(line: bytes) -> bool:
    return _FIELD.match(line[:100]) is not None


def _cut_at_blank_line(raw: bytes) -> tuple[bytes, bytes]:
    found = _BLANK.search(raw)
    return (raw[: found.start()], raw[found.end() :]) if found else (raw, b"")


def _fields(block: bytes) -> Iterator[tuple[str, bytes]]:
    """Unfolded fields; a line that is no field continues the one before, indented or not."""
    name, value, left = "", bytearray(), HEADER_BYTES
    for line in _LINE_END.split(block[:SCANNED_BYTES]):
        found = None if line[:1] in (b" ", b"\t") else _FIELD.match(line[:FIELD_BYTES])
        if found is None:
            value += b" " + line.strip() if len(value) < FIELD_BYTES else b""
            continue
        if name:
            yield name, bytes(value[:FIELD_BYTES]).strip()
        left -= len(value[:FIELD_BYTES])
        if left < 0:
            return
        name, value = found.group(1).decode("ascii").lower(), bytearray(found.group(2))
    if name:
        yield name, bytes(value[:FIELD_BYTES]).strip()


def gather(fields: list[tuple[str, bytes]]) -> Fields:
    """Field values by lower-case name, 8-bit bytes read, encoded words still encoded."""
    gathered: dict[str, list[str]] = {}
    for name, value in fields:
        gathered.setdefault(name, []).append(charsets.decode(value))
    return {name: tuple(values) for name, values in gathered.items()}


def decode_words(value: str) -> str:
    """Text of a field with its encoded words (RFC 2047) read, broken ones included."""
    pieces: list[str] = []
    pending, charset, position = b"", "", 0
    for found in _ENCODED.finditer(value):
        between = value[position : found.start()]
        adjacent = bool(pending) and not between.strip()
        word_charset = found.group(1).partition("*")[0].lower()
        if not (adjacent and word_charset == charset):
            # One letter may be split over two words of one charset: join first, then decode.
            pieces.append(charsets.decode(pending, charset))
            pieces.append("" if adjacent else between)
            pending, charset = b"", word_charset
        pending += _word_bytes(found.group(2), found.group(3))
        position = found.end()
    pieces.append(charsets.decode(pending, charset))
    pieces.append(value[position:])
    return "".join(pieces)


def _word_bytes(encoding: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if encoding in "bB":
        return lenient_base64(raw)
    return binascii.a2b_qp(raw, header=True)


def lenient_base64(raw: bytes) -> bytes:
    """Bytes of base64 with wrong padding, foreign characters or a broken tail."""
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", raw.split(b"=", 1)[0] if _one_run(raw) else raw)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return base64.b64decode(letters + b"=" * (-len(letters) % 4))


def _one_run(raw: bytes) -> bool:
    """Whether nothing but white space and padding follows the first padding character."""
    start = raw.find(b"=")
    return start >= 0 and re.search(rb"[A-Za-z0-9+/]{4}", raw[start:]) is None


def clean(value: str) -> str:
    """Decoded text on one line, without control characters."""
    decoded = decode_words(value[:VALUE_LENGTH])
    return " ".join(re.sub(r"[\x00-\x1f\x7f]+", " ", decoded).split(" ")).strip()


def message_ids(value: str) -> tuple[str, ...]:
    """Ids of a field without their brackets, in their order, each once."""
    found = [re.sub(r"\s+", "", one) for one in _MESSAGE_ID.findall(value)]
    if not found:
        found = [word.strip("<>,;") for word in value.split()[:1]]
    return tuple(dict.fromkeys(one for one in found if one))


def mime(fields: Fields) -> Message:
    """The MIME fields as the standard library reads their parameters (RFC 2231 included)."""
    message = Message()
    for name in ("content-type", "content-disposition", "content-transfer-encoding", "content-id"):
        if values := fields.get(name):
            message[name] = values[0][:PARAMETERS_LENGTH]
    return message
