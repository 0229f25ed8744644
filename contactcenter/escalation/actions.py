"""The verbs of a question to an expert team: ask, take, answer, ask back, refuse, withdraw, chase.

Each question has one status and one clock of its own, in its team's opening hours. Load with
`lock`, so that two clicks make one transition.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.attachments.queries import of_ticket as attachments_of
from contactcenter.db import current_centre, db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import chain, ladder, mandates, rules, waits
from contactcenter.escalation.calendars import answer_time
from contactcenter.escalation.events import (
    MandateRevoked,
    PrecisionAsked,
    PrecisionGiven,
    ReferralAnswered,
    ReferralAsked,
    ReferralChased,
    ReferralExpired,
    ReferralNoted,
    ReferralRefused,
    ReferralTaken,
    ReferralWithdrawn,
)
from contactcenter.escalation.models import (
    Mandate,
    Referral,
    ReferralMessage,
    ReferralStatus,
    Refusal,
    SharedPaper,
    Side,
)
from contactcenter.escalation.queries import (
    last_message_at,
    living_mandate,
    open_of_ticket,
    open_under,
    same_open_question,
    visible_to,
)
from contactcenter.events import announce
from contactcenter.tickets.models import Ticket

LONGEST_TEXT = 20_000
LONGEST_LINE = 2_000
LIVE_LASTS = timedelta(minutes=10)  # a citizen is standing there: after that, ask in writing


class NotOpen(Conflict):
    def __init__(self) -> None:
        super().__init__(_("Cette question est déjà close. La page a été relue."))


def ask(
    ticket: Ticket,
    team: Team,
    *,
    question: str,
    by: Person,
    blocks: str = "",
    tried: str = "",
    right_lost: str = "",
    right_lost_at: datetime | None = None,
    papers: Sequence[int] = (),
    is_live: bool = False,
    without_identity: bool = False,
    due_at: datetime | None = None,
    after: Referral | None = None,
) -> Referral:
    """Put a question to a team, with these papers of the ticket, under a living permission.

    `without_identity` asks a question that shares neither the citizen nor a paper, so it needs no
    permission. `due_at` replaces the team's usual time. `after` is a question another team refused:
    this one continues its wait. The same question asked twice while the first is open is the first.
    Raises Invalid.
    """
    question = _text(question, "question")
    if not ticket.is_open:
        raise Conflict(_("Cette demande est terminée. Rouvrez-la pour demander à un expert."))
    twice = db.session.scalar(same_open_question(ticket, team, question, is_live=is_live).limit(1))
    if twice is not None:
        return twice
    mandate = None if without_identity else _permission(ticket, team)
    if without_identity and papers:
        raise Invalid(_("Une question sans identité part sans papier."), "papers")
    referral = Referral(
        ticket_id=ticket.id,
        team_id=team.id,
        organisation_id=team.organisation_id,
        mandate_id=mandate.id if mandate else None,
        status=ReferralStatus.SENT,
        steps_done=0,
        is_live=is_live,
        question=question,
        blocks=_line(blocks),
        tried=_line(tried),
        right_lost=_line(right_lost),
        right_lost_at=right_lost_at,
        asked_by=by.id,
        asked_at=clock.now(),
        is_rehearsal=ticket.is_rehearsal,
    )
    if after is not None:
        chain.carry_on(referral, after)
    _start_clock(
        referral, team, LIVE_LASTS if is_live else answer_time(team), mandate, referral.clock_from
    )
    if due_at is not None:
        _promise(referral, team, mandate, due_at)
    db.session.add(referral)
    db.session.flush()  # papers, the visit and the event name it
    _share(referral, ticket, mandate, papers)
    waits.begin(referral, ticket, team, by=by, after=after)
    announce(ReferralAsked(**named(referral), is_live=is_live, person_id=by.id))
    return referral


def take(referral: Referral, *, by: Person) -> None:
    """Take charge of a question. Whoever comes second is told who was first."""
    _refuse_closed(referral)
    if referral.taken_by == by.id:
        return
    if referral.taken_by is not None:
        raise Conflict(_("%(name)s l’a déjà prise.", name=_name(referral.taken_by)))
    _take(referral, by)


def answer(referral: Referral, text: str, *, by: Person, standard_procedure: bool = False) -> None:
    """Answer the agent. A colleague may answer what another has taken: nobody is indispensable."""
    _refuse_closed(referral)
    text = _text(text, "text")
    _take_if_free(referral, by)
    _write(referral, Side.REFERENT, "answer", text, by)
    referral.standard_procedure = standard_procedure
    _close(referral, ReferralStatus.ANSWERED, text, by=by)
    announce(ReferralAnswered(**named(referral), person_id=by.id))


def ask_back(referral: Referral, text: str, *, by: Person) -> None:
    """Ask the agent for a precision: the team's clock stands still, what is left of it is kept."""
    _refuse_closed(referral)
    if referral.due_at is None:
        raise Conflict(_("Une précision est déjà demandée : l’agent n’a pas encore répondu."))
    text = _text(text, "text")
    _take_if_free(referral, by)
    now = clock.now()
    left = rules.remaining(hours_of(_team(referral)), now, referral.due_at)
    referral.status = ReferralStatus.ASKED_BACK
    referral.remaining_seconds, referral.due_at = int(left.total_seconds()), None
    referral.next_due_at = _first(now + rules.WAITS_FOR_US, _shared_until(referral))
    _write(referral, Side.REFERENT, "precision_asked", text, by)
    announce(PrecisionAsked(**named(referral), person_id=by.id))


