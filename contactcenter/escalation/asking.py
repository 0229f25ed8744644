"""Asking: a question is put to a team, its clock starts, and what the citizen allows is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.attachments.queries import of_ticket as attachments_of
from contactcenter.db import db
from contactcenter.directory.models import Team, Topic
from contactcenter.errors import Conflict, Invalid
from contactcenter.escalation import chain, consults, ladder, mandates, slack, waits
from contactcenter.escalation.actions import LONGEST_LINE, named, start_clock, text_of
from contactcenter.escalation.calendars import answer_time
from contactcenter.escalation.events import ReferralAsked
from contactcenter.escalation.mandate_queries import any_living, living_mandate
from contactcenter.escalation.models import (
    Mandate,
    MandateKind,
    Referral,
    ReferralStatus,
    SharedPaper,
)
from contactcenter.escalation.queries import same_open_question
from contactcenter.events import announce
from contactcenter.languages import language, zone
from contactcenter.queues.models import Visit
from contactcenter.tickets.models import Ticket

LIVE_LASTS = timedelta(minutes=10)  # a citizen is standing there: after that, ask in writing


@dataclass(frozen=True)
class Told:
    """What is said beside the question; each may be left out, and none is refused."""

    blocks: str = ""
    since: str = ""
    tried: str = ""
    right_lost: str = ""
    right_lost_at: datetime | None = None
    may_tell_citizen: bool = False  # the expert may answer the citizen straight


NOTHING_TOLD = Told()


def told_of(referral: Referral) -> Told:
    """What was said beside a question: another one goes on with it."""
    return Told(
        blocks=referral.blocks,
        since=referral.blocked_since,
        tried=referral.tried,
        right_lost=referral.right_lost,
        right_lost_at=referral.right_lost_at,
        may_tell_citizen=referral.may_tell_citizen,
    )


def ask(
    ticket: Ticket,
    team: Team,
    *,
    question: str,
    by: Person,
    told: Told = NOTHING_TOLD,
    papers: Sequence[int] = (),
    is_live: bool = False,
    without_identity: bool = False,
    due_at: datetime | None = None,
    after: Referral | None = None,
    handed_on: Visit | None = None,
    is_booked: bool = False,
    shown: Ticket | None = None,
) -> Referral:
    """Put a question to a team, with these papers of the ticket, under a living permission.

    `without_identity` asks a question that shares neither the citizen nor a paper, so it needs no
    permission. `due_at` replaces the team's usual time. `after` is a question another team refused:
    this one continues its wait; `handed_on` is a talk that is transferred. `is_booked` waits for an
    appointment, not in line. `shown` is another ticket, which was joined to this one: the team sees
    that one, under its permission. The same question asked twice while the first is open is the
    first. Raises Invalid.
    """
    question = _askable(ticket, question)
    twice = db.session.scalar(same_open_question(ticket, team, question, is_live=is_live).limit(1))
    if twice is not None:
        return twice
    shown = shown or ticket
    mandate = _permitted(shown, team, papers, without_identity=without_identity)
    referral = _question(ticket, team, question, told, by=by, mandate=mandate, is_live=is_live)
    referral.disclosed_as = shown.id if shown.id != ticket.id else None
    referral.is_booked = is_booked
    if after is not None:
        chain.carry_on(referral, after)
    _begin_clock(referral, team, mandate, due_at)
    _keep(referral, shown, mandate, papers)
    if not is_booked:
        waits.begin(referral, ticket, team, by=by, after=after, handed_on=handed_on)
    _tell(referral, team, mandate, by)
    return referral


def ask_live(
    ticket: Ticket,
    team: Team,
    *,
    question: str,
    may_share: bool,
    by: Person,
    handed_on: Visit | None = None,
) -> Referral:
    """Ask who is on duty now. `may_share`: the citizen has just allowed it, in words.

    Without a permission the question shares no identity.
    """
    if may_share:
        mandates.record_mandate(
            ticket,
            team.organisation_id,
            kind=MandateKind.ORAL,
            witness=by.name,
            expires_at=end_of_day(1),
            by=by,
        )
    shared = db.session.scalar(living_mandate(ticket, team.organisation_id, clock.now()))
    return ask(
        ticket,
        team,
        question=question or _usual_question(ticket),
        by=by,
        is_live=True,
        without_identity=shared is None,
        handed_on=handed_on,
    )


def end_of_day(days: int) -> datetime:
    last = clock.now().astimezone(zone()).date() + timedelta(days=days)
    return datetime.combine(last, time(23, 59), zone())


def _usual_question(ticket: Ticket) -> str:
    """What the question is about in the words of the directory: nothing a citizen wrote."""
    topic = db.session.get(Topic, (ticket.centre_id, ticket.topic_id)) if ticket.topic_id else None
    return topic.label_in(language()) if topic else str(_("Question en direct"))


def _askable(ticket: Ticket, question: str) -> str:
    """The question as it is kept. Raises Invalid without words, Conflict at its end."""
    question = text_of(question, "question")
    if not ticket.is_open:
        raise Conflict(_("Cette demande est terminée. Rouvrez-la pour demander à un expert."))
    return question


def _permitted(
    ticket: Ticket, team: Team, papers: Sequence[int], *, without_identity: bool
) -> Mandate | None:
    """The permission under which it is asked; None, and no paper, for one without identity."""
    if not without_identity:
        return _permission(ticket, team)
    if papers:
        raise Invalid(_("Une question sans identité part sans papier."), "papers")
    return None


def _keep(
    referral: Referral, shown: Ticket, mandate: Mandate | None, papers: Sequence[int]
) -> None:
    db.session.add(referral)
    db.session.flush()  # papers, the visit and the event name it
    _share(referral, shown, mandate, papers)


def _tell(referral: Referral, team: Team, mandate: Mandate | None, by: Person) -> None:
    asked = ReferralAsked(
        **named(referral),
        is_live=referral.is_live,
        is_booked=referral.is_booked,
        person_id=by.id,
    )
    announce(asked)
    if referral.is_live:
        consults.ask_next(referral, team, mandate)


def _question(
    ticket: Ticket,
    team: Team,
    question: str,
    told: Told,
    *,
    by: Person,
    mandate: Mandate | None,
    is_live: bool,
) -> Referral:
    return Referral(
        ticket_id=ticket.id,
        team_id=team.id,
        organisation_id=team.organisation_id,
        mandate_id=mandate.id if mandate else None,
        status=ReferralStatus.SENT,
        steps_done=0,
        is_live=is_live,
        question=question,
        topic_id=ticket.topic_id,
        blocks=_line(told.blocks),
        blocked_since=_line(told.since),
        tried=_line(told.tried),
        right_lost=_line(told.right_lost),
        right_lost_at=told.right_lost_at,
        may_tell_citizen=told.may_tell_citizen and mandate is not None,
        asked_by=by.id,
        asked_at=clock.now(),
        is_rehearsal=ticket.is_rehearsal,
    )


def _begin_clock(
    referral: Referral, team: Team, mandate: Mandate | None, due_at: datetime | None
) -> None:
    """The team's usual time, or the moment that was promised."""
    left = LIVE_LASTS if referral.is_live else answer_time(team)
    slack.expect_work(referral, team)
    start_clock(referral, team, left, mandate, referral.clock_from)
    if due_at is None:
        return
    if due_at <= clock.now():
        raise Invalid(_("Choisissez une date à venir."), "due_at")
    referral.due_at = due_at
    slack.reckon(referral, team)
    referral.next_due_at = ladder.next_due(referral, team, mandate)


