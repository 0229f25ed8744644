"""What the placeholders of ready-made replies mean on one request."""

from collections.abc import Sequence

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.desk.seen import citizen_of, topic_of
from contactcenter.directory.models import Site, Topic
from contactcenter.languages import dated
from contactcenter.replies.models import Macro
from contactcenter.replies.rules import NAMES, Filled, fill
from contactcenter.tickets.models import Ticket

MEANINGS = {
    "nom": _l("le nom de la personne"),
    "reference": _l("la référence de la demande"),
    "objet": _l("l’objet de la demande"),
    "motif": _l("le motif"),
    "echeance": _l("le moment où la réponse est due"),
    "papiers": _l("les papiers à apporter, un par ligne"),
    "agent": _l("votre nom"),
    "centre": _l("le nom du centre"),
    "lieu": _l("le lieu qui suit la demande"),
}
assert set(MEANINGS) == set(NAMES)


def filled(macro: Macro, ticket: Ticket, person: Person, centre: str) -> Filled:
    """The words of a ready-made reply for this request, in the citizen's language if it has it."""
    text, language = macro.text_in(ticket.language)
    with force_locale(language):
        return fill(text, values(ticket, person, centre, language))


def values(ticket: Ticket, person: Person, centre: str, language: str) -> dict[str, str]:
    """What is not known is empty, and will be asked for by name."""
    citizen, topic = citizen_of(ticket), topic_of(ticket)
    return {
        "nom": _name(citizen),
        "reference": ticket.reference,
        "objet": ticket.subject,
        "motif": topic.label_in(language) if topic else "",
        "echeance": dated(ticket.due_at) if ticket.due_at else "",
        "papiers": "\n".join(f"- {each}" for each in _papers(topic, language)),
        "agent": person.name,
        "centre": centre,
        "lieu": _site(ticket),
    }


def refusal(empty: Sequence[str]) -> str:
    """Which placeholders still stand in a text, and what they wait for."""
    named = ", ".join(f"{{{name}}} ({MEANINGS[name]})" for name in empty)
    return _("Complétez avant d’envoyer : %(fields)s.", fields=named)


def _name(citizen: Citizen | None) -> str:
    return citizen.name.strip() if citizen else ""


def _papers(topic: Topic | None, language: str) -> Sequence[str]:
    return topic.papers_in(language) if topic else []


def _site(ticket: Ticket) -> str:
    if ticket.site_id is None:
        return ""
    site = db.session.get(Site, (ticket.centre_id, ticket.site_id))
    return site.name if site else ""
