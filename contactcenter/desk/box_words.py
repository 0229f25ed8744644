"""The names of filters and of their values in the search box, in each of the four languages.

The first name of a language is the one that pages write; all names of all languages are understood
everywhere, because people paste each other's searches.
"""

from collections.abc import Mapping

from contactcenter.citizens.rules import name_key
from contactcenter.desk.filters import Waits
from contactcenter.languages import LANGUAGES
from contactcenter.tickets.models import Channel, Priority, Status

ASKER = "asker"  # not a filter of the panel: who asks, by name, number, address or birth year

_FIELDS: dict[str, tuple[str, str, str, str]] = {
    "queue_id": ("file", "wachtrij rij", "queue", "warteschlange schlange"),
    "topic_id": ("motif sujet", "reden onderwerp", "topic subject", "anlass thema"),
    "tag_id": ("étiquette", "etiket", "tag", "etikett"),
    "site_id": ("site lieu", "plaats vestiging", "site place", "ort standort"),
    "organisation_id": ("expert", "deskundige", "expert", "fachstelle fachperson experte"),
    "channel": ("canal arrivée", "kanaal", "channel via", "kanal"),
    "status": ("statut état", "status", "status state", "stand status"),
    "priority": ("priorité", "prioriteit", "priority", "priorität"),
    "language": ("langue", "taal", "language", "sprache"),
    "assignee": (
        "responsable pour assigné",
        "toegewezen behandelaar",
        "assignee assigned",
        "zuständig bearbeiter",
    ),
    "waits": ("attend", "wacht", "waits", "wartet"),
    "snoozed": ("reportée plus-tard", "later uitgesteld", "later snoozed", "später"),
    "opened_from": ("après depuis", "na sinds vanaf", "after since", "nach seit"),
    "opened_to": ("avant", "voor", "before until", "vor bis"),
    "updated_from": ("changée-après", "gewijzigd-na", "updated-after", "geändert-nach"),
    "updated_to": ("changée-avant", "gewijzigd-voor", "updated-before", "geändert-vor"),
    "due_from": ("due-après", "uiterlijk-na", "due-after", "fällig-nach"),
    "due_to": ("due-avant échéance", "uiterlijk-voor", "due-before", "fällig-vor"),
    ASKER: ("de usager citoyen", "van burger", "from citizen", "von bürger"),
}

_VALUES: dict[str, dict[str, tuple[str, str, str, str]]] = {
    "channel": {
        Channel.COUNTER: ("guichet", "loket", "counter", "schalter"),
        Channel.PHONE: ("téléphone appel", "telefoon", "phone call", "telefon anruf"),
        Channel.EMAIL: ("courriel mail mél", "e-mail email", "e-mail email", "e-mail email"),
        Channel.LETTER: ("lettre courrier", "brief", "letter post", "brief"),
        Channel.WEB: ("site web", "website", "web website", "website"),
        Channel.SMS: ("sms texto", "sms", "sms text", "sms"),
        Channel.API: (
            "autre-logiciel api",
            "andere-software",
            "other-software",
            "anderes-programm",
        ),
    },
    "status": {
        Status.NEW: ("nouvelle nouveau", "nieuw", "new", "neu"),
        Status.OPEN: ("à-faire ouverte ouvert", "te-doen open", "to-do open", "zu-erledigen offen"),
        Status.WAITING_ON_CITIZEN: (
            "attend-l’usager attend attente",
            "wacht-op-de-burger wacht",
            "waits-for-the-citizen waiting",
            "wartet-auf-den-bürger wartet",
        ),
        Status.RESOLVED: ("terminée résolue", "afgerond opgelost", "finished resolved", "erledigt"),
        Status.CLOSED: ("close fermée clos", "afgesloten gesloten", "closed", "geschlossen"),
    },
    "priority": {
        Priority.NORMAL: ("ordinaire normale", "gewoon normaal", "ordinary normal", "gewöhnlich"),
        Priority.HIGH: ("passe-avant haute urgente", "voorrang hoog", "first high", "vorrang hoch"),
    },
    "language": {
        "fr": ("français", "frans", "french", "französisch"),
        "nl": ("néerlandais", "nederlands", "dutch", "niederländisch"),
        "en": ("anglais", "engels", "english", "englisch"),
        "de": ("allemand", "duits", "german", "deutsch"),
    },
    "assignee": {
        "me": ("moi", "mij ik", "me", "mich ich"),
        "none": ("personne aucun", "niemand", "nobody none", "niemand"),
    },
    "waits": {
        Waits.US: ("nous", "ons", "us", "uns"),
        Waits.CITIZEN: ("usager citoyen", "burger", "citizen", "bürger"),
        Waits.EXPERT: ("expert", "deskundige", "expert", "fachstelle"),
    },
    "snoozed": {
        "yes": ("oui", "ja", "yes", "ja"),
        "no": ("non", "nee", "no", "nein"),
    },
}
DAYS = {
    0: ("aujourd’hui", "vandaag", "today", "heute"),
    -1: ("hier", "gisteren", "yesterday", "gestern"),
    1: ("demain", "morgen", "tomorrow", "morgen"),
}


def plain(word: str) -> str:
    """What names are compared by: no case, no accents, no hyphens."""
    return name_key(word)


def _all_names(named: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """What each name stands for; the usual name of a language wins over a synonym."""
    every = [
        (plain(name), key, place)
        for key, languages in named.items()
        for names in languages
        for place, name in enumerate(names.split())
    ]
    found: dict[str, str] = {}
    for name, key, _place in sorted(every, key=lambda each: each[2]):
        found.setdefault(name, key)
    return found


FIELD_OF = _all_names(_FIELDS)
VALUE_OF = {
    field: _all_names(values) | {plain(str(code)): code for code in values}
    for field, values in _VALUES.items()
}
DAY_OF = {plain(word): away for away, words in DAYS.items() for word in words}


def field_name(field: str, language: str) -> str:
    return _said(_FIELDS[field], language)


def value_name(field: str, value: str, language: str) -> str:
    return _said(_VALUES[field][value], language)


def values_of(field: str, language: str) -> list[str]:
    return [_said(names, language) for names in _VALUES[field].values()]


def _said(names: tuple[str, ...], language: str) -> str:
    return names[LANGUAGES.index(language)].split()[0]
