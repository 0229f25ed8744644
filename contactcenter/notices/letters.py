"""A letter that is being written: its two parts, in its reader's words."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import g
from flask_babel import force_locale


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str


@contextmanager
def speaking(language: str, timezone: str) -> Generator[None]:
    """Say words, days and hours as this reader says them."""
    before = g.get("timezone")
    g.timezone = timezone
    try:
        with force_locale(language):
            yield
    finally:
        g.timezone = before
