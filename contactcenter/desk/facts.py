"""What a line of a list says beside its two lines: chosen by each person, or by a kept list."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l

from contactcenter.accounts.models import Person


class Fact(StrEnum):
    REFERENCE = "reference"
    TOPIC = "topic"
    QUEUE = "queue"
    ASSIGNEE = "assignee"
    STATUS = "status"
    OPENED = "opened"
    UPDATED = "updated"
    LANGUAGE = "language"


USUAL = (Fact.ASSIGNEE,)
WORDS: dict[Fact, Any] = {
    Fact.REFERENCE: _l("Référence"),
    Fact.TOPIC: _l("Motif"),
    Fact.QUEUE: _l("File"),
    Fact.ASSIGNEE: _l("Qui s’en occupe"),
    Fact.STATUS: _l("État"),
    Fact.OPENED: _l("Date d’arrivée"),
    Fact.UPDATED: _l("Dernier changement"),
    Fact.LANGUAGE: _l("Langue"),
}


def facts_in(written: str) -> tuple[Fact, ...]:
    """As an address or a preference names them, in their usual order; what is unknown is left."""
    named = set(written.split("."))
    return tuple(fact for fact in Fact if fact in named)


def facts_of(person: Person) -> tuple[Fact, ...]:
    chosen = person.preferences.get("facts")
    return USUAL if chosen is None else facts_in(chosen)


def choose_facts(person: Person, facts: tuple[Fact, ...]) -> None:
    person.preferences = {**person.preferences, "facts": ".".join(facts)}
