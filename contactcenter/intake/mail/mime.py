"""The parts of a mail, cut without recursion and within limits."""

import binascii
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from contactcenter.intake.mail import headers

MOST_PARTS = 500
DEEPEST = 30

_BOUNDARY_TAIL = re.compile(rb"(--)?[ \t]*(?:\r\n|\n|\r|\Z)")
_UUENCODED = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[ -`]{1,62}\r?\n)+)end\b", re.MULTILINE
)


@dataclass(frozen=True)
class Part:
    """One leaf of a mail: its type, its raw bytes as sent, and where it stands."""

    fields: headers.Fields
    mime: Message
    raw: bytes
    within: tuple[str, ...]  # the multipart types around it, outermost first
    choice: int  # which multipart/alternative it is a form of; 0 for none

    @property
    def content_type(self) -> str:
        return content_type(self.mime, within=self.within)

    @property
    def encoding(self) -> str:
        declared = str(self.mime.get("content-transfer-encoding", ""))
        found = re.search(r"[a-z0-9-]+", declared.lower())
        return found.group() if found else ""

    def content(self) -> bytes:
        """The bytes behind the transfer encoding; a broken encoding gives what can be read."""
        if self.encoding == "base64":
            return headers.lenient_base64(self.raw)
        if self.encoding == "quoted-printable":
            return binascii.a2b_qp(self.raw)
        if self.encoding in ("x-uuencode", "uuencode", "x-uue"):
            found = next(uuencoded(self.raw), None)
            return found.content if found else self.raw
        return self.raw


@dataclass(frozen=True)
class Uuencoded:
    """A file written into a text, and where it stands there."""

    name: str
    content: bytes
    start: int
    end: int


@dataclass(frozen=True)
class _Block:
    fields: headers.Fields
    raw: bytes
    within: tuple[str, ...] = ()
    choice: int = 0


def content_type(mime: Message, *, within: tuple[str, ...] = ()) -> str:
    """`maintype/subtype` in lower case; what is missing or nonsense counts as plain text."""
    declared = str(mime.get("content-type", ""))
    found = re.match(r"\s*([\w.+-]{1,60})\s*/\s*([\w.+-]{1,100})", declared)
    if found:
        return f"{found.group(1)}/{found.group(2)}".lower()
    return "message/rfc822" if within[-1:] == ("multipart/digest",) else "text/plain"


def leaves(fields: headers.Fields, body: bytes, problems: list[str]) -> list[Part]:
    """The parts that hold something, in reading order; `problems` gets the limits met."""
    found: list[Part] = []
    waiting = deque([_Block(fields, body)])
    seen = 0
    while waiting and len(found) < MOST_PARTS:
        block = waiting.popleft()
        seen += 1
        mime = headers.mime(block.fields)
        kind = content_type(mime, within=block.within)
        pieces = _pieces(block, mime, problems) if kind.startswith("multipart/") else []
        if not pieces:
            found.append(Part(block.fields, mime, block.raw, block.within, block.choice))
        choice = seen if kind == "multipart/alternative" else block.choice
        within = (*block.within, kind)
        waiting.extendleft(_block(piece, within, choice) for piece in reversed(pieces))
    if waiting:
        problems.append("too-many-parts")
    return found


def _pieces(block: _Block, mime: Message, problems: list[str]) -> list[bytes]:
    if len(block.within) >= DEEPEST:
        problems.append("too-deep")
        return []
    boundary = _boundary(mime, block.raw)
    pieces = _cut(block.raw, boundary) if boundary else []
    if not pieces:
        problems.append("no-parts")
    return pieces


def _block(raw: bytes, within: tuple[str, ...], choice: int) -> _Block:
    fields, body = headers.split_part(raw)
    return _Block(headers.gather(fields), body, within, choice)


def _boundary(mime: Message, body: bytes) -> bytes:
    """The declared boundary if the body uses it, else the first line that looks like one."""
    try:
        declared = (mime.get_boundary() or "").encode("utf-8", "replace").strip()
    except (UnicodeError, ValueError, LookupError):
        declared = b""
    if declared and b"--" + declared in body:
        return declared
    found = re.search(rb"(?:\A|\n)--([^\s\r\n][^\r\n]{4,200})\r?\n[Cc]ontent-", body)
    return found.group(1).rstrip() if found else b""


def _cut(body: bytes, boundary: bytes) -> list[bytes]:
    """What stands between the boundary lines; the last may lack its end."""
    pieces: list[bytes] = []
    start = -1
    for found_at, after, is_last in _boundary_lines(body, boundary):
        if start >= 0:
            pieces.append(body[start:found_at])
        start = -1 if is_last else after
        if is_last or len(pieces) > MOST_PARTS:
            break
    if start >= 0 and body[start:].strip():
        pieces.append(body[start:])
    return pieces


def _boundary_lines(body: bytes, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Where each boundary line begins (with the line end before it) and ends; whether it closes."""
    delimiter = b"--" + boundary
    position = body.find(delimiter)
    while position >= 0:
        tail = _BOUNDARY_TAIL.match(body, position + len(delimiter))
        if tail and (position == 0 or body[position - 1] in b"\r\n"):
            yield _before_line_end(body, position), tail.end(), bool(tail.group(1))
        position = body.find(delimiter, position + len(delimiter))


def _before_line_end(body: bytes, position: int) -> int:
    if body[max(0, position - 2) : position] == b"\r\n":
        return position - 2
    return max(0, position - 1)


def uuencoded(text: bytes) -> Iterator[Uuencoded]:
    """Files written into a text between `begin` and `end` lines."""
    for found in _UUENCODED.finditer(text):
        lines = found.group(2).splitlines()
        content = b"".join(_uu_line(line) for line in lines)
        if content:
            name = found.group(1).decode("utf-8", "replace").strip()
            yield Uuencoded(name, content, found.start(), found.end())


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        # Some encoders pad a line too much: the first character says how much counts.
        wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[: wanted + 1])
        except binascii.Error:
            return b""
