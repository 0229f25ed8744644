"""The verbs of ready-made replies: write one, retire it, apply what follows from it."""

import contextlib
from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.accounts.permissions import Permission
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Topic
from contactcenter.errors import Conflict, Forbidden, Invalid
from contactcenter.events import announce
from contactcenter.replies import rules
from contactcenter.replies.events import MacroUsed
from contactcenter.replies.macro_queries import usable_by
from contactcenter.replies.models import Macro, Then
from contactcenter.tickets.models import Priority, Ticket
from contactcenter.triage import actions as triage
from contactcenter.triage.models import Field

LONGEST_NAME = 80


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
    tag_ids: Sequence[int] = (),
) -> Macro:
    """Write a new one or change one: words, acts or both.

    Raises Invalid, naming the field, or Conflict.
    """
    written = {language: text.strip() for language, text in texts.items() if text.strip()}
    if not name.strip():
        raise Invalid(_("Donnez un nom à cette réponse, par exemple « Dossier reçu »."), "name")
    if not written and not (topic_id or priority or then or tag_ids):
        problem = _("Écrivez la réponse dans une langue au moins, ou choisissez ce qu’elle fait.")
        raise Invalid(problem, "text_fr")
    _refuse_unknown(written)
    if (is_shared or (macro is not None and macro.owner_id is None)) and not may_share(by):
        raise Invalid(_("Les réponses de tout le centre sont tenues par les responsables."), "name")
    topic_id, owner_id = _known_topic(topic_id), None if is_shared else by.id
    _refuse_same_name(macro, owner_id, name.strip(), key.strip().lower(), by)
    if macro is None:
        macro = Macro()
    macro.owner_id, macro.topic_id = owner_id, topic_id
    macro.name, macro.key, macro.texts = name.strip()[:LONGEST_NAME], key.strip().lower(), written
    macro.priority, macro.then, macro.tag_ids = priority, then, sorted(tag_ids)
    macro.changed_at = clock.now()
    db.session.add(macro)
    return macro


def may_share(person: Person) -> bool:
    return person.may(Permission.SHARE_REPLIES)


def retire(macro: Macro, *, by: Person) -> None:
    """Offer it no longer; replies that it began keep what it said. Raises Forbidden."""
    if macro.owner_id is None and not may_share(by):
        raise Forbidden(_("Les réponses de tout le centre sont tenues par les responsables."))
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
    announce(
        MacroUsed(
            ticket_id=ticket.id,
            person_id=by.id,
            macro_id=macro.id,
            tag_ids=tuple(macro.tag_ids),
        )
    )


def _known_topic(topic_id: int | None) -> int | None:
    if topic_id is None:
        return None
    topic = db.session.get(Topic, (current_centre(), topic_id))
    if topic is None or not topic.is_active:
        raise Invalid(_("Choisissez un motif de la liste."), "topic")
    return topic_id


def _refuse_unknown(texts: Mapping[str, str]) -> None:
    for language, text in texts.items():
        if unknown := rules.unknown_in(text):
            words = _("« {%(name)s} » n’est pas un champ connu.", name=unknown[0])
            raise Invalid(words, f"text_{language}")


def _refuse_same_name(
    macro: Macro | None, owner_id: int | None, name: str, key: str, by: Person
) -> None:
    for other in db.session.scalars(usable_by(by)):
        if other is macro or other.owner_id != owner_id:
            continue
        if other.name.lower() == name.lower():
            raise Conflict(_("Une autre réponse porte déjà ce nom."))
        if key and other.key == key:
            raise Conflict(_("Une autre réponse a déjà cette clé."))
