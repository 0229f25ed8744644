"""What a trial of a ladder looks at: the questions of the last month, as they went."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Delete, Select, delete, func, select

from contactcenter.db import current_centre
from contactcenter.directory.models import Team
from contactcenter.escalation.models import Pressing, Referral
from contactcenter.escalation.trial_models import LadderTrial


def trial(trial_id: int) -> Select[LadderTrial]:
    return select(LadderTrial).where(
        LadderTrial.centre_id == current_centre(), LadderTrial.id == trial_id
    )


def to_try(since: datetime, most: int) -> Select[int, int | None]:
    """How many questions a trial looks at, at most so many, and the newest of them."""
    newest = _asked(since).with_only_columns(Referral.id).order_by(Referral.id.desc()).limit(most)
    found = newest.subquery()
    return select(func.count(), func.max(found.c.id))


def stretch(trial: LadderTrial, most: int) -> Select[Referral]:
    return (
        _asked(trial.since)
        .where(Referral.id < trial.next_id)
        .order_by(Referral.id.desc())
        .limit(most)
    )


def _asked(since: datetime) -> Select[Referral]:
    """Asked in writing, by the public and not by a rehearsal: nobody is pressed for a live one."""
    return select(Referral).where(
        Referral.centre_id == current_centre(),
        Referral.asked_at >= since,
        ~Referral.is_live,
        ~Referral.is_rehearsal,
    )


def pressed(referral_ids: Collection[int]) -> Select[Pressing]:
    return select(Pressing).where(
        Pressing.centre_id == current_centre(),
        Pressing.referral_id.in_(referral_ids),
        Pressing.pressed_at.is_not(None),
    )


def all_teams() -> Select[Team]:
    return select(Team).where(Team.centre_id == current_centre())


def forget_trials(before: datetime) -> Delete:
    """Trials, once they are as old as what they looked at."""
    return delete(LadderTrial).where(
        LadderTrial.centre_id == current_centre(), LadderTrial.asked_at < before
    )