def give_precision(referral: Referral, text: str, *, by: Person) -> None:
    """Tell the team more. If it had asked back, its clock goes on where it stopped."""
    _refuse_closed(referral)
    _write(referral, Side.ASKER, "precision", _text(text, "text"), by)
    if referral.status is ReferralStatus.ASKED_BACK and referral.remaining_seconds is not None:
        left = timedelta(seconds=referral.remaining_seconds)
        referral.status, referral.remaining_seconds = ReferralStatus.TAKEN, None
        _start_clock(referral, _team(referral), left, _mandate(referral))
    announce(PrecisionGiven(**named(referral), person_id=by.id))


def refuse(referral: Referral, code: Refusal, reason: str, *, by: Person) -> None:
    """Not for this team, and why: the code is counted, the words help the agent ask elsewhere."""
    _refuse_closed(referral)
    reason = _text(reason, "text")
    _write(referral, Side.REFERENT, "refusal", reason, by)
    referral.refusal = code
    _close(referral, ReferralStatus.REFUSED, reason, by=by)
    announce(ReferralRefused(**named(referral), code=code, reason=reason, person_id=by.id))


def withdraw(referral: Referral, reason: str, *, by: Person | None) -> None:
    """Take a question back, with a reason. Counted: it may well be that no answer came."""
    _refuse_closed(referral)
    reason = _text(reason, "text")
    if by is not None:
        _write(referral, Side.ASKER, "withdrawal", reason, by)
    _close(referral, ReferralStatus.WITHDRAWN, reason, by=by)
    announce(ReferralWithdrawn(**named(referral), reason=reason, person_id=by.id if by else None))


def withdraw_for_end(ticket_id: int, *, by_id: int | None) -> None:
    """The matter is over, so nobody should go on looking for an answer."""
    by = db.session.get(Person, (current_centre(), by_id)) if by_id else None
    for referral in db.session.scalars(open_of_ticket(ticket_id).with_for_update()).all():
        withdraw(referral, _("La demande est terminée."), by=by)


def expire(referral: Referral, *, mandate_ended: bool) -> None:
    """Nobody answered to the end, or we may no longer share; counted as lost."""
    reason = _("L’accord de l’usager a pris fin.") if mandate_ended else _("Personne n’a répondu.")
    _close(referral, ReferralStatus.EXPIRED, reason, by=None)
    announce(ReferralExpired(**named(referral), reason=reason))


def chase(referral: Referral, text: str, *, by: Person) -> None:
    """Ask again: the next step of the ladder comes sooner. No deadline ever moves later."""
    _refuse_closed(referral)
    now = clock.now()
    if referral.due_at is None:
        raise Conflict(_("L’expert attend une précision de votre part."))
    if not rules.may_chase(now, db.session.scalar(last_message_at(referral, "chase"))):
        raise Conflict(_("Cette équipe vient d’être relancée. Attendez une heure."))
    _write(referral, Side.ASKER, "chase", text.strip()[:LONGEST_TEXT], by)
    if referral.next_due_at is not None and ladder.has_steps_left(referral):
        referral.next_due_at = rules.hastened(hours_of(_team(referral)), now, referral.next_due_at)
    announce(ReferralChased(**named(referral), person_id=by.id))


def note(referral: Referral, text: str, *, side: Side, by: Person) -> None:
    """Write for one's own side only."""
    _write(referral, side, "note", _text(text, "text"), by, is_private=True)
    announce(ReferralNoted(**named(referral), person_id=by.id))


def revoke_mandate(mandate: Mandate, *, by: Person, reason: str = "") -> None:
    """The citizen takes the permission back: sharing stops, open questions are withdrawn."""
    if mandate.revoked_at is not None:
        return
    mandate.revoked_at = clock.now()
    db.session.flush()  # what is asked next looks for permissions that last
    for referral in db.session.scalars(open_under(mandate).with_for_update()).all():
        withdraw(referral, _("L’usager a repris son accord."), by=by)
    mandates.take_back(mandate)
    announce(
        MandateRevoked(
            ticket_id=mandate.ticket_id,
            mandate_id=mandate.id,
            for_organisation_id=mandate.organisation_id,
            person_id=by.id,
            reason=reason.strip()[:LONGEST_LINE] or None,
        )
    )


