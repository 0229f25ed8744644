"""Each act on many questions in terms of the verbs of one, and the way back where there is one."""

from datetime import datetime

from flask_babel import gettext as _

from contactcenter.accounts.models import Person
from contactcenter.db import db
from contactcenter.errors import Conflict, Invalid
from contactcenter.escalation import actions, coverage, handing
from contactcenter.escalation.models import Referral, ReferralStatus, Refusal
from contactcenter.escalation.queries import held_answer, written_since
from contactcenter.worklists.models import Act

ACTS = (Act.TAKE, Act.HAND, Act.REFUSE)


def check(act: Act, value: str, reason: str) -> None:
    """Raises Invalid for an act that lacks what it needs."""
    if act is Act.HAND and not value:
        raise Invalid(_("Choisissez à qui confier les questions."), "to")
    if act is Act.REFUSE and value not in set(Refusal):
        raise Invalid(_("Choisissez une raison."), "code")
    if act is Act.REFUSE and not reason.strip():
        raise Invalid(_("Dites à l’agent pourquoi, et si vous le savez, à qui demander."), "reason")


def is_done(act: Act, referral: Referral, value: str, by: Person) -> bool:
    """Whether it is so already."""
    if act is Act.REFUSE:
        return False
    holder = by.id if act is Act.TAKE else number(value)
    return referral.is_open and referral.taken_by == holder


def state(referral: Referral) -> str:
    """What an act that can be taken back changes: who has it."""
    return "" if referral.taken_by is None else str(referral.taken_by)


def do(act: Act, referral: Referral, value: str, reason: str, by: Person) -> None:
    """Raises Conflict where someone is there, or comes at a time: that is no work for later."""
    if _is_met(referral) and (act is not Act.HAND or referral.taken_by is None):
        raise Conflict(_("Un usager attend : la question est à qui la prend."))
    if act is Act.TAKE:
        actions.take(referral, by=by)
    elif act is Act.HAND:
        handing.hand(referral, number(value), reason, by=by, is_one_of_many=True)
    else:
        actions.refuse(referral, Refusal(value), reason, by=by)


def can_undo(act: Act) -> bool:
    """What was refused has gone on to another team."""
    return act is not Act.REFUSE


def undo(referral: Referral, before: str) -> None:
    """Back to who had it, or to the team; its clock runs on. Nobody is called back for it."""
    actions.refuse_closed(referral)
    if _is_met(referral) and not before:
        raise Conflict(_("Un usager attend : la question est à qui la prend."))
    held = db.session.get(Person, (referral.centre_id, int(before))) if before else None
    coverage.give(referral, held)


def was_left_so(act: Act, referral: Referral, value: str, by: Person, since: datetime) -> bool:
    """Whether nobody has gone on with it since: it waits, or is held, as the act left it.

    Who it was handed to has not opened it, nobody wrote in it, and no answer of it is leaving.
    """
    if not is_done(act, referral, value, by) or referral.status is ReferralStatus.ASKED_BACK:
        return False
    if referral.taken_by != by.id and referral.handed_at is None:
        return False
    touched = (written_since(referral, since), held_answer(referral))
    return all(db.session.scalar(each.limit(1)) is None for each in touched)


def _is_met(referral: Referral) -> bool:
    return referral.is_live or referral.is_booked


def number(value: str) -> int:
    """Whom the value of an act names."""
    return int(value) if value.isdecimal() and len(value) < 19 else 0
