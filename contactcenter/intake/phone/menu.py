"""The menu of a line: which key means which language, and which means which request."""

from dataclasses import dataclass
from typing import Any

from contactcenter.accounts.models import Centre
from contactcenter.directory.models import Line
from contactcenter.languages import LANGUAGES

LANGUAGE_KEYS = ("7", "8", "9", "6", "5", "0")
PATIENCE = 2  # times a menu is said before a silent caller is put in the line's own queue


@dataclass(frozen=True)
class Entry:
    digit: str
    label: str
    queue_id: int
    topic_id: int | None


@dataclass(frozen=True)
class Menu:
    """What can be chosen on a line; `languages` maps a key to the language it asks for."""

    entries: tuple[Entry, ...]
    languages: dict[str, str]

    @property
    def is_empty(self) -> bool:
        return not self.entries and not self.languages

    def entry(self, digit: str) -> Entry | None:
        return next((entry for entry in self.entries if entry.digit == digit), None)


def entries_of(line: Line, language: str) -> tuple[Entry, ...]:
    return tuple(_entry(stored, line, language) for stored in line.menu)


def queues_of(line: Line) -> list[int]:
    """Every queue a call on this line may come to."""
    return sorted({line.queue_id, *(entry.queue_id for entry in entries_of(line, "fr"))})


def chosen_label(line: Line, digit: str | None, language: str) -> str:
    """The words of what was chosen; empty when nothing was."""
    return next((e.label for e in entries_of(line, language) if e.digit == digit), "")


def chosen_words(line: Line, digit: str | None) -> dict[str, str]:
    """What was chosen, by language, as the menu says it now; empty when nothing was."""
    said = (each.get("label") for each in line.menu if str(each["digit"]) == digit)
    return dict(next(said, None) or {})


def menu_of(line: Line, centre: Centre, language: str) -> Menu:
    """The menu as said in `language`; the language being spoken needs no key."""
    entries = entries_of(line, language)
    spoken = [each for each in centre.languages if each in LANGUAGES]
    taken = {entry.digit for entry in entries}
    free = [key for key in LANGUAGE_KEYS if key not in taken]
    keys = dict(zip(free, spoken[1:] + spoken[:1], strict=False))
    return Menu(entries, {key: asked for key, asked in keys.items() if asked != language})


def first_language(centre: Centre) -> str:
    return next((each for each in centre.languages if each in LANGUAGES), LANGUAGES[0])


def _entry(stored: dict[str, Any], line: Line, language: str) -> Entry:
    label = stored.get("label") or {}
    return Entry(
        digit=str(stored["digit"]),
        label=str(label.get(language) or label.get("fr") or ""),
        queue_id=int(stored.get("queue_id") or line.queue_id),
        topic_id=stored.get("topic_id"),
    )
