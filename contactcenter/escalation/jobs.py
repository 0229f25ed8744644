"""What the escalation does by itself. Every job may run twice: its notices carry a key each."""

from collections.abc import Sequence
from datetime import datetime

from contactcenter import clock, outbox
from contactcenter.accounts.models import Centre, Person
from contactcenter.db import current_centre, db
from contactcenter.directory.models import Team
from contactcenter.edge import job, sweep
from contactcenter.escalation import (
    actions,
    alerts,
    corrections,
    ladder,
    letters,
    mandates,
    routing,
    sweeping,
)
from contactcenter.escalation.chain_queries import locked, next_of
from contactcenter.escalation.consult_queries import live_due
from contactcenter.escalation.handing import HANDED
from contactcenter.escalation.ladder import Recipient
from contactcenter.escalation.models import Mandate, Press, Referral, ReferralStatus
from contactcenter.escalation.queries import due_now, last_message_at
from contactcenter.escalation.shown import request_of, shown_citizen
from contactcenter.escalation.staffing_queries import to_warn
from contactcenter.links import public_url
from contactcenter.notices import actions as notices
from contactcenter.notices.letters import Letter, speaking
from contactcenter.notices.models import Means
from contactcenter.tickets.models import Ticket

AT_ONCE = 500


@job
def tell_team(referral_id: int) -> None:
    """Tell the people of the team that a question waits: no name, no subject, one link."""
    referral = actions.get(referral_id)
    team = _team(referral)
    for recipient in _of_team(referral, team):
        with speaking(recipient.language, team.timezone):
            letter = letters.asked(_link(referral), referral.due_at)
        _write(referral, recipient, letter, "referral_asked", "asked")


@job
def tell_taker(referral_id: int) -> None:
    referral = actions.get(referral_id)
    if referral.taken_by is None or not mandates.shows(referral):
        return
    team = _team(referral)
    once = f"precision:{_stamp(db.session.scalar(last_message_at(referral, 'precision')))}"
    for recipient in ladder.recipients(referral, team, Press.REFERENT):
        with speaking(recipient.language, team.timezone):
            letter = letters.precision_given(_link(referral))
        _write(referral, recipient, letter, "precision_given", once)


@job
def tell_colleague(referral_id: int) -> None:
    """Tell whoever it was handed to, as long as it is theirs and open."""
    referral = actions.get(referral_id)
    if referral.taken_by is None or not (referral.is_open and mandates.shows(referral)):
        return
    holder = db.session.get_one(Person, (current_centre(), referral.taken_by))
    if not holder.is_active:
        return  # what they held went on when their account was closed, and its people were told
    with speaking(holder.language, _team(referral).timezone):
        letter = letters.handed(_link(referral), referral.due_at)
    once = f"handed:{_stamp(db.session.scalar(last_message_at(referral, HANDED)))}"
    recipient = Recipient(holder.email, holder.language, holder.id)
    _write(referral, recipient, letter, "referral_handed", once)


@job
def tell_chased(referral_id: int) -> None:
    referral = actions.get(referral_id)
    team = _team(referral)
    once = f"chase:{_stamp(db.session.scalar(last_message_at(referral, 'chase')))}"
    for recipient in _of_team(referral, team):
        with speaking(recipient.language, team.timezone):
            letter = letters.chased(_link(referral))
        _write(referral, recipient, letter, "referral_chased", once)


@job
def tell_citizen_asked(referral_id: int) -> None:
    """Tell the citizen who was asked, and by when we expect to know."""
    referral = actions.get(referral_id)
    if referral.due_at is not None and referral.due_at > clock.now():
        _tell_citizen(referral, "citizen_asked")


@job
def tell_citizen_answered(referral_id: int) -> None:
    referral = actions.get(referral_id)
    if referral.status is ReferralStatus.ANSWERED and referral.told_citizen_at is None:
        _tell_citizen(referral, "citizen_answered")


