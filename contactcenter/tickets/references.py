"""References of tickets and the codes by which citizens follow them."""

import hashlib
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from contactcenter.db import draw

# Without 0/O, 1/I/L, 5/S, 8/B, 2/Z: read aloud, written by hand and typed on a phone.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LENGTH = 8
_FIRST_YEAR = 2000
_REFERENCE = re.compile(r"\b20\d\d-\d{6,}\b")


def next_reference(at: datetime, zone: ZoneInfo) -> str:
    """A reference such as 2026-004512, never given twice in this centre; gaps are allowed."""
    year = at.astimezone(zone).year
    return f"{year}-{draw(f'next_ticket_number(app_centre(), {year})'):06d}"


def find_reference(words: str) -> str | None:
    found = _REFERENCE.search(words)
    return found.group() if found else None


def references_ending(number: str, year: int) -> list[str]:
    """The references a number such as 4512 may stand for, this year's first."""
    if not re.fullmatch(r"\d{1,7}", number):
        return []
    return [f"{each}-{int(number):06d}" for each in range(year, _FIRST_YEAR - 1, -1)]


def hash_code(code: str) -> str:
    """What is kept of a follow-up code: spaces, dashes and case do not matter."""
    plain = re.sub(r"[^A-Z0-9]", "", code.upper())
    return hashlib.sha256(plain.encode()).hexdigest()
