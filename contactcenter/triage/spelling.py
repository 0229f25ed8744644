"""Words written nearly alike, told by the trigrams they share. Pure.

What PostgreSQL's `similarity` answers, for the few hundred words of a centre's topics: asked of
them here, each request saves the comparing of all its words with all of those.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

ALIKE = 0.5  # of two words' trigrams: one letter wrong in eight
MOST_KEPT = 20_000
LETTERS = 2  # that one may have more than the other

Trigrams = frozenset[str]
Alike = Sequence[tuple[float, str]]


@dataclass(frozen=True)
class Spelling:
    """Known words with their trigrams, under their first letter and length."""

    known: Mapping[tuple[str, int], Mapping[str, Trigrams]]
    asked: dict[str, Alike] = field(default_factory=dict)  # people say the same words every day

    @classmethod
    def of(cls, words: Iterable[str]) -> "Spelling":
        known: dict[tuple[str, int], dict[str, Trigrams]] = {}
        for word in words:
            known.setdefault((word[0], len(word)), {})[word] = trigrams(word)
        return cls(known)

    def alike(self, odd: str) -> Alike:
        """The known words it is likely to have meant, with how alike they are, nearest first."""
        if odd not in self.asked:
            if len(self.asked) >= MOST_KEPT:
                self.asked.clear()
            self.asked[odd] = self._compared(odd)
        return self.asked[odd]

    def _compared(self, odd: str) -> Alike:
        said = trigrams(odd)
        lengths = range(len(odd) - LETTERS, len(odd) + LETTERS + 1)
        near = (self.known.get((odd[0], length), {}).items() for length in lengths)
        return sorted(
            (
                (likeness(said, meant), word)
                for word, meant in chain.from_iterable(near)
                if len(said & meant) * (1 + ALIKE) >= ALIKE * (len(said) + len(meant))
            ),
            key=lambda each: (-each[0], each[1]),
        )


def likeness(one: Trigrams, other: Trigrams) -> float:
    """How many of both are shared, from 0 to 1."""
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def trigrams(word: str) -> Trigrams:
    """Its beginning counts twice and its end once, as pg_trgm has it."""
    framed = f"  {word} "
    return frozenset(framed[at : at + 3] for at in range(len(framed) - 2))
