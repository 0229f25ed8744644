"""What the writer of a mail wrote this time, without the mails quoted around it.

Nothing is deleted: this says what to show first, the whole text stays with the message.
"""

from collections.abc import Sequence

from contactcenter.intake.mail import html as pages
from contactcenter.intake.mail import quoting

WRAPPED_FROM = 55  # a quoted line this long may have been wrapped by its program


def visible(text: str, html: str | None = None) -> str:
    """The new text. A forwarded mail with nothing written above it is shown itself.

    Answers below or between quoted lines keep those lines: alone they would mean nothing.
    The HTML decides when the text shows no quote, because some programs mark it only there.
    """
    shown = _visible(text)
    if html and shown == text.strip():
        page = pages.to_text(html)
        from_page = _visible(page)
        if from_page and from_page != page.strip():
            return from_page
    return shown


def _visible(text: str) -> str:
    lines = text.replace("\r\n", "\n").split("\n")
    heading = quoting.heading(lines)
    if heading and heading.by == "words" and _answers_follow(lines[heading.end :]):
        later = quoting.heading(lines, heading.end)
        return _joined(_without_signature(lines[: later.start] if later else lines))
    above = quoting.without_rule(lines[: heading.start]) if heading else lines
    above = _without_last_quote(_without_signature(above))
    if _has_own_text(above):
        return _joined(above)
    return _joined(_forwarded(lines, heading))


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip()


def _has_own_text(lines: Sequence[str]) -> bool:
    return any(line.strip() and not quoting.is_quoted(line) for line in lines)


def _answers_follow(lines: Sequence[str]) -> bool:
    """Whether the quote comes at once and something new stands below or between its lines."""
    first = next((line for line in lines if line.strip()), "")
    return quoting.is_quoted(first) and _has_own_text(_unwrapped(_without_signature(lines)))


def _unwrapped(lines: Sequence[str]) -> list[str]:
    """The lines, those that a program wrapped out of a long quoted line left out."""
    kept: list[str] = []
    long_quote = False
    for line in lines:
        if long_quote and line[:1].islower():
            continue
        kept.append(line)
        long_quote = quoting.is_quoted(line) and len(line.rstrip()) >= WRAPPED_FROM
    return kept


def _without_signature(lines: Sequence[str]) -> Sequence[str]:
    start = quoting.signature(lines)
    above = lines[:start]
    return above if start is not None and any(line.strip() for line in above) else lines


def _without_last_quote(lines: Sequence[str]) -> Sequence[str]:
    """Without the quoted lines at the end, if something stands above them."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or quoting.is_quoted(lines[end - 1])):
        end -= 1
    return lines[:end]


def _forwarded(lines: Sequence[str], heading: quoting.Heading | None) -> Sequence[str]:
    """What to show when nothing stands above the first heading, or everything is quoted."""
    if heading and heading.by == "words":
        rest = lines[heading.end :]
        return rest if _has_own_text(rest) else []
    rest = lines[heading.end :] if heading else lines
    inner = _unquoted(rest)
    copied = quoting.heading(inner)
    if copied and copied.by != "words" and not _joined(inner[: copied.start]):
        return inner[copied.end :]
    return inner if heading else []


def _unquoted(lines: Sequence[str]) -> Sequence[str]:
    """The lines without one level of quote marks, if they begin with one."""
    first = next((line for line in lines if line.strip()), "")
    if not quoting.is_quoted(first):
        return lines
    return [line.lstrip().removeprefix(">").removeprefix(" ") for line in lines]
