"""Who the citizens are and what is written, drawn from the catalogue: all of it made up."""

import random
import tomllib
import unicodedata
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CATALOGUE = Path(__file__).parent / "catalogue"
LANGUAGES = {"fr": 70, "nl": 12, "en": 10, "de": 8}
COME_BACK = 0.15
REMEMBERED = 60


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((CATALOGUE / name).read_text())


@dataclass(frozen=True)
class Citizen:
    """`phone` is a number reserved for fiction."""

    name: str
    email: str
    phone: str
    birth_year: int
    language: str


@dataclass(frozen=True)
class Letter:
    language: str
    subject: str
    text: str
    mailbox: str = "contact@centre.example"
    more: str = ""
    attachment: str = ""
    answer: str = ""


class Words:
    """Draws with the dice it is given, so that one seed plays one day."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self._names = _read("names.toml")
        self._words = _read("words.toml")
        self._letters = [Letter(**each) for each in _read("letters.toml")["letters"]]
        self._met: deque[Citizen] = deque(maxlen=REMEMBERED)

    def say(self, what: str, language: str = "") -> str:
        """Something staff or citizens write about `what`, in that language if it has several."""
        said = self._words[what]
        chosen = said.get(language, said["fr"]) if language else said
        return chosen if isinstance(chosen, str) else str(self.dice.choice(chosen))

    def away(self, language: str) -> tuple[str, str]:
        """Subject and text of a machine that answers for somebody who is away."""
        subject, text = self._words["away"][language]
        return subject, text

    def letter(self) -> Letter:
        language = self._language()
        return self.dice.choice([each for each in self._letters if each.language == language])

    def citizen(self, language: str = "") -> Citizen:
        """Somebody new, or somebody who was here before."""
        language = language or self._language()
        known = [citizen for citizen in self._met if citizen.language == language]
        if known and self.dice.random() < COME_BACK:
            return self.dice.choice(known)
        self._met.append(self._somebody(language))
        return self._met[-1]

    def _language(self) -> str:
        return self.dice.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]

    def _somebody(self, language: str) -> Citizen:
        first = self.dice.choice(self._names[language]["first"])
        last = self.dice.choice(self._names[language]["last"])
        number = self.dice.randrange(10_000)
        beginning = self.dice.choice(("+3319900", "+3363998"))
        return Citizen(
            name=f"{first} {last}",
            email=f"{_plain(first)}.{_plain(last)}{number:04}@courriel.example",
            phone=f"{beginning}{number:04}",
            birth_year=self.dice.randrange(1938, 2007),
            language=language,
        )


def _plain(name: str) -> str:
    bare = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in bare if letter.isascii() and letter.isalpha())
