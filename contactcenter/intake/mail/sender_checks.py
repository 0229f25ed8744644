"""Whether a mail was really sent from where it says, as the mail server in front of us saw it.

Only the `Authentication-Results` (RFC 8601) of the server that the operator names counts: anybody
can write such a field, and that server takes out those that claim its name.
"""

import re

from contactcenter.intake.mail.message import ParsedMail

_MARK = re.compile(r"\\.|[\"()]", re.DOTALL)
_RESULT = re.compile(r"^\s*(dmarc|dkim|spf)\s*=\s*pass\b", re.IGNORECASE)
_DOMAINS = {
    "dkim": re.compile(r"(?<!\S)header\.d\s*=\s*(\S+)", re.IGNORECASE),
    "spf": re.compile(r"(?<!\S)smtp\.mailfrom\s*=\s*(\S+)", re.IGNORECASE),
}


def is_authentic(mail: ParsedMail, trusted: str) -> bool:
    """Whether DMARC passed, or DKIM or SPF for the sender's own domain.

    Where no server is `trusted`, nothing is known of any mail, and none is refused for it.
    """
    if not trusted:
        return True
    results = (_of(value, trusted) for value in mail.headers.get("authentication-results", ()))
    own = next((result for result in results if result is not None), "")
    return any(_says_so(part, mail) for part in own.split(";"))


def _of(value: str, trusted: str) -> str | None:
    """What comes after the name of the server, if it is the trusted one."""
    server, _semicolon, results = _plain(value).partition(";")
    return results if server.split()[:1] == [trusted] else None


def _plain(value: str) -> str:
    """Without what is quoted or in brackets: the sender writes that, in the address they send from.

    What is never closed goes to the end; a bracket in quotes is none, nor quotes in brackets.
    """
    kept, start, depth, is_quoted = "", 0, 0, False
    for mark in _MARK.finditer(value):
        was_outside = not (depth or is_quoted)
        if mark[0] == '"' and not depth:
            is_quoted = not is_quoted
        elif mark[0] in "()" and not is_quoted:
            depth = max(0, depth + (1 if mark[0] == "(" else -1))
        if was_outside:
            kept += value[start : mark.start()] + " " * (mark[0] != '"')
        start = mark.end()
    return kept if depth or is_quoted else kept + value[start:]


def _says_so(part: str, mail: ParsedMail) -> bool:
    found = _RESULT.match(part)
    if found is None:
        return False
    own = mail.from_address.rpartition("@")[2].lower()
    if (method := found[1].lower()) == "dmarc":
        return True
    named = _DOMAINS[method].findall(part)
    return any(_is_of(own, each.rpartition("@")[2].lower()) for each in named)


def _is_of(own: str, domain: str) -> bool:
    return bool(domain) and (own == domain or own.endswith(f".{domain}"))
