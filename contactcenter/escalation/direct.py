"""An expert's answer straight to the citizen: where the agent allowed it and a permission lasts.

It leaves like any reply of the centre, in its name, on the way the request came, and can be called
back as long. Whether the citizen can be written to is asked again when it leaves: if not, nothing
is lost, the answer goes to the agent.
"""

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.citizens.models import Citizen
from contactcenter.db import db
from contactcenter.errors import Conflict
from contactcenter.escalation import actions
from contactcenter.escalation.mandate_queries import living_mandate
from contactcenter.escalation.models import Referral, ReferralMessage, Side
from contactcenter.escalation.queries import held_answer, open_of_ticket
from contactcenter.replies import actions as replies
from contactcenter.replies.events import AnswerLeaves
from contactcenter.replies.models import HeldReply, Then
from contactcenter.replies.queries import hold_of
from contactcenter.replies.ways import LEAVES, way_of_reply
from contactcenter.tickets import actions as tickets
from contactcenter.tickets.models import Ticket

FELL_BACK = "fell_back"  # the kind of words that say that it went to the agent instead


def can_be_written_to(ticket: Ticket) -> bool:
    """Whether a reply would leave by itself; for the centre's side, who may see the address."""
    if ticket.citizen_id is None:
        return False
    citizen = db.session.get(Citizen, (ticket.centre_id, ticket.citizen_id))
    return way_of_reply(ticket, citizen) in LEAVES


def held(referral: Referral) -> HeldReply | None:
    """The answer that is about to leave for the citizen."""
    return db.session.scalar(held_answer(referral))


def answer_citizen(
    referral: Referral, text: str, *, by: Person, then: Then, standard_procedure: bool = False
) -> HeldReply:
    """Send it off in the centre's name; until it leaves the question is open and nothing was said.

    Raises Conflict where the agent did not allow it, or while another answer is leaving.
    """
    actions.refuse_closed(referral)
    text = actions.text_of(text, "text")
    if not referral.may_tell_citizen or referral.mandate_id is None:
        raise Conflict(_("L’agent n’a pas permis de répondre à l’usager : répondez à l’agent."))
    if held(referral) is not None:
        raise Conflict(_("Une réponse est déjà en train de partir."))
    if referral.taken_by is None:
        actions.take(referral, by=by)
    referral.standard_procedure = standard_procedure
    seconds = hold_of(by).total_seconds()
    return replies.hold(
        referral.ticket_id, text, by=by, seconds=seconds, then=then, referral_id=referral.id
    )


def call_back(referral: Referral, held_id: int, *, by: Person) -> str:
    """The words, which have not left. Raises Conflict once they have, or if they are not one's."""
    return replies.take_back(held_id, referral_id=referral.id, by=by)


def leave(event: AnswerLeaves) -> None:
    """Its time is over: the question is answered, and the citizen told where that can be.

    What was closed meanwhile stays closed: the words are kept for the expert's team.
    """
    referral = actions.lock_id(event.referral_id)
    leaving = db.session.get_one(HeldReply, (referral.centre_id, event.held_id))
    by = db.session.get_one(Person, (referral.centre_id, leaving.person_id))
    if not referral.is_open:
        words = _("Non envoyée, la question s’est close avant :\n\n%(text)s", text=leaving.text)
        actions.note(referral, words, side=Side.REFERENT, by=by)
        return
    ticket = tickets.get(referral.ticket_id)
    may_leave = ticket.is_open and _still_permitted(referral, ticket) and can_be_written_to(ticket)
    if may_leave:
        referral.told_citizen_at = clock.now()
    else:
        _say_so(referral, by)
    actions.answer(referral, leaving.text, by=by, standard_procedure=referral.standard_procedure)
    if may_leave:
        replies.say(ticket, leaving.text, by=by, then=_then(leaving, ticket))


def _then(leaving: HeldReply, ticket: Ticket) -> Then | None:
    """What the expert chose; while another team still looks for an answer nothing is finished."""
    if replies.citizen_wrote(ticket, leaving):
        return None
    others = db.session.scalar(open_of_ticket(ticket.id).limit(1))
    return Then.WAIT if others is not None else leaving.then


def _still_permitted(referral: Referral, ticket: Ticket) -> bool:
    """Whether who would be written to is who allowed it, and both leaves last."""
    shown = tickets.get(referral.shown_ticket_id)
    if shown.citizen_id != ticket.citizen_id or not referral.may_tell_citizen:
        return False
    lasts = living_mandate(shown, referral.organisation_id, clock.now())
    return db.session.scalar(lasts.limit(1)) is not None


def _say_so(referral: Referral, by: Person) -> None:
    db.session.add(
        ReferralMessage(
            referral_id=referral.id,
            side=Side.REFERENT,
            kind=FELL_BACK,
            text=_("On ne peut pas écrire à la personne : la réponse va à l’agent."),
            author_id=by.id,
            written_at=clock.now(),
        )
    )
