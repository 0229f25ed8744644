"""Numbers by which administrations know a person: their form, their check digits, how they show."""

import re
from enum import StrEnum

_NOT_SIGNS = re.compile(r"[^0-9A-Z]")
_CORSICA = {"2A": "19", "2B": "18"}
_MASK = "•"
SHOWN = 2  # signs at the end that a mask leaves


class IdentifierKind(StrEnum):
    NIR = "nir"  # French social security number, 15 signs
    TAX_FR = "tax_fr"  # French tax number, 13 digits
    NATIONAL_BE = "national_be"  # Belgian national register number, 11 digits


def plain(written: str) -> str:
    """Without the spaces, dots and dashes people write it with."""
    return _NOT_SIGNS.sub("", written.upper())


def is_valid(kind: IdentifierKind, number: str) -> bool:
    """Whether the length and the check digits are right; `number` is plain."""
    return _CHECKS[kind](number)


def masked(number: str) -> str:
    return _MASK * (len(number) - SHOWN) + number[-SHOWN:]


def _is_nir(number: str) -> bool:
    """The last two digits are 97 less the rest of the others by 97; Corsica counts as 19 and 18."""
    digits = _CORSICA.get(number[5:7], number[5:7]).join((number[:5], number[7:]))
    if not re.fullmatch(r"[1-478]\d{14}", digits):
        return False
    return 97 - int(digits[:13]) % 97 == int(digits[13:])


def _is_tax_fr(number: str) -> bool:
    """The last three digits are the rest of the first ten by 511."""
    if not re.fullmatch(r"[0-3]\d{12}", number):
        return False
    return int(number[:10]) % 511 == int(number[10:])


def _is_national_be(number: str) -> bool:
    """97 less the rest of the first nine by 97; who was born since 2000 has a 2 before them."""
    if not re.fullmatch(r"\d{11}", number):
        return False
    checks = {97 - int(f"{century}{number[:9]}") % 97 for century in ("", "2")}
    return int(number[9:]) in checks


_CHECKS = {
    IdentifierKind.NIR: _is_nir,
    IdentifierKind.TAX_FR: _is_tax_fr,
    IdentifierKind.NATIONAL_BE: _is_national_be,
}