@job
def tell_citizen_ended(referral_id: int) -> None:
    """Tell that no answer is awaited any more; who was there, or has their outcome, knows."""
    referral = actions.get(referral_id)
    ended = not referral.is_open and referral.status is not ReferralStatus.ANSWERED
    ticket = db.session.get_one(Ticket, (current_centre(), referral.ticket_id))
    if ended and ticket.is_open and not referral.is_live:
        _tell_citizen(referral, "citizen_ended")


@job
def route_on(referral_id: int) -> None:
    """Ask the next team, and count what the refusal says of the directory."""
    refused = db.session.scalars(locked(referral_id)).one()
    if routing.route_on(refused) is None and db.session.scalar(next_of(refused)) is None:
        outbox.stage("escalation.tell_citizen_ended", referral_id=referral_id)
    corrections.learn_from(refused)


@job
def ask_approval(referral_id: int, step: int) -> None:
    """Tell managers that a step of the ladder waits for their approval."""
    for person in db.session.scalars(to_warn()).all():
        with speaking(person.language, _centre().timezone):
            letter = letters.approval_asked(public_url("/referrals/pressings"))
        _write(
            actions.get(referral_id),
            Recipient(person.email, person.language, person.id),
            letter,
            "approval_asked",
            f"approval:{step}",
        )


@sweep(every_seconds=15)
def climb_ladders() -> bool:
    """Press the late side, or end what nobody will answer: each due question, once."""
    due = db.session.scalars(due_now(clock.now(), AT_ONCE)).all()
    sweeping.follow_up(due)
    return len(due) == AT_ONCE


@sweep(every_seconds=5)
def ask_next_on_duty() -> None:
    """Someone is there: a live question goes on sooner than ladders are climbed."""
    due = db.session.scalars(live_due(clock.now(), AT_ONCE)).all()
    if due:
        sweeping.follow_up(due)


@sweep(every_seconds=60)
def send_digests() -> None:
    alerts.send_digests(clock.now())


def _tell_citizen(referral: Referral, kind: str) -> None:
    ticket, citizen = request_of(referral), shown_citizen(referral)
    if citizen is None or not citizen.email:
        return
    organisation = ladder.organisation_of(_team(referral)).name
    with speaking(ticket.language, _centre().timezone):
        if kind == "citizen_asked" and referral.due_at is not None:
            letter = letters.citizen_asked(ticket.reference, organisation, referral.due_at)
        elif kind == "citizen_ended":
            letter = letters.citizen_ended(ticket.reference, organisation)
        else:
            letter = letters.citizen_answered(ticket.reference, organisation)
    notices.write(
        kind=kind,
        means=Means.EMAIL,
        to_address=citizen.email,
        subject=letter.subject,
        body=letter.body,
        language=ticket.language,
        ticket_id=referral.ticket_id,  # where the agents see whom it was written to
        referral_id=referral.id,
        citizen_id=citizen.id,
        dedupe_key=f"referral:{referral.id}:{kind}",
        is_rehearsal=referral.is_rehearsal,
    )


def _of_team(referral: Referral, team: Team) -> Sequence[Recipient]:
    """Nobody, while the citizen's permission is not for what it is about."""
    if not mandates.shows(referral):
        return ()
    return ladder.recipients(referral, team, Press.TEAM)


def _write(referral: Referral, recipient: Recipient, letter: Letter, kind: str, once: str) -> None:
    notices.write(
        kind=kind,
        means=Means.EMAIL,
        to_address=recipient.address,
        subject=letter.subject,
        body=letter.body,
        language=recipient.language,
        referral_id=referral.id,
        dedupe_key=f"referral:{referral.id}:{once}:{recipient.person_id or 'team'}",
        is_rehearsal=referral.is_rehearsal,
    )


def _link(referral: Referral) -> str:
    return public_url(f"/referrals/{referral.id}")


def _team(referral: Referral) -> Team:
    return db.session.get_one(Team, (referral.centre_id, referral.team_id))


def _mandate(referral: Referral) -> Mandate | None:
    if referral.mandate_id is None:
        return None
    return db.session.get_one(Mandate, (referral.centre_id, referral.mandate_id))


def _centre() -> Centre:
    return db.session.get_one(Centre, current_centre())


def _stamp(at: datetime | None) -> str:
    return f"{at.timestamp():.0f}" if at else ""