def _permission(ticket: Ticket, team: Team) -> Mandate:
    mandate = db.session.scalar(living_mandate(ticket, team.organisation_id, clock.now()).limit(1))
    if mandate is None:
        raise _refused(ticket, team)
    return mandate


def _refused(ticket: Ticket, team: Team) -> Invalid:
    """Says which permission to ask for: a first one, or one for this topic too."""
    other = db.session.scalar(any_living(ticket.id, team.organisation_id, clock.now()).limit(1))
    if other is None:
        return Invalid(
            _(
                "Inscrivez d’abord l’accord de l’usager pour partager avec cette organisation, "
                "ou demandez sans dire de qui il s’agit."
            ),
            "mandate",
        )
    return Invalid(out_of_scope(ticket), "mandate")


def out_of_scope(ticket: Ticket) -> str:
    """A permission there is, but not for what the ticket is about now."""
    if ticket.topic_id is None:
        return _(
            "L’accord inscrit vaut pour certains motifs, et la demande n’en a pas. Choisissez le"
            " motif, ou demandez à l’usager un accord pour tous les motifs."
        )
    topic = db.session.get_one(Topic, (ticket.centre_id, ticket.topic_id))
    return _(
        "L’accord inscrit ne vaut pas pour le motif « %(topic)s ». Demandez à l’usager s’il"
        " l’accepte aussi pour ce motif.",
        topic=topic.label_in(language()),
    )


def _share(
    referral: Referral, shown: Ticket, mandate: Mandate | None, papers: Sequence[int]
) -> None:
    """Disclose the ticket under the permission, and these papers of it; nothing without one."""
    if mandate is None:
        return
    own = {attachment.id for attachment in db.session.scalars(attachments_of(referral.ticket_id))}
    if not own.issuperset(papers):
        raise Invalid(_("Un de ces papiers n’est pas à cette demande."), "papers")
    mandates.open_ticket_to(shown, mandate)
    db.session.add_all(
        SharedPaper(referral_id=referral.id, attachment_id=paper) for paper in sorted(set(papers))
    )


def _line(words: str) -> str:
    return words.strip()[:LONGEST_LINE]