def lock(referral_id: int, *, person: Person) -> Referral:
    """Load a question for change; other writers wait until the transaction ends.

    Raises NotFound if the person may not see it, or it does not exist.
    """
    referral = db.session.scalar(
        visible_to(person)
        .where(Referral.id == referral_id)
        .with_for_update(of=Referral)
        .execution_options(populate_existing=True)
    )
    if referral is None:
        raise NotFound(_("Cette question n’existe pas, ou n’est pas à vous."))
    return referral


def get(referral_id: int) -> Referral:
    """The question of an event or job; it exists."""
    return db.session.get_one(Referral, (current_centre(), referral_id))


def _permission(ticket: Ticket, team: Team) -> Mandate:
    mandate = db.session.scalar(
        living_mandate(ticket.id, team.organisation_id, clock.now()).limit(1)
    )
    if mandate is None:
        raise Invalid(
            _(
                "Inscrivez d’abord l’accord de l’usager pour partager avec cette organisation, "
                "ou demandez sans dire de qui il s’agit."
            ),
            "mandate",
        )
    return mandate


def _share(
    referral: Referral, ticket: Ticket, mandate: Mandate | None, papers: Sequence[int]
) -> None:
    """Disclose the ticket under the permission, and these papers of it; nothing without one."""
    if mandate is None:
        return
    own = {attachment.id for attachment in db.session.scalars(attachments_of(ticket.id))}
    if not own.issuperset(papers):
        raise Invalid(_("Un de ces papiers n’est pas à cette demande."), "papers")
    mandates.open_ticket_to(ticket, mandate)
    db.session.add_all(
        SharedPaper(referral_id=referral.id, attachment_id=paper) for paper in sorted(set(papers))
    )


def _start_clock(
    referral: Referral,
    team: Team,
    left: timedelta,
    mandate: Mandate | None,
    since: datetime | None = None,
) -> None:
    """Let the team's clock run from now, or `since`, with `left` of its open time.

    A live question cannot wait for the doors to open: its time runs at once.
    """
    if ladder.awaits_live(referral):
        referral.due_at = clock.now() + left
    else:
        referral.due_at = rules.deadline(hours_of(team), since or clock.now(), left)
    referral.next_due_at = ladder.next_due(referral, team, mandate)


def _promise(referral: Referral, team: Team, mandate: Mandate | None, due_at: datetime) -> None:
    if due_at <= clock.now():
        raise Invalid(_("Choisissez une date à venir."), "due_at")
    referral.due_at = due_at
    referral.next_due_at = ladder.next_due(referral, team, mandate)


def _take(referral: Referral, by: Person) -> None:
    referral.taken_by, referral.taken_at = by.id, clock.now()
    if referral.status is ReferralStatus.SENT:
        referral.status = ReferralStatus.TAKEN
    if referral.is_live:  # someone is there: what cannot be said at once is owed in the usual time
        team = _team(referral)
        _start_clock(referral, team, answer_time(team), _mandate(referral))
    waits.serve(referral, by=by)
    announce(ReferralTaken(**named(referral), person_id=by.id))


def _take_if_free(referral: Referral, by: Person) -> None:
    if referral.taken_by is None:
        _take(referral, by)


def _close(referral: Referral, status: ReferralStatus, words: str, *, by: Person | None) -> None:
    referral.status = status
    referral.closed_at, referral.closing_text = clock.now(), words
    referral.next_due_at = referral.remaining_seconds = None
    waits.end(referral, by=by, reason=words[:LONGEST_LINE])


def _write(
    referral: Referral, side: Side, kind: str, text: str, by: Person, *, is_private: bool = False
) -> None:
    db.session.add(
        ReferralMessage(
            referral_id=referral.id,
            side=side,
            kind=kind,
            text=text,
            is_private=is_private,
            author_id=by.id,
            written_at=clock.now(),
        )
    )


def _refuse_closed(referral: Referral) -> None:
    if not referral.is_open:
        raise NotOpen


def _text(words: str, field: str) -> str:
    words = words.strip()
    if not words:
        raise Invalid(_("Écrivez un texte."), field)
    if len(words) > LONGEST_TEXT:
        raise Invalid(_("Ce texte est trop long : joignez-le comme fichier."), field)
    return words


def _line(words: str) -> str:
    return words.strip()[:LONGEST_LINE]


def _first(*moments: datetime | None) -> datetime:
    return min(moment for moment in moments if moment is not None)


def _shared_until(referral: Referral) -> datetime | None:
    mandate = _mandate(referral)
    return mandate.expires_at if mandate else None


def _mandate(referral: Referral) -> Mandate | None:
    if referral.mandate_id is None:
        return None
    return db.session.get_one(Mandate, (referral.centre_id, referral.mandate_id))


def _team(referral: Referral) -> Team:
    return db.session.get_one(Team, (referral.centre_id, referral.team_id))


def _name(person_id: int) -> str:
    return db.session.get_one(Person, (current_centre(), person_id)).name


def named(referral: Referral) -> dict[str, Any]:
    return {
        "ticket_id": referral.ticket_id,
        "referral_id": referral.id,
        "team_id": referral.team_id,
    }
