"""How names, numbers and addresses are compared and kept: nothing here touches the database."""

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_YEAR = re.compile(r"\b(19|20)\d\d\b")
_PHONE = re.compile(r"\+?\d[\d .\-/()]{4,}\d")
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


@dataclass(frozen=True)
class Wanted:
    """What someone typed to find a citizen, taken apart."""

    name: str = ""
    email: str | None = None
    phone: str | None = None
    birth_year: int | None = None

    @property
    def is_nothing(self) -> bool:
        return not (self.name or self.email or self.phone or self.birth_year)


def name_key(name: str) -> str:
    """A name without accents, case or punctuation: what names are compared by."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in bare).split())


def e164(written: str, country: str) -> str | None:
    """A phone number as `+33639980000`; None when no number can be read. `country` is ISO 3166."""
    try:
        number = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def readable(phone: str, country: str) -> str:
    """An E.164 number as people of `country` write it; what is no number comes back as it is."""
    try:
        number = phonenumbers.parse(phone, country)
    except phonenumbers.NumberParseException:
        return phone
    is_at_home = number.country_code == phonenumbers.country_code_for_region(country)
    shape = phonenumbers.PhoneNumberFormat
    return str(
        phonenumbers.format_number(number, shape.NATIONAL if is_at_home else shape.INTERNATIONAL)
    )


def is_email(written: str) -> bool:
    return len(written) <= 254 and _EMAIL.fullmatch(written) is not None


def read_wanted(words: str, country: str) -> Wanted:
    """Take apart `Vasseur 1958`, `06 39 98 31 77` or `e.vasseur@exemple.example`."""
    words = words[:200]
    email = next((part for part in words.split() if is_email(part)), None)
    rest = words.replace(email, " ") if email else words
    written = _PHONE.search(rest)
    phone = e164(written.group(), country) if written else None
    rest = rest.replace(written.group(), " ") if written and phone else rest
    year = _YEAR.search(rest)
    rest = _YEAR.sub(" ", rest)
    return Wanted(name_key(rest), email, phone, int(year.group()) if year else None)


def same_name(one: str, other: str) -> bool:
    """Whether two name keys can be one person: the words of one are all among the other's."""
    shorter, longer = sorted((set(one.split()), set(other.split())), key=len)
    return bool(shorter) and shorter <= longer
