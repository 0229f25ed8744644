"""Put one's first hour away, and bring it back."""

from contactcenter.accounts.models import Person
from contactcenter.welcome.progress import HIDDEN


def hide(person: Person) -> None:
    person.preferences = {**person.preferences, "first_hour": HIDDEN}


def show(person: Person) -> None:
    kept = {name: value for name, value in person.preferences.items() if name != "first_hour"}
    person.preferences = kept
