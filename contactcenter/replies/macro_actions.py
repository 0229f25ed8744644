"""The verbs of ready-made replies: write one, retire it, apply what follows from it."""

import contextlib
from collections.abc import Mapping

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.errors import Conflict, Invalid
from contactcenter.replies import rules
from contactcenter.replies.macro_queries import usable_by
from contactcenter.replies.models import Macro, Then
from contactcenter.tickets.models import Priority, Ticket
from contactcenter.triage import actions as triage
from contactcenter.triage.models import Field

LONGEST_NAME = 80
MOST_MACROS = 500


def keep(
    macro: Macro | None,
    *,
    name: str,
    key: str,
    texts: Mapping[str, str],
    is_shared: bool,
    by: Person,
    topic_id: int | None = None,
    priority: Priority | None = None,
    then: Then | None = None,
) -> Macro:
    """Write a new one or change one. Raises Invalid, naming the field, or Conflict."""
    written = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not name.strip():
        raise Invalid(_("Donnez un nom à cette réponse, par exemple « Dossier reçu »."), "name")
    if not written:
        raise Invalid(_("Écrivez la réponse dans une langue au moins."), "text_fr")
    _refuse_unknown(written)
    if macro is None:
        macro = Macro()
        db.session.add(macro)
    macro.owner_id = None if is_shared else by.id
    macro.name, macro.key = name.strip()[:LONGEST_NAME], key.strip().lower()
    macro.texts, macro.topic_id = written, topic_id
    macro.priority, macro.then = priority, then
    macro.changed_at = clock.now()
    _refuse_same_name(macro, by)
    return macro


def retire(macro: Macro) -> None:
    """Offer it no longer; replies that it began keep what it said."""
    macro.retired_at = clock.now()


def apply(macro_id: int | None, ticket: Ticket, *, by: Person) -> None:
    """Set what the ready-made reply sets; what is equal stays, what is gone is left."""
    macro = db.session.get(Macro, (current_centre(), macro_id)) if macro_id else None
    if macro is None:
        return
    for field, value in ((Field.TOPIC, macro.topic_id), (Field.PRIORITY, macro.priority)):
        with contextlib.suppress(Invalid):  # a topic that is no longer one
            if value is not None:
                triage.correct(ticket, field, str(value), by=by)


def _refuse_unknown(texts: Mapping[str, str]) -> None:
    for language, text in texts.items():
        if unknown := rules.unknown_in(text):
            words = _("« {%(name)s} » n’est pas un champ connu.", name=unknown[0])
            raise Invalid(words, f"text_{language}")


def _refuse_same_name(macro: Macro, by: Person) -> None:
    with db.session.no_autoflush:
        for other in db.session.scalars(usable_by(by)):
            if other is macro or other.owner_id != macro.owner_id:
                continue
            if other.name.lower() == macro.name.lower():
                raise Conflict(_("Une autre réponse porte déjà ce nom."))
            if macro.key and other.key == macro.key:
                raise Conflict(_("Une autre réponse a déjà cette clé."))
