"""HTML of a mail as text, with its quotes marked. It is never shown as HTML."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from typing import Any

from selectolax.lexbor import LexborHTMLParser

MOST_CHARACTERS = 2_000_000
MOST_NESTED = 12_000  # tags that can stand in one another; parsing takes quadratic time in them
MOST_STEPS = 400_000  # into and out of tags and texts
DEEPEST_QUOTE = 20


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HIDDEN = _words("script style head title template noscript iframe object svg math")
BLOCKS = _words(
    "address article aside blockquote body center dd div dl dt fieldset figure footer form h1 "
    "h2 h3 h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul"
)
SPACED = _words("p h1 h2 h3 h4 h5 h6 ul ol blockquote table pre")

_NESTING = re.compile(
    r"<(?!(?:p|li|dt|dd|td|th|tr|tbody|thead|tfoot|br|img|hr|meta|link|input|col|wbr)\b)[a-z]",
    re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def to_text(html: str) -> str:
    """Text of the HTML as a person reads it; quoted mails have `> ` before their lines."""
    formatted, rest = _cut(html)
    writer = _Writer()
    for node, entering in islice(_walk(LexborHTMLParser(formatted).root), MOST_STEPS):
        writer.enter(node) if entering else writer.leave(node)
    return f"{writer.text()}\n{rest}".strip("\n")


def _cut(html: str) -> tuple[str, str]:
    """HTML that is parsed in little time, and the plain text of what is left of a hostile one."""
    html = html[:MOST_CHARACTERS]
    over = next(islice(_NESTING.finditer(html), MOST_NESTED, None), None)
    if over is None:
        return html, ""
    return html[: over.start()], unescape(_TAG.sub(" ", html[over.start() :])).strip()


def _walk(root: Any) -> Iterator[tuple[Any, bool]]:
    """Each node when it opens and when it closes, hidden ones left out, without recursion."""
    node, depth = root, 0
    while node is not None:
        yield node, True
        child = None if node.tag in HIDDEN else node.child
        if child is not None:
            node, depth = child, depth + 1
            continue
        yield node, False
        while node.next is None and depth > 0:
            node, depth = node.parent, depth - 1
            yield node, False
        node = node.next if depth > 0 else None


def is_quote(node: Any) -> bool:
    """Whether a blockquote holds a quoted mail, and is not one the writer made to indent."""
    if node.tag != "blockquote":
        return False
    attributes = node.attributes
    marks = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".lower()
    return attributes.get("type") == "cite" or "cite" in attributes or "quote" in marks


def _is_spaced(node: Any) -> bool:
    """Whether a blank line stands around the block; Outlook's paragraphs have none."""
    return node.tag in SPACED and "msonormal" not in (node.attributes.get("class") or "").lower()


class _Writer:
    """Lines of text under their quote marks."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._line: list[str] = []
        self._quotes = 0
        self._preformatted = 0

    def enter(self, node: Any) -> None:
        tag = node.tag
        if tag == "-text":
            self._write(node.text_content or "")
            return
        if tag in BLOCKS:
            self._block(node)
        if tag == "br":
            self._end_line()
        elif tag == "li":
            self._line.append("- ")
        elif tag == "pre":
            self._preformatted += 1
        if is_quote(node):
            self._quotes += 1

    def leave(self, node: Any) -> None:
        tag = node.tag
        if tag in ("td", "th"):
            self._write(" ")
        if tag == "pre":
            self._preformatted -= 1
        if is_quote(node):
            self._break_line()
            self._quotes -= 1
        if tag in BLOCKS:
            self._block(node)

    def text(self) -> str:
        self._break_line()
        joined = "\n".join(line.rstrip() for line in self._lines)
        return _BLANK_LINES.sub("\n\n", joined).strip("\n")

    def _write(self, text: str) -> None:
        if self._preformatted:
            first, *others = text.splitlines() or [""]
            self._line.append(first)
            for line in others:
                self._end_line()
                self._line.append(line)
            return
        piece = _SPACES.sub(" ", text)
        at_start = not self._line or self._line[-1].endswith(" ")
        if piece := piece.lstrip(" ") if at_start else piece:
            self._line.append(piece)

    def _block(self, node: Any) -> None:
        self._break_line()
        if _is_spaced(node) and self._lines and self._lines[-1].strip("> "):
            self._end_line()

    def _break_line(self) -> None:
        if self._line:
            self._end_line()

    def _end_line(self) -> None:
        marks = "> " * min(self._quotes, DEEPEST_QUOTE)
        self._lines.append(marks + "".join(self._line))
        self._line = []
