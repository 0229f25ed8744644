"""The verbs of a question once it was asked: take, answer, ask back, refuse, withdraw, chase.

Each question has one status and one clock of its own, in its team's opening hours. Load with
`lock`, so that two clicks make one transition.
"""

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import ladder, rules, slack, waits
from contactcenter.escalation.calendars import answer_time
from contactcenter.escalation.events import (
    PrecisionAsked,
    PrecisionGiven,
    ReferralAnswered,
    ReferralChased,
    ReferralExpired,
    ReferralNoted,
    ReferralPutAgain,
    ReferralRefused,
    ReferralTaken,
    ReferralWithdrawn,
    ReferralWroteByMail,
)
from contactcenter.escalation.models import (
    Mandate,
    Referral,
    ReferralMessage,
    ReferralStatus,
    Refusal,
    Side,
)
from contactcenter.escalation.queries import (
    last_message_at,
    open_of_ticket,
    visible_to,
    withdrawn_by_end,
)
from contactcenter.events import announce, because
from contactcenter.tickets.models import Ticket

LONGEST_TEXT = 20_000
LONGEST_LINE = 2_000
BY_MAIL = "by_mail"  # the kind of words that an expert sent in answer to a notice
ENDED = "ended"  # the kind of words that say that the end of the matter withdrew a question


class NotOpen(Conflict):
    def __init__(self) -> None:
        super().__init__(_("Cette question est déjà close. La page a été relue."))


def take(referral: Referral, *, by: Person) -> None:
    """Take charge of a question. Whoever comes second is told who was first."""
    refuse_closed(referral)
    if referral.taken_by == by.id:
        return
    if referral.taken_by is not None:
        raise Conflict(_("%(name)s l’a déjà prise.", name=_name(referral.taken_by)))
    _take(referral, by)


def answer(referral: Referral, text: str, *, by: Person, standard_procedure: bool = False) -> None:
    """Answer the agent. A colleague may answer what another has taken: nobody is indispensable."""
    refuse_closed(referral)
    text = text_of(text, "text")
    _take_if_free(referral, by)
    _write(referral, Side.REFERENT, "answer", text, by)
    referral.standard_procedure = standard_procedure
    _close(referral, ReferralStatus.ANSWERED, text, by=by)
    # Minutes with someone there say nothing of an answer in writing
    if not referral.is_live and not referral.is_booked:
        referral.answer_seconds = _open_seconds(referral, clock.now())
    announce(ReferralAnswered(**named(referral), person_id=by.id))


def ask_back(referral: Referral, text: str, *, by: Person) -> None:
    """Ask the agent for a precision: the team's clock stands still, what is left of it is kept."""
    refuse_closed(referral)
    if referral.due_at is None:
        raise Conflict(_("Une précision est déjà demandée : l’agent n’a pas encore répondu."))
    text = text_of(text, "text")
    _take_if_free(referral, by)
    now = clock.now()
    left = rules.remaining(hours_of(_team(referral)), now, referral.due_at)
    referral.status = ReferralStatus.ASKED_BACK
    referral.remaining_seconds, referral.due_at = int(left.total_seconds()), None
    slack.reckon(referral, _team(referral))
    referral.next_due_at = _first(now + rules.WAITS_FOR_US, _shared_until(referral))
    _write(referral, Side.REFERENT, "precision_asked", text, by)
    announce(PrecisionAsked(**named(referral), person_id=by.id))


def give_precision(referral: Referral, text: str, *, by: Person) -> None:
    """Tell the team more. If it had asked back, its clock goes on where it stopped."""
    refuse_closed(referral)
    _write(referral, Side.ASKER, "precision", text_of(text, "text"), by)
    if referral.status is ReferralStatus.ASKED_BACK and referral.remaining_seconds is not None:
        left = timedelta(seconds=referral.remaining_seconds)
        referral.status, referral.remaining_seconds = ReferralStatus.TAKEN, None
        start_clock(referral, _team(referral), left, _mandate(referral))
    announce(PrecisionGiven(**named(referral), person_id=by.id))


def refuse(referral: Referral, code: Refusal, reason: str, *, by: Person) -> None:
    """Not for this team, and why: the code is counted, the words help the agent ask elsewhere."""
    refuse_closed(referral)
    reason = text_of(reason, "text")
    _write(referral, Side.REFERENT, "refusal", reason, by)
    referral.refusal = code
    _close(referral, ReferralStatus.REFUSED, reason, by=by)
    announce(ReferralRefused(**named(referral), code=code, reason=reason, person_id=by.id))


def withdraw(
    referral: Referral, reason: str, *, by: Person | None, kind: str = "withdrawal"
) -> None:
    """Take a question back, with a reason. Counted: it may well be that no answer came."""
    refuse_closed(referral)
    reason = text_of(reason, "text")
    if by is not None:
        _write(referral, Side.ASKER, kind, reason, by)
    _close(referral, ReferralStatus.WITHDRAWN, reason, by=by)
    announce(ReferralWithdrawn(**named(referral), reason=reason, person_id=by.id if by else None))


def withdraw_for_end(ticket_id: int, *, by_id: int | None, but: int | None = None) -> None:
    """The matter is over, so nobody should go on looking for an answer.

    `but` is a question that is asked for others as well.
    """
    by = db.session.get(Person, (current_centre(), by_id)) if by_id else None
    for referral in db.session.scalars(open_of_ticket(ticket_id).with_for_update()).all():
        if referral.id != but:
            withdraw(referral, _("La demande est terminée."), by=by, kind=ENDED)


