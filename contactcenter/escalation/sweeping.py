"""Follow up every due question: ask the next on duty, press the late side, or end what is lost.

A batch is one transaction: the step, the alert and its notice are written together or not at all.
What a batch needs of the directory is read once for all of its questions.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from contactcenter import clock, outbox
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.escalation import actions, alerts, consults, ladder, mandates
from contactcenter.escalation.ladder import Recipient, Step
from contactcenter.escalation.models import LadderStep, Mandate, Press, Referral
from contactcenter.escalation.sweep_queries import all_steps, mandates_named, topics_of


@dataclass
class _Known:
    """What a batch has read: ladders, permissions, topics, and whom each step of a team reaches."""

    steps: Sequence[LadderStep]
    mandates: dict[int, Mandate]
    topics: dict[int, int | None]
    recipients: dict[tuple[int, Press, int | None], list[Recipient]] = field(default_factory=dict)

    @classmethod
    def of(cls, referrals: Sequence[Referral]) -> "_Known":
        mandated = {each.mandate_id for each in referrals if each.mandate_id}
        tickets = {each.shown_ticket_id for each in referrals}
        return cls(
            steps=db.session.scalars(all_steps()).all(),
            mandates={each.id: each for each in db.session.scalars(mandates_named(mandated))},
            topics={row[0]: row[1] for row in db.session.execute(topics_of(tickets))},
        )

    def steps_of(self, referral: Referral) -> Sequence[Step]:
        topic = self.topics.get(referral.shown_ticket_id)
        return ladder.chosen(self.steps, referral.organisation_id, topic)

    def waits_unseen(self, referral: Referral, mandate: Mandate) -> bool:
        """Whether a running clock is nobody's fault: the permission is not for the topic."""
        is_seen = mandate.covers(self.topics.get(referral.shown_ticket_id))
        return not is_seen and referral.due_at is not None

    def whom(self, referral: Referral, team: Team, press: Press) -> list[Recipient]:
        one = {Press.ASKER: referral.id, Press.REFERENT: referral.taken_by}.get(press)
        key = (team.id, press, one)
        if key not in self.recipients:
            self.recipients[key] = ladder.recipients(referral, team, press)
        return self.recipients[key]


def follow_up(referrals: Sequence[Referral]) -> None:
    known, now = _Known.of(referrals), clock.now()
    told: list[alerts.Told] = []
    for referral in referrals:
        mandate = _permission(referral, known, now)
        if referral.next_due_at is not None and referral.next_due_at <= now:
            told += _follow(referral, mandate, known, now)
    alerts.tell(told, now)


def _permission(referral: Referral, known: _Known, now: datetime) -> Mandate | None:
    """Its own, or another that it goes on under once that is over.

    What cannot be seen under it waits: until it ends, or sooner once it can. A live question ends
    at its time, as nobody stands there for days.
    """
    mandate = known.mandates.get(referral.mandate_id or 0)
    if mandate is None:
        return None
    if mandate.expires_at <= now:
        team = db.session.get_one(Team, (current_centre(), referral.team_id))
        return mandates.go_on(referral, team) or mandate
    if known.waits_unseen(referral, mandate):
        is_live = ladder.awaits_live(referral)
        ends_at = referral.due_at if is_live else None
        referral.next_due_at = min(mandate.expires_at, ends_at or mandate.expires_at)
    return mandate


def _follow(
    referral: Referral, mandate: Mandate | None, known: _Known, now: datetime
) -> list[alerts.Told]:
    steps = known.steps_of(referral)
    if ladder.must_end(referral, mandate, now, steps):
        actions.expire(referral, mandate_ended=mandate is not None and mandate.expires_at <= now)
    elif ladder.awaits_live(referral):
        team = db.session.get_one(Team, (current_centre(), referral.team_id))
        consults.ask_next(referral, team, mandate)
    else:
        return _climb(referral, mandate, steps, known)
    return []


def _climb(
    referral: Referral, mandate: Mandate | None, steps: Sequence[Step], known: _Known
) -> list[alerts.Told]:
    team = db.session.get_one(Team, (current_centre(), referral.team_id))
    number = referral.steps_done
    step = ladder.climb(referral, team, mandate, steps)
    if step.needs_approval:
        outbox.stage("escalation.ask_approval", referral_id=referral.id, step=number)
        return []
    return [
        alerts.Told(referral, team, number, step.press, recipient)
        for recipient in known.whom(referral, team, step.press)
    ]


def press(referral: Referral, step: int, press: Press, now: datetime) -> None:
    """Tell whom a step reaches: a manager has approved of it."""
    team = db.session.get_one(Team, (current_centre(), referral.team_id))
    reached = ladder.recipients(referral, team, press)
    alerts.tell([alerts.Told(referral, team, step, press, each) for each in reached], now)
