"""Whose number it is: some callers hide theirs, and are citizens like any other."""

from contactcenter.citizens.rules import e164

# What the operator writes instead of a number: "anonymous", "restricted" and so on, by keypad.
HIDDEN = frozenset(
    {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464", "+656"}
)


def caller_number(written: str, country: str) -> str | None:
    """The caller's number as E.164; None when it is hidden or cannot be one."""
    return None if written in HIDDEN else e164(written, country)
