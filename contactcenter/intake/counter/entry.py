"""From what the agent typed for someone who comes in to a number given."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.citizens import actions as citizens
from contactcenter.citizens.likeness import Described, alike
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
from contactcenter.tickets.acquaintance import known
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import visible_to
from contactcenter.tickets.references import find_reference

WITHOUT = "none"  # chosen: no topic, the words as they stand


class Undecided(Invalid):
    """What was typed names no single topic; `choices` are ids and labels to choose from."""

    def __init__(self, typed: str, message: str, choices: Sequence[tuple[int, str]]) -> None:
        super().__init__(message, "topic")
        self.typed, self.choices = typed, choices


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


def topic_named(typed: str, chosen: str = "") -> int:
    """The topic chosen, or meant by its first letters. Raises Undecided, and Invalid for none."""
    topic_id = _topic(typed.strip(), chosen)
    if topic_id is None:
        raise Invalid(_("Choisissez un motif de la liste."), "topic")
    return topic_id


def _walk_in(form: WalkInForm, by: Person) -> actions.WalkIn:
    typed = (form.topic.data or "").strip()
    reference = find_reference(typed)
    topic_id = None if reference else _topic(typed, form.chosen.data or "")
    return actions.WalkIn(
        subject=screen.topic_labels()[topic_id] if topic_id else typed,
        topic_id=topic_id,
        known=_known(reference, by) if reference else None,
        priority_reason=form.priority.data or "",
        language=form.language.data,
        who=form.who,
        citizen_id=_chosen(form.citizen.data, form.who, by) if form.citizen.data else None,
    )


def _chosen(citizen_id: int, who: actions.Who, by: Person) -> int:
    """Someone whom what was typed resembles, or who is known. Raises NotFound."""
    typed = Described(who.name, who.phone, who.email, who.birth_year)
    found = [each.citizen for each in alike(typed, citizens.country())]
    return known(citizen_id, by, found).id


def _known(reference: str, by: Person) -> Ticket:
    """The request someone comes back for."""
    ticket = db.session.scalar(visible_to(by).where(Ticket.reference == reference))
    if ticket is None:
        raise Invalid(
            _("Aucune demande %(reference)s n’est à vous ici.", reference=reference), "topic"
        )
    return tickets.survivor(ticket)


def _topic(typed: str, chosen: str) -> int | None:
    """None where nothing was typed or no topic was chosen. Raises Undecided."""
    labels = screen.topic_labels()
    if chosen == WITHOUT or not typed:
        return None
    if chosen.isdecimal() and int(chosen) in labels:
        return int(chosen)
    found = find_topic(typed, labels, screen.topic_synonyms())
    if found.topic_id is None:
        proposed = [(topic_id, labels[topic_id]) for topic_id in found.between or found.almost]
        raise Undecided(typed, _which(typed, is_several=bool(found.between)), proposed)
    return found.topic_id


def _which(typed: str, *, is_several: bool) -> str:
    if is_several:
        return _("Plusieurs motifs commencent par « %(typed)s » : lequel ?", typed=typed)
    return _("Aucun motif ne commence par « %(typed)s ».", typed=typed)
