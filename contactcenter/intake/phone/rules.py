"""Whose number it is, where some hide theirs; and until when a call can be promised."""

from datetime import datetime, timedelta

from contactcenter.citizens.rules import e164

SHORTEST_PROMISE = timedelta(minutes=30)
FIVE_MINUTES = timedelta(minutes=5)

# What the operator writes instead of a number: "anonymous", "restricted" and so on, by keypad.
HIDDEN = frozenset(
    {"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "+464", "+656"}
)


def caller_number(written: str, country: str) -> str | None:
    """The caller's number as E.164; None when it is hidden or cannot be one."""
    return None if written in HIDDEN else e164(written, country)


def promised_until(
    now: datetime, longest_minutes: int | None, closes_at: datetime | None
) -> datetime | None:
    """The end of an honest promise, on five minutes; None if it would be after closing.

    Where the wait is not known, it is until closing.
    """
    if closes_at is None:
        return None
    if longest_minutes is None:
        until = closes_at
    else:
        until = now + max(SHORTEST_PROMISE, timedelta(minutes=longest_minutes))
        until += -(until - until.replace(minute=0, second=0, microsecond=0)) % FIVE_MINUTES
    return until if now + SHORTEST_PROMISE <= until <= closes_at else None
