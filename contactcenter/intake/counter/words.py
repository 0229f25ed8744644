"""What the counter's screens call things, in the language of who looks."""

from flask_babel import lazy_gettext as _l

# Why someone goes before others: the code that is kept, an icon, the words.
PRIORITIES = {
    "standing": ("accessibility", _l("Station debout pénible")),
    "disabled": ("accessibility", _l("Handicap")),
    "pregnant": ("heart-pulse", _l("Grossesse")),
    "child": ("baby", _l("Avec un enfant en bas âge")),
    "appointment": ("calendar", _l("Rendez-vous")),
    "other": ("flag", _l("Autre raison")),
}

LANGUAGES_ASKED = {
    "fr": _l("Préfère le français"),
    "nl": _l("Préfère le néerlandais"),
    "en": _l("Préfère l’anglais"),
    "de": _l("Préfère l’allemand"),
}
