"""Where a team answers: beginnings of postcodes in its country. Pure arithmetic on texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

DIGITS = {"FR": 5, "BE": 4, "LU": 4}
OVERSEAS = ("97", "98")  # three signs name a district there


@dataclass(frozen=True)
class Place:
    """Where a matter belongs: a country and, where it is known, a postcode."""

    country: str
    postcode: str = ""

    @property
    def district(self) -> str:
        """The department in France, the first two signs of the postcode elsewhere."""
        is_long = self.country == "FR" and self.postcode.startswith(OVERSEAS)
        return self.postcode[: 3 if is_long else 2]


def place_of(address: str, country: str) -> Place:
    """The place of an address: its last number that is as long as a postcode of the country."""
    digits = DIGITS.get(country, 5)
    found = re.findall(rf"(?<!\d)\d{{{digits}}}(?!\d)", address)
    return Place(country, found[-1] if found else "")


def is_within(place: Place, prefixes: Sequence[str]) -> bool:
    return any(place.postcode.startswith(prefix) for prefix in prefixes if place.postcode)


def answers_for(place: Place, country: str, prefixes: Sequence[str]) -> bool:
    """Whether a team of this country and these territories answers for the place.

    A team without territories answers everywhere; a place that is not known excludes nobody.
    """
    if not prefixes or not place.postcode:
        return True
    return place.country == country and is_within(place, prefixes)
