"""What several forms offer in the same way."""

from collections.abc import Mapping
from typing import Any

from wtforms.fields.choices import SelectChoice


def choices_of(words: Mapping[Any, Any]) -> list[SelectChoice]:
    """The choices of a select or radio field: value and the words for it, which may be lazy."""
    return [SelectChoice(value, label) for value, label in words.items()]


def without_nul(text: str | None) -> str | None:
    """A filter: the database keeps every sign but this one, which nobody types."""
    return text.replace("\x00", "") if text else text
