"""What a row of the ledger says to its reader; the row itself keeps stable English words."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contactcenter.receipts.models import Door, Fate, Receipt

DOORS = {
    Door.MAIL: _l("Courriel"),
    Door.PHONE: _l("Téléphone"),
    Door.SMS: _l("SMS"),
    Door.API: _l("Autres programmes"),
    Door.COUNTER: _l("Guichet"),
    Door.LETTER: _l("Lettre"),
    Door.WEB: _l("Site"),
}
FATES = {
    Fate.TICKETED: _l("A ouvert une demande"),
    Fate.ATTACHED: _l("A rejoint une demande"),
    Fate.REJECTED: _l("Refusé"),
    Fate.HELD: _l("Mis de côté"),
}
LEFT_MENU = "hung up in the menu"
TOLD_IN_MENU = "told in the menu where the request stands"
LEFT_LINE = "left the line: "
NO_LINE = "no line has this number: "  # and the number
NO_SUCH_CODE = "no request has this code"

# Who ended the call themselves was not refused: counted with the refused, and said in these words.
_LEFT = (f"{LEFT_LINE}abandoned", f"{LEFT_LINE}abandoned_short", LEFT_MENU)

_REASONS = {
    LEFT_MENU: _l("A raccroché pendant le menu, sans choisir"),
    TOLD_IN_MENU: _l("A entendu dans le menu où en est sa demande"),
    f"{LEFT_LINE}abandoned": _l("A raccroché avant son tour"),
    f"{LEFT_LINE}abandoned_short": _l("A raccroché aussitôt"),
    f"{LEFT_LINE}timeout": _l("Attente la plus longue atteinte"),
    f"{LEFT_LINE}no_agent": _l("Personne ne servait"),
    f"{LEFT_LINE}error": _l("Perdu par une panne"),
    f"{LEFT_LINE}full": _l("La file était pleine"),
    NO_SUCH_CODE: _l("Un code de suivi qui n’ouvre aucune demande"),
    "outside opening hours": _l("En dehors des heures d’ouverture"),
    "the queue was full": _l("La file était pleine"),
    "hidden field filled in": _l("Champ caché rempli : un programme écrivait"),
    "too many from one address or network": _l(
        "Trop d’envois d’une même adresse ou d’un même réseau"
    ),
    "about texts themselves": _l("Parle des messages eux-mêmes (STOP, AIDE)"),
    "automatic answer": _l("Réponse automatique"),
    "automatic answer to a question": _l("Réponse automatique à une question"),
    "automatic answer to nothing": _l("Réponse automatique à rien de nous"),
    "report about a mail not of ours": _l("Rapport sur un courriel qui n’est pas de nous"),
}


def fate(receipt: Receipt) -> str:
    """What became of it, in a word of its own for whoever hung up."""
    if receipt.fate is Fate.REJECTED and receipt.problem in _LEFT:
        return _("A raccroché")
    return str(FATES[receipt.fate])


def reason(receipt: Receipt) -> str:
    """Why, in the reader's language; what is not foreseen here stays as it was written."""
    if receipt.problem.startswith(NO_LINE):
        return _no_line(receipt)
    return str(_REASONS.get(receipt.problem, receipt.problem))


def _no_line(receipt: Receipt) -> str:
    number = receipt.problem.removeprefix(NO_LINE)
    if receipt.fate is not Fate.HELD:
        return _("Un SMS au %(number)s, qui n’est le numéro d’aucune ligne", number=number)
    return _(
        "Un SMS au %(number)s, qui n’est le numéro d’aucune ligne :"
        " donnez ce numéro à une ligne, et il sera lu.",
        number=number,
    )
