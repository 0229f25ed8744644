"""From what the agent typed for someone who comes in to a number given."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.errors import Invalid
from contactcenter.intake.counter import actions, screen
from contactcenter.intake.counter.codes import code_to_print
from contactcenter.intake.counter.forms import WalkInForm
from contactcenter.intake.counter.place import Place
from contactcenter.intake.counter.rules import find_topic
from contactcenter.languages import language
from contactcenter.queues.models import Queue, Visit
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import visible_to
from contactcenter.tickets.references import find_reference


@dataclass(frozen=True)
class Given:
    """The number just given, with the code to hand over."""

    visit: Visit
    code: str | None


def empty_form(queues: Sequence[Queue]) -> WalkInForm:
    form = WalkInForm()
    form.offer(queues, language())
    return form


def admit(form: WalkInForm, place: Place, *, by: Person) -> Visit:
    """Raises Invalid with its field, before anything is written: the form keeps what was typed."""
    queue = next(queue for queue in place.queues if queue.id == form.queue.data)
    return actions.admit(_walk_in(form, by), queue, key=form.key.data or "", by=by)


def given(visit_id: int, place: Place) -> Given | None:
    """The visit to show as just given; None if it is none of this place."""
    visit = db.session.get(Visit, (current_centre(), visit_id))
    if visit is None or visit.queue_id not in place.queue_ids:
        return None
    return Given(visit, code_to_print(visit))


def topic_named(typed: str) -> int:
    """The topic meant by its first letters. Raises Invalid if there is none or more than one."""
    topic_id = _topic(typed)
    if topic_id is None:
        raise Invalid(_("Aucun motif ne commence ainsi. Choisissez-en un de la liste."), "topic")
    return topic_id


def _walk_in(form: WalkInForm, by: Person) -> actions.WalkIn:
    typed = (form.topic.data or "").strip()
    reference = find_reference(typed)
    topic_id = None if reference else _topic(typed)
    return actions.WalkIn(
        subject=screen.topic_labels()[topic_id] if topic_id else typed,
        topic_id=topic_id,
        known=_known(reference, by) if reference else None,
        priority_reason=form.priority.data or "",
        language=form.language.data,
        who=form.who,
    )


def _known(reference: str, by: Person) -> Ticket:
    """The request someone comes back for."""
    ticket = db.session.scalar(visible_to(by).where(Ticket.reference == reference))
    if ticket is None:
        raise Invalid(
            _("Aucune demande %(reference)s n’est à vous ici.", reference=reference), "topic"
        )
    return tickets.survivor(ticket)


def _topic(typed: str) -> int | None:
    """None when no topic begins so: the words themselves then say what it is about."""
    found = find_topic(typed, screen.topic_labels(), screen.topic_synonyms())
    if found.between:
        raise Invalid(
            _(
                "Plusieurs motifs commencent ainsi : %(topics)s.",
                topics=", ".join(found.between[:4]),
            ),
            "topic",
        )
    return found.topic_id
