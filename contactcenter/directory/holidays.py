"""Public holidays by country and region, with their names in the four languages of the product."""

import sys
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import holidays

# The library loads a country when it is asked for, from a package that loads all two hundred of
# them: 20 MB in each process that wants to know one day. A package without contents prevents that.
COUNTRIES = ModuleType("holidays.countries")
COUNTRIES.__path__ = [str(Path(holidays.__file__).parent / "countries")]
sys.modules.setdefault(COUNTRIES.__name__, COUNTRIES)

# The library knows the French days in French and English only.
FRENCH_DAYS: dict[str, dict[str, str]] = {
    "Jour de l'an": {"nl": "Nieuwjaar", "de": "Neujahr"},
    "Mi-Carême": {"nl": "Halfvasten", "de": "Mittfasten"},
    "Vendredi saint": {"nl": "Goede Vrijdag", "de": "Karfreitag"},
    "Lundi de Pâques": {"nl": "Paasmaandag", "de": "Ostermontag"},
    "Fête du Travail": {"nl": "Dag van de Arbeid", "de": "Tag der Arbeit"},
    "Fête de la Victoire": {"nl": "Dag van de Overwinning", "de": "Tag des Sieges"},
    "Ascension": {"nl": "Hemelvaartsdag", "de": "Christi Himmelfahrt"},
    "Lundi de Pentecôte": {"nl": "Pinkstermaandag", "de": "Pfingstmontag"},
    "Fête nationale": {"nl": "Nationale feestdag", "de": "Nationalfeiertag"},
    "Fête de Victor Schoelcher": {"nl": "Victor Schoelcherdag", "de": "Victor-Schoelcher-Tag"},
    "Assomption": {"nl": "Maria-Tenhemelopneming", "de": "Mariä Himmelfahrt"},
    "Toussaint": {"nl": "Allerheiligen", "de": "Allerheiligen"},
    "Armistice": {"nl": "Wapenstilstand", "de": "Waffenstillstand"},
    "Abolition de l'esclavage": {
        "nl": "Afschaffing van de slavernij",
        "de": "Abschaffung der Sklaverei",
    },
    "Noël": {"nl": "Kerstmis", "de": "Weihnachten"},
    "Saint-Étienne": {"nl": "Tweede kerstdag", "de": "Stephanstag"},
}


# The library knows the federal days of Belgium only: (month, day) and names by region.
BELGIAN_REGIONS: dict[str, tuple[int, int, dict[str, str]]] = {
    "Flemish": (
        7,
        11,
        {
            "fr": "Fête de la Communauté flamande",
            "nl": "Feestdag van de Vlaamse Gemeenschap",
            "en": "Day of the Flemish Community",
            "de": "Fest der Flämischen Gemeinschaft",
        },
    ),
    "French": (
        9,
        27,
        {
            "fr": "Fête de la Communauté française",
            "nl": "Feestdag van de Franse Gemeenschap",
            "en": "Day of the French Community",
            "de": "Fest der Französischen Gemeinschaft",
        },
    ),
    "German": (
        11,
        15,
        {
            "fr": "Fête de la Communauté germanophone",
            "nl": "Feestdag van de Duitstalige Gemeenschap",
            "en": "Day of the German-speaking Community",
            "de": "Fest der Deutschsprachigen Gemeinschaft",
        },
    ),
    "Brussels": (
        5,
        8,
        {
            "fr": "Fête de l’Iris",
            "nl": "Irisfeest",
            "en": "Iris Day",
            "de": "Irisfest",
        },
    ),
}


class UnknownCalendar(ValueError):
    """No public holidays are known for this country or region."""


def holidays_of(country: str | None, region: str | None, year: int) -> frozenset[date]:
    """Public holidays of that year; none without a country. Raises UnknownCalendar."""
    return frozenset() if country is None else frozenset(_named(country, region, year, "fr"))


def name_of(country: str | None, region: str | None, day: date, language: str) -> str | None:
    """Name of that day's public holiday; None when it is not one. Raises UnknownCalendar."""
    if country is None:
        return None
    name = _named(country, region, day.year, language).get(day)
    if name is None or country != "FR" or language not in ("nl", "de"):
        return name
    # The library answered in English: two holidays can share a date, so each part has its own name.
    french = _named(country, region, day.year, "fr")[day].split("; ")
    return "; ".join(FRENCH_DAYS.get(part, {}).get(language, part) for part in french)


@lru_cache(maxsize=1024)
def _named(country: str, region: str | None, year: int, language: str) -> Mapping[date, str]:
    if country == "BE" and region in BELGIAN_REGIONS:
        month, day, names = BELGIAN_REGIONS[region]
        return {date(year, month, day): names[language], **_named(country, None, year, language)}
    try:
        return dict(
            holidays.country_holidays(country, subdiv=region or None, years=year, language=language)
        )
    except NotImplementedError as unknown:
        place = f"{country} {region}" if region else country
        raise UnknownCalendar(f"no public holidays are known for {place}") from unknown
