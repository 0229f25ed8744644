"""Placeholders of ready-made replies: `{nom}` becomes the citizen's name, or stays."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

NAMES = ("nom", "reference", "objet", "motif", "echeance", "papiers", "agent", "centre", "lieu")
_PLACEHOLDER = re.compile(r"\{\s*([^{}\n]{1,40}?)\s*\}")


@dataclass(frozen=True)
class Filled:
    """A text with what could be filled in; `empty` names what stands there still."""

    text: str
    empty: list[str]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put the values in; a placeholder without a value stays and is named."""

    def value(match: re.Match[str]) -> str:
        name = _plain(match[1])
        if name not in NAMES:
            return match[0]
        return values.get(name) or "{" + name + "}"

    filled = _PLACEHOLDER.sub(value, text)
    wanted = [name for name in names_in(text) if name in NAMES]
    return Filled(filled, [name for name in wanted if not values.get(name)])


def left_in(text: str) -> list[str]:
    """The placeholders that were never filled, as they are known."""
    return [name for name in names_in(text) if name in NAMES]


def unknown_in(text: str) -> list[str]:
    return [name for name in names_in(text) if name not in NAMES]


def names_in(text: str) -> list[str]:
    """Each name between braces once, in order, without case or accents."""
    return list(dict.fromkeys(_plain(match[1]) for match in _PLACEHOLDER.finditer(text)))


def _plain(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name.strip().lower())
    return "".join(each for each in parts if not unicodedata.combining(each))
