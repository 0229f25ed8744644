"""Several teams about one request: one invites another, and experts write among themselves.

The invited team has a question, a status and a clock of its own, and sees the request only where
the citizen allowed it for that organisation. What experts write to each other is kept with each
team's question, since no team can look into another's; the centre's side does not see it. An act
of an expert runs behind the walls of their organisation: what concerns the others is a job.
"""

from collections.abc import Sequence

from flask_babel import gettext as _

from contactcenter import clock, live, outbox
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.errors import Invalid
from contactcenter.escalation import actions, asking
from contactcenter.escalation.circle_queries import in_circle, same_words
from contactcenter.escalation.events import SideWritten, TeamInvited
from contactcenter.escalation.mandate_queries import living_mandate
from contactcenter.escalation.models import Referral, ReferralMessage, Side
from contactcenter.escalation.shown import shown_ticket
from contactcenter.events import announce
from contactcenter.tickets import actions as tickets

SIDE, INVITED = "side", "invited"  # kinds of words


def invite(referral: Referral, team: Team, question: str, *, by: Person) -> None:
    """Ask a team of another organisation as well. Raises Invalid for one's own."""
    actions.refuse_closed(referral)
    if team.organisation_id == referral.organisation_id:
        raise Invalid(_("Choisissez une équipe d’un autre organisme."), "team")
    message = _message(referral, INVITED, actions.text_of(question, "text"), by, is_private=False)
    announce(TeamInvited(**actions.named(referral), to_team_id=team.id, person_id=by.id))
    outbox.stage("escalation.ask_invited", message_id=message.id, team_id=team.id)


def write_side(referral: Referral, text: str, *, by: Person) -> None:
    """Write to the other teams that were asked with this one."""
    actions.refuse_closed(referral)
    message = _message(referral, SIDE, actions.text_of(text, "text"), by, is_private=True)
    announce(SideWritten(**actions.named(referral), person_id=by.id))
    outbox.stage("escalation.pass_on_side", message_id=message.id)


def ask_invited(message_id: int, team_id: int) -> None:
    """Put it to the invited team, once: under a permission for it, or without identity."""
    message = _get(message_id)
    referral = actions.get(message.referral_id)
    ticket, shown = tickets.get(referral.ticket_id), shown_ticket(referral)
    team = db.session.get_one(Team, (referral.centre_id, team_id))
    circle = _circle(referral)
    if not ticket.is_open or any(each.team_id == team_id for each in circle if each.is_open):
        return
    mandate = living_mandate(shown, team.organisation_id, clock.now())
    asker = db.session.get_one(Person, (referral.centre_id, referral.asked_by))
    asked = asking.ask(
        ticket,
        team,
        question=message.text,
        by=asker,
        without_identity=db.session.scalar(mandate.limit(1)) is None,
        shown=shown,
    )
    asked.invited_by = referral.invited_by or referral.id


def pass_on(message: ReferralMessage) -> Sequence[Referral]:
    """Let the other open questions of the circle have these words too; those that now do."""
    told = []
    for other in _circle(actions.get(message.referral_id)):
        if other.id == message.referral_id or not other.is_open:
            continue
        if db.session.scalar(same_words(other, message, SIDE)) is None:
            author = db.session.get_one(Person, (message.centre_id, message.author_id))
            copy = _message(other, SIDE, message.text, author, is_private=True)
            copy.written_at = message.written_at
            live.touch(f"referral:{other.id}")
            told.append(other)
    return told


def pass_on_side(message_id: int) -> Sequence[Referral]:
    return pass_on(_get(message_id))


def _circle(referral: Referral) -> Sequence[Referral]:
    return db.session.scalars(in_circle(referral)).all()


def _get(message_id: int) -> ReferralMessage:
    return db.session.get_one(ReferralMessage, (current_centre(), message_id))


def _message(
    referral: Referral, kind: str, text: str, by: Person, *, is_private: bool
) -> ReferralMessage:
    message = ReferralMessage(
        referral_id=referral.id,
        side=Side.REFERENT,
        kind=kind,
        text=text,
        is_private=is_private,
        author_id=by.id,
        written_at=clock.now(),
    )
    db.session.add(message)
    db.session.flush()  # its job names it
    return message
