"""What callers hear. Each sentence is whole, so that each language can order its own words."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from contactcenter.queues.saturation import WaitRange

VOICES = {"fr": "fr-FR", "nl": "nl-NL", "en": "en-GB", "de": "de-DE"}


def welcome(line: str) -> str:
    return _("Bonjour, %(line)s.", line=line)


def speak_this_language(digit: str) -> str:
    """Said in the language it offers."""
    return _("Pour parler français, tapez %(digit)s.", digit=digit)


def choose(label: str, digit: str) -> str:
    return _("Pour %(label)s, tapez %(digit)s.", label=label, digit=digit)


def not_understood() -> str:
    return _("Nous n’avons pas reçu votre choix.")


def putting_through() -> str:
    return _("Un conseiller va vous répondre.")


def take_by_key(digit: str) -> str:
    """To an agent who picked up."""
    return _("Appel du centre : pour le prendre, tapez %(digit)s.", digit=digit)


def on_hold() -> str:
    return _("Nous sommes toujours là. Un instant, s’il vous plaît.")


def place_and_wait(ahead: int, estimate: WaitRange | None) -> Sequence[str]:
    """Our own place in line, then an honest range; without one, nothing about time."""
    said = [_("Vous êtes le prochain.") if not ahead else _ahead(ahead)]
    if estimate is not None:
        said.append(_range(estimate))
    return said


def _ahead(ahead: int) -> str:
    return ngettext(
        "Une personne passe avant vous.", "%(num)d personnes passent avant vous.", ahead
    )


def _range(estimate: WaitRange) -> str:
    if estimate.low:
        return _(
            "L’attente est de %(low)s à %(high)s minutes.", low=estimate.low, high=estimate.high
        )
    return ngettext(
        "L’attente est de moins d’une minute.",
        "L’attente est de moins de %(num)d minutes.",
        estimate.high,
    )


def offer_call(digit: str, until: str) -> str:
    return _(
        "Pour être rappelé à ce numéro avant %(until)s sans perdre votre place, tapez %(digit)s.",
        until=until,
        digit=digit,
    )


def call_promised(until: str) -> str:
    return _(
        "C’est noté : nous vous rappelons à ce numéro avant %(until)s. Vous gardez votre place."
        " Au revoir.",
        until=until,
    )


def closed(opening: str | None) -> str:
    if opening is None:
        return _("Le centre est fermé. Vous pouvez nous écrire : nous répondons à chaque message.")
    return _(
        "Le centre est fermé. Il ouvre %(opening)s."
        " Vous pouvez aussi nous écrire : nous répondons à chaque message.",
        opening=opening,
    )


def full() -> str:
    return _(
        "Trop de personnes attendent pour que nous puissions vous répondre bientôt."
        " Rappelez plus tard, ou écrivez-nous : nous répondons à chaque message."
    )


def waited_too_long() -> str:
    return _(
        "Personne n’a pu vous répondre à temps. Votre appel est noté :"
        " écrivez-nous, ou rappelez plus tard."
    )


def went_wrong() -> str:
    return _("L’appel n’a pas pu aboutir. Rappelez-nous dans quelques minutes.")


def offer_follow_up() -> str:
    """The star is said as a word: voices read the sign in their own way, or not at all."""
    return _("Pour savoir où en est votre demande, tapez étoile.")


def type_your_code() -> str:
    return _("Tapez les chiffres de votre code de suivi, puis dièse.")


def no_such_code() -> str:
    return _("Aucune demande n’a ce code. Relisez-le chiffre par chiffre.")


def once_more() -> str:
    return _("Je répète.")


def goodbye() -> str:
    return _("Merci de votre appel. Au revoir.")


def no_such_line() -> str:
    return _("Ce numéro n’est pas en service.")