def put_again(ticket: Ticket, *, ended_at: datetime, by: Person) -> None:
    """The end of the matter is taken back: so is what it withdrew, and each clock runs as before.

    A question that may no longer be shared stays withdrawn.
    """
    for referral in db.session.scalars(withdrawn_by_end(ticket, ENDED, ended_at)).all():
        mandate = _mandate(referral)
        if mandate is None or mandate.lasts(clock.now()):
            _put_again(referral, ticket, mandate, by)


def _put_again(referral: Referral, ticket: Ticket, mandate: Mandate | None, by: Person) -> None:
    team = _team(referral)
    referral.closed_at, referral.closing_text = None, ""
    if referral.remaining_seconds is not None:
        referral.status = ReferralStatus.ASKED_BACK
    else:
        referral.status = ReferralStatus.TAKEN if referral.taken_by else ReferralStatus.SENT
    referral.next_due_at = ladder.next_look(referral, team, mandate)
    waits.again(referral, ticket, team, by=by)
    _write(referral, Side.ASKER, "put_again", _("La demande n’est plus terminée."), by)
    announce(ReferralPutAgain(**named(referral), person_id=by.id))


def expire(referral: Referral, *, mandate_ended: bool) -> None:
    """Nobody answered to the end, or we may no longer share; counted as lost."""
    reason = _("L’accord de l’usager a pris fin.") if mandate_ended else _("Personne n’a répondu.")
    _close(referral, ReferralStatus.EXPIRED, reason, by=None)
    announce(ReferralExpired(**named(referral), reason=reason))


def chase(referral: Referral, text: str, *, by: Person) -> None:
    """Ask again: the next step of the ladder comes sooner. No deadline ever moves later."""
    refuse_closed(referral)
    now = clock.now()
    if referral.due_at is None:
        raise Conflict(_("L’expert attend une précision de votre part."))
    if not rules.may_chase(now, db.session.scalar(last_message_at(referral, "chase"))):
        raise Conflict(_("Cette équipe vient d’être relancée. Attendez une heure."))
    _write(referral, Side.ASKER, "chase", text.strip()[:LONGEST_TEXT], by)
    if referral.next_due_at is not None and ladder.has_steps_left(referral):
        referral.next_due_at = rules.hastened(hours_of(_team(referral)), now, referral.next_due_at)
    announce(ReferralChased(**named(referral), person_id=by.id))


def write_by_mail(referral: Referral, text: str, *, by: Person) -> None:
    """What an expert answered by mail: both sides read it, and it may become the answer.

    The question stays open: the agent, or the expert on the page, says that this was the answer.
    """
    refuse_closed(referral)
    text = text_of(text, "text")
    _take_if_free(referral, by)
    _write(referral, Side.REFERENT, BY_MAIL, text, by)
    announce(ReferralWroteByMail(**named(referral), person_id=by.id))


def accept_mail(referral: Referral, message_id: int, *, by: Person) -> None:
    """The agent takes what an expert wrote by mail for their answer. Raises NotFound."""
    message = db.session.get(ReferralMessage, (referral.centre_id, message_id))
    if message is None or message.referral_id != referral.id or message.kind != BY_MAIL:
        raise NotFound
    author = db.session.get_one(Person, (referral.centre_id, message.author_id))
    with because(_("Pris comme réponse par %(name)s", name=by.name)):
        answer(referral, message.text, by=author)


def note(referral: Referral, text: str, *, side: Side, by: Person) -> None:
    """Write for one's own side only."""
    _write(referral, side, "note", text_of(text, "text"), by, is_private=True)
    announce(ReferralNoted(**named(referral), person_id=by.id))


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


def lock_id(referral_id: int) -> Referral:
    """The same, for a job that changes it."""
    referral = get(referral_id)
    db.session.refresh(referral, with_for_update=True)
    return referral


def start_clock(
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
    slack.reckon(referral, team)
    referral.next_due_at = ladder.next_due(referral, team, mandate)


def _take(referral: Referral, by: Person) -> None:
    referral.taken_by, referral.taken_at = by.id, clock.now()
    if referral.take_seconds is None and not referral.is_booked:
        referral.take_seconds = _taken_after(referral, referral.taken_at)
    if referral.status is ReferralStatus.SENT:
        referral.status = ReferralStatus.TAKEN
    if referral.is_live:  # someone is there: what cannot be said at once is owed in the usual time
        team = _team(referral)
        start_clock(referral, team, answer_time(team), _mandate(referral))
    waits.serve(referral, by=by)
    announce(ReferralTaken(**named(referral), person_id=by.id))


def _taken_after(referral: Referral, now: datetime) -> int:
    if referral.is_live:
        return int((now - referral.asked_at).total_seconds())
    return _open_seconds(referral, now)


def _open_seconds(referral: Referral, now: datetime) -> int:
    """Of the team since it was asked, but for the time in which it could not see the question."""
    took = rules.remaining(hours_of(_team(referral)), referral.asked_at, now)
    return max(0, int(took.total_seconds()) - referral.hidden_seconds)


def _take_if_free(referral: Referral, by: Person) -> None:
    if referral.taken_by is None:
        _take(referral, by)


def _close(referral: Referral, status: ReferralStatus, words: str, *, by: Person | None) -> None:
    referral.status = status
    referral.closed_at, referral.closing_text = clock.now(), words
    referral.next_due_at = None
    if status is not ReferralStatus.WITHDRAWN:  # it can be put again with what was left
        referral.remaining_seconds = None
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


def refuse_closed(referral: Referral) -> None:
    if not referral.is_open:
        raise NotOpen


def text_of(words: str, field: str) -> str:
    words = words.strip()
    if not words:
        raise Invalid(_("Écrivez un texte."), field)
    if len(words) > LONGEST_TEXT:
        raise Invalid(_("Ce texte est trop long : joignez-le comme fichier."), field)
    return words


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
