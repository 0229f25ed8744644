"""The wait for an expert is a visit in the team's queue, so that the same figures cover it.

Taking a question ends the wait (`answered`), as pressing Start does at a counter. Refused before
anyone took it, it is `moved`: staff sent it on before an answer. It stood in line, so it is no
`diverted`, and this team owes nothing more; the question to the next team is a visit of its own
that continues this one. Taken back is `withdrawn` and counts as given up; unanswered to the end is
`timeout` and counts as lost.
"""

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert

from contactcenter.accounts.models import Organisation, Person
from contactcenter.db import db
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict
from contactcenter.escalation.models import Referral, ReferralStatus
from contactcenter.escalation.queries import visit_of
from contactcenter.escalation.team_queries import queue_of_team
from contactcenter.queues import actions as queues
from contactcenter.queues.models import Queue, QueueKind, Source, Visit
from contactcenter.queues.outcomes import Outcome
from contactcenter.tickets.models import Ticket

OUTCOMES = {
    ReferralStatus.REFUSED: Outcome.MOVED,
    ReferralStatus.WITHDRAWN: Outcome.WITHDRAWN,
    ReferralStatus.EXPIRED: Outcome.TIMEOUT,
}


def begin(
    referral: Referral,
    ticket: Ticket,
    team: Team,
    *,
    by: Person,
    after: Referral | None = None,
    handed_on: Visit | None = None,
    kind: QueueKind | None = None,
) -> None:
    """Enter the team's queue. Raises Conflict when nobody can be asked live any more.

    `handed_on` is the service of a citizen who waits here themselves now, on the telephone. `kind`
    says another queue than that of the question: an appointment's wait is one in person.
    """
    previous = db.session.scalar(visit_of(after)) if after else handed_on
    source = Source.TRANSFER if previous or after else Source.NEW
    visit = _enter(referral, ticket, team, source, previous, by, kind)
    if handed_on is not None:
        visit.interaction_id, visit.caller_key = handed_on.interaction_id, handed_on.caller_key
    if visit.outcome is Outcome.FULL:
        raise Conflict(_("Trop de questions attendent déjà cette équipe."))


def again(referral: Referral, ticket: Ticket, team: Team, *, by: Person) -> None:
    """Wait on at its old place, if it was taken back while it waited."""
    left = _locked(referral)
    if left is not None and left.outcome is Outcome.WITHDRAWN:
        _enter(referral, ticket, team, Source.RETURN, left, by)


def _enter(
    referral: Referral,
    ticket: Ticket,
    team: Team,
    source: Source,
    previous: Visit | None,
    by: Person,
    kind: QueueKind | None = None,
) -> Visit:
    kind = kind or (QueueKind.CONSULT if referral.is_live else QueueKind.REFERRAL)
    return queues.enter(
        _queue(team, kind),
        channel=ticket.channel,
        ticket_id=ticket.id,
        referral_id=referral.id,
        topic_id=ticket.topic_id,
        language=ticket.language,
        source=source,
        previous=previous,
        by=by,
        is_rehearsal=ticket.is_rehearsal,
    )


def serve(referral: Referral, *, by: Person) -> None:
    """The wait is over: someone of the team took the question."""
    visit = _locked(referral)
    if visit is not None and visit.outcome is None:
        queues.answer(visit, by=by)


def end(referral: Referral, *, by: Person | None, reason: str | None = None) -> None:
    """The question is closed: what still waits leaves with the outcome of its status."""
    visit = _locked(referral)
    if visit is None:
        return
    if visit.outcome is None:
        queues.leave(visit, OUTCOMES[referral.status], by=by, reason=reason)
    else:
        queues.finish(visit, by=by)


def drop(referral: Referral, outcome: Outcome) -> None:
    """An appointment came to nothing: whoever waited for the expert waits in that queue no more."""
    visit = _locked(referral)
    if visit is not None and visit.outcome is None:
        queues.leave(visit, outcome)


def follow(referral: Referral) -> None:
    """The question goes on with another request: so do its waits."""
    db.session.execute(
        update(Visit)
        .where(Visit.centre_id == referral.centre_id, Visit.referral_id == referral.id)
        .values(ticket_id=referral.ticket_id)
    )


def has_waited(referral: Referral) -> bool:
    return db.session.scalar(visit_of(referral)) is not None


def move(referral: Referral, ticket: Ticket, team: Team) -> None:
    """Nobody serves the team any more: the wait goes on in the queue of another."""
    visit = _locked(referral)
    if visit is not None and visit.outcome is None:
        queues.leave(visit, Outcome.MOVED)
    elif visit is not None:
        queues.finish(visit, by=None)
    asker = db.session.get_one(Person, (referral.centre_id, referral.asked_by))
    begin(referral, ticket, team, by=asker, after=referral)


def _locked(referral: Referral) -> Visit | None:
    locked = visit_of(referral).with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(locked)


def _queue(team: Team, kind: QueueKind) -> Queue:
    """The team's queue of this kind, made when the first question is asked."""
    return db.session.scalar(queue_of_team(team.id, kind)) or _new_queue(team, kind)


def _new_queue(team: Team, kind: QueueKind) -> Queue:
    organisation = db.session.get_one(Organisation, (team.centre_id, team.organisation_id))
    words = _("Questions en direct") if kind is QueueKind.CONSULT else _("Questions écrites")
    made = (
        insert(Queue)
        .values(
            centre_id=team.centre_id,
            name=f"{organisation.name}, {team.name} ({words} {team.id})",
            kind=kind,
            team_id=team.id,
            letter="A",
            threshold_seconds=120 if kind is QueueKind.CONSULT else team.answer_minutes * 60,
            short_seconds=0,
            is_active=True,
        )
        .on_conflict_do_nothing()
    )  # two first questions at once make one queue
    db.session.execute(made)
    return db.session.scalars(queue_of_team(team.id, kind)).one()
