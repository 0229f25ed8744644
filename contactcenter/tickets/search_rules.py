"""How a search is written: words, "phrases", -without, and name:value where names are known.

Any text can be read; nothing here touches the database.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

LONGEST = 200
MOST_TERMS = 12
MARKS = frozenset(("re:", "tr:", "fw:", "fwd:", "aw:", "wg:", "antw:"))  # of a mail's subject
_QUOTES = str.maketrans({"«": '"', "»": '"', "“": '"', "”": '"', "„": '"', "\x00": " "})
_PART = re.compile(
    r"(?P<minus>-(?=[^\s-]))?(?:(?P<name>[^\W\d_][\w’\'-]*)\s?:\s*(?=[^\s/:]))?"
    r'(?:"\s*(?P<quoted>[^"]*?)\s*(?:"|$)|(?P<bare>[^\s"]+))'
)
_SAYS = re.compile(r"\w")


@dataclass(frozen=True)
class Part:
    """One piece of what was written; `name` only if it is one that is known."""

    text: str
    name: str | None = None
    is_phrase: bool = False
    is_unwanted: bool = False


@dataclass(frozen=True)
class Terms:
    """What a text must hold, and what it must not; a term of several words is a phrase."""

    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()

    def but(self, term: str, instead: str) -> "Terms":
        """The same search with another word for one of its words."""
        changed = tuple(instead if each == term else each for each in self.wanted)
        return Terms(changed, self.unwanted)

    def __str__(self) -> str:
        return " ".join([*map(written, self.wanted), *(f"-{written(t)}" for t in self.unwanted)])


def parts(typed: str, known: Callable[[str], bool] = lambda _name: False) -> list[Part]:
    """What was typed, piece by piece. Words before a colon that are no known name are words."""
    typed = typed[:LONGEST].translate(_QUOTES)
    found, place = [], 0
    while match := _PART.search(typed, place):
        place = match.end()
        name = match["name"]
        if name and not known(name):
            match, name = _without_name(typed, match), None
            place = match.end()
        text = match["bare"] if match["bare"] is not None else match["quoted"]
        if _SAYS.search(text or ""):
            is_phrase = match["quoted"] is not None
            found.append(Part(" ".join(text.split()), name, is_phrase, match["minus"] is not None))
    return found


def _without_name(typed: str, match: re.Match[str]) -> re.Match[str]:
    """The same place again, up to the next space: "objet:avis" is one word."""
    bare = re.compile(r"(?P<minus>-(?=[^\s-]))?(?:\"(?P<quoted>[^\"]*)\"|(?P<bare>[^\s\"]+))")
    return bare.match(typed, match.start()) or match


def terms_of(found: Iterable[Part]) -> Terms:
    """The terms among these parts, each once."""
    plain = [part for part in found if part.name is None and not _is_mark(part)]
    wanted = dict.fromkeys(part.text for part in plain if not part.is_unwanted)
    unwanted = dict.fromkeys(part.text for part in plain if part.is_unwanted)
    return Terms(tuple(wanted)[:MOST_TERMS], tuple(unwanted)[:MOST_TERMS])


def _is_mark(part: Part) -> bool:
    """What a mail program puts before a subject, pasted along with it."""
    return not part.is_phrase and part.text.casefold() in MARKS


def read_terms(typed: str) -> Terms:
    return terms_of(parts(typed))


def written(text: str) -> str:
    """A word or phrase as one would type it."""
    return f'"{text}"' if " " in text else text


def nearest(word: str, known: Sequence[str], most: int = 3) -> list[str]:
    """Those of the known words that a misspelt one is likely to have meant."""
    return get_close_matches(word, known, n=most, cutoff=0.6)
