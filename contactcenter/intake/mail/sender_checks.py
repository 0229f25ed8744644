"""Whether a mail was really sent from where it says, as the mail server in front of us saw it.

Only the `Authentication-Results` (RFC 8601) of the server that the operator names counts: anybody
can write such a field, and that server takes out those that claim its name.
"""

import re

from contactcenter.intake.mail.message import ParsedMail

_COMMENT = re.compile(r"\([^()]*\)")
_RESULT = re.compile(r"^\s*(dmarc|dkim|spf)\s*=\s*pass\b", re.IGNORECASE)
_DOMAINS = re.compile(
    r"(?:header\.d|header\.from|smtp\.mailfrom)\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE
)


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
    server, _semicolon, results = _COMMENT.sub("", value).partition(";")
    return results if server.split()[:1] == [trusted] else None


def _says_so(part: str, mail: ParsedMail) -> bool:
    found = _RESULT.match(part)
    if found is None:
        return False
    own = mail.from_address.rpartition("@")[2].lower()
    domains = [each.rpartition("@")[2].lower() for each in _DOMAINS.findall(part)]
    return found[1].lower() == "dmarc" or any(_is_of(own, each) for each in domains)


def _is_of(own: str, domain: str) -> bool:
    return bool(domain) and (own == domain or own.endswith(f".{domain}"))
