"""The keys of the desk: what each does, the usual one, and the one a person chose instead."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contactcenter.accounts.models import Person
from contactcenter.errors import Invalid

USUAL = {
    "next": "j",
    "previous": "k",
    "skip": "s",
    "pick": "x",
    "back": "u",
    "reply": "r",
    "note": "n",
    "take": "m",
    "assign": "a",
    "expert": "e",
    "later": "z",
    "wait": "w",
    "finish": "c",
    "ready": "t",
    "triage": "p",
    "tag": "l",
    "filter": "f",
    "search": "/",
}
WORDS: dict[str, Any] = {
    "next": _l("Demande suivante"),
    "previous": _l("Demande précédente"),
    "skip": _l("Enchaîner, passer à la suivante"),
    "pick": _l("Choisir la demande dans la liste"),
    "back": _l("Revenir à la liste"),
    "reply": _l("Répondre"),
    "note": _l("Écrire une note interne"),
    "take": _l("Prendre à mon nom"),
    "assign": _l("Confier à quelqu’un"),
    "expert": _l("Demander à un expert"),
    "later": _l("Remettre à plus tard"),
    "wait": _l("Attendre l’usager"),
    "finish": _l("Terminer"),
    "ready": _l("Choisir une réponse type"),
    "triage": _l("Corriger le tri"),
    "tag": _l("Poser une étiquette"),
    "filter": _l("Filtrer et trier"),
    "search": _l("Chercher"),
}
TAKEN = {"?"}  # the list of keys itself


def keymap(person: Person | None) -> dict[str, str]:
    """By what it does, the key of this person."""
    chosen = person.preferences.get("keymap", {}) if person else {}
    return USUAL | {does: key for does, key in chosen.items() if does in USUAL}


def choose_keys(person: Person, wanted: Mapping[str, str]) -> None:
    """Keep what differs from the usual. Raises Invalid, naming the first key that cannot be."""
    keys = {does: (wanted.get(does, "").strip().lower() or usual) for does, usual in USUAL.items()}
    seen: dict[str, str] = {}
    for does, key in keys.items():
        if len(key) != 1 or key.isspace() or key.isdigit() or key in TAKEN:
            raise Invalid(
                _("« %(key)s » ne peut pas servir : choisissez une lettre.", key=key), does
            )
        if key in seen:
            raise Invalid(
                _(
                    "« %(key)s » sert déjà à « %(other)s » : choisissez une autre lettre.",
                    key=key,
                    other=WORDS[seen[key]],
                ),
                does,
            )
        seen[key] = does
    changed = {does: key for does, key in keys.items() if key != USUAL[does]}
    person.preferences = {**person.preferences, "keymap": changed}
