"""The record of pressing: approve a step that asks for it, call the pressure off, end it."""

from flask_babel import gettext as _
from sqlalchemy import select, update

from contactcenter import clock
from contactcenter.accounts.models import Person
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.errors import Conflict, Invalid, NotFound
from contactcenter.escalation import ladder, mandates, sweeping
from contactcenter.escalation.events import PressureCalledOff
from contactcenter.escalation.models import Mandate, Press, Pressing, Referral
from contactcenter.events import announce

LONGEST_REASON = 2_000


def approve(pressing: Pressing, *, by: Person) -> None:
    """Let a step leave that waited for it.

    Raises Conflict when it no longer waits, or when whom it presses may not see the question.
    """
    if pressing.pressed_at is not None or pressing.ended_at is not None:
        raise Conflict(_("Cette relance n’attend plus d’accord."))
    now = clock.now()
    referral = db.session.get_one(Referral, (current_centre(), pressing.referral_id))
    if pressing.press is not Press.ASKER and not mandates.shows(referral):
        raise Conflict(_("L’expert ne voit plus cette question : l’accord ne vaut pas pour elle."))
    pressing.pressed_at, pressing.approved_by = now, by.id
    sweeping.press(referral, pressing.step, pressing.press, now)
    ladder.tell_pressed(referral, pressing.step, pressing.press)


def call_off(referral: Referral, reason: str, *, by: Person) -> None:
    """Press no further: what was pressed is ended with a reason; the deadline stays as it is."""
    if not referral.is_open:
        raise Conflict(_("Cette question est déjà close. La page a été relue."))
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise Invalid(_("Dites pourquoi on ne relance plus."), "text")
    team = db.session.get_one(Team, (referral.centre_id, referral.team_id))
    referral.steps_done = len(ladder.steps_of(referral))
    referral.next_due_at = ladder.next_look(referral, team, _mandate(referral))
    end(referral.id, reason, by_id=by.id)
    announce(
        PressureCalledOff(
            ticket_id=referral.ticket_id,
            referral_id=referral.id,
            team_id=referral.team_id,
            person_id=by.id,
            reason=reason,
        )
    )


def end(referral_id: int, why: str, *, by_id: int | None) -> None:
    """There is nothing to press for any more."""
    db.session.execute(
        update(Pressing)
        .where(
            Pressing.centre_id == current_centre(),
            Pressing.referral_id == referral_id,
            Pressing.ended_at.is_(None),
        )
        .values(ended_at=clock.now(), ended_by=by_id, ended_why=why)
    )


def lock(pressing_id: int) -> Pressing:
    """Raises NotFound."""
    pressing = db.session.scalar(
        select(Pressing)
        .where(Pressing.centre_id == current_centre(), Pressing.id == pressing_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if pressing is None:
        raise NotFound
    return pressing


def _mandate(referral: Referral) -> Mandate | None:
    if referral.mandate_id is None:
        return None
    return db.session.get_one(Mandate, (referral.centre_id, referral.mandate_id))
