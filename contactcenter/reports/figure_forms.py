"""What is said of a figure, and how its value is written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from contactcenter.reports.words import decimal, percent

Figures = Mapping[str, Any]
Shown = Callable[[Any], str]
Words: TypeAlias = "str | LazyString"  # lazy: said in the language of who reads


@dataclass(frozen=True)
class Told:
    """A figure: `name` is its own in `report --json`; `part` and `whole` name visits it counts.

    `key` is its place in what the report tells by that name.
    Without `value` it is the count of `part`, or its share of `whole`.
    """

    name: str
    words: Words
    meaning: Words = ""
    part: str | None = None
    whole: str | None = None
    value: Shown | None = None
    key: str = ""


@dataclass(frozen=True)
class Part:
    title: Words
    figures: tuple[Told, ...]


def share(part: int, whole: int) -> str:
    return percent(part / whole if whole else None)


def exact(seconds: float | None) -> str:
    """1 h 05 min 09 s, to the second; under a minute to the tenth. A dash for none."""
    if seconds is None:
        return "–"
    if seconds < 60:
        return _("%(seconds)s s", seconds=decimal(seconds))
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return _("%(minutes)d min %(seconds)s s", minutes=minutes, seconds=f"{rest:02d}")
    hours, minutes = divmod(minutes, 60)
    return _("%(hours)d h %(minutes)s min", hours=hours, minutes=f"{minutes:02d}")


def time(name: str) -> Shown:
    return lambda figures: exact(figures[name])


def number(name: str) -> Shown:
    return lambda figures: "–" if figures[name] is None else decimal(figures[name])


def rate(name: str) -> Shown:
    return lambda figures: percent(figures[name])
