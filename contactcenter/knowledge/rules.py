"""What of a citizen stands in a text, and what is left when it is taken out. No database here."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from contactcenter.citizens.rules import name_key

LEFT_OUT = "[…]"  # stands where something of the citizen stood; nothing is published with it
SHORTEST_NAME = 3
SHORTEST_NUMBER = 6
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\+?\d(?:[\d .\-/()]*\d)")
_MAIL = re.compile(r"[^\s@<>(),;:«»]+@[^\s@<>(),;:«»]+\.\w+")
_LONGEST_PLAIN = 12  # digits in a row: longer ones are numbers of persons, not of laws or forms


@dataclass(frozen=True)
class Known:
    """What is known of the citizen of a request, as it is compared."""

    names: tuple[str, ...] = ()  # name keys, a whole name each
    numbers: tuple[str, ...] = ()  # digits only: phone, reference, year of birth is too short
    mails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()  # name keys


class Sort(StrEnum):
    NAME = "name"  # a word of the name: it may also mean something else
    FULL_NAME = "full_name"
    NUMBER = "number"
    MAIL = "mail"
    ADDRESS = "address"
    LONG_NUMBER = "long_number"  # nobody's we know, yet long as only a person's is


@dataclass(frozen=True)
class Trace:
    """A piece of a text that tells, or may tell, who it was about."""

    sort: Sort
    words: str

    @property
    def may_be_confirmed(self) -> bool:
        """Whether the writer may say that it means something else."""
        return self.sort in (Sort.NAME, Sort.LONG_NUMBER)


def known_of(
    names: Iterable[str], numbers: Iterable[str], mails: Iterable[str], addresses: Iterable[str]
) -> Known:
    return Known(
        tuple(key for each in names if (key := name_key(each))),
        tuple(found for each in numbers if len(found := digits(each)) >= SHORTEST_NUMBER),
        tuple(each.strip().casefold() for each in mails if each.strip()),
        tuple(key for each in addresses if len(key := name_key(each)) >= SHORTEST_NUMBER),
    )


def digits(written: str) -> str:
    return "".join(sign for sign in written if sign.isdigit())


def traces(text: str, known: Known) -> list[Trace]:
    """What in this text tells of the citizen, what is certain first; each once."""
    key = f" {name_key(text)} "
    found = [*_mails(text, known), *_numbers(text, known)]
    found += [Trace(Sort.ADDRESS, each) for each in known.addresses if f" {each} " in key]
    found += _names(text, key, known)
    return list(dict.fromkeys(found))


def without(text: str, known: Known) -> str:
    """The same text, with `LEFT_OUT` wherever something of the citizen stood."""
    for trace in traces(text, known):
        if trace.sort in (Sort.NAME, Sort.FULL_NAME, Sort.ADDRESS):
            text = _without_words(text, set(name_key(trace.words).split()))
        else:
            text = text.replace(trace.words, LEFT_OUT)
    return re.sub(r"(?:\[…\][\s,]*)+\[…\]", LEFT_OUT, text)


def _without_words(text: str, words: set[str]) -> str:
    def put(found: re.Match[str]) -> str:
        return LEFT_OUT if name_key(found.group()) in words else found.group()

    return _WORD.sub(put, text)


def _mails(text: str, known: Known) -> list[Trace]:
    written = _MAIL.findall(text)
    return [Trace(Sort.MAIL, each) for each in written if each.casefold() in known.mails]


def _numbers(text: str, known: Known) -> list[Trace]:
    found = []
    for written in _NUMBER.findall(text):
        plain = digits(written)
        if any(_same_number(plain, each) for each in known.numbers):
            found.append(Trace(Sort.NUMBER, written.strip()))
        elif len(plain) > _LONGEST_PLAIN:
            found.append(Trace(Sort.LONG_NUMBER, written.strip()))
    return found


def _same_number(one: str, other: str) -> bool:
    """Written with or without the country: the last eight digits are a phone's own."""
    shortest = min(len(one), len(other), 8)
    return shortest >= SHORTEST_NUMBER and one[-shortest:] == other[-shortest:]


def _names(text: str, key: str, known: Known) -> list[Trace]:
    whole = [Trace(Sort.FULL_NAME, each) for each in known.names if _stands_whole(each, key)]
    if whole:
        return whole
    said = set(key.split())
    parts = {part for each in known.names for part in each.split() if len(part) >= SHORTEST_NAME}
    as_written = {name_key(each): each for each in _WORD.findall(text)}
    return [Trace(Sort.NAME, as_written.get(part, part)) for part in sorted(parts & said)]


def _stands_whole(name: str, key: str) -> bool:
    """The words of a name side by side, in either order."""
    parts = name.split()
    if len(parts) < 2:
        return False
    return any(f" {' '.join(each)} " in key for each in (parts, parts[::-1], parts[1:] + parts[:1]))


def unconfirmed(found: Sequence[Trace], confirmed: Iterable[str]) -> list[Trace]:
    """What still stands in the way of publishing."""
    said = {name_key(each) for each in confirmed}
    return [each for each in found if not each.may_be_confirmed or name_key(each.words) not in said]
