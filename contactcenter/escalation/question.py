"""Gather the page of one question as the expert sees it: what was shared, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from contactcenter import clock
from contactcenter.accounts.models import Centre
from contactcenter.attachments.models import Attachment
from contactcenter.citizens.identifiers import Masked
from contactcenter.citizens.models import Citizen
from contactcenter.citizens.shared_rules import Detail
from contactcenter.db import db
from contactcenter.escalation import direct, disclosing, ladder, record
from contactcenter.escalation.cards import Card, cards_of
from contactcenter.escalation.models import Mandate, Referral, Side
from contactcenter.escalation.queries import papers_of
from contactcenter.escalation.record import StepShown
from contactcenter.replies.models import HeldReply
from contactcenter.tickets.models import Ticket


@dataclass(frozen=True)
class Question:
    card: Card
    centre: Centre
    title: str
    details: disclosing.Details
    mandate: Mandate | None
    papers: Sequence[Attachment]
    steps: Sequence[StepShown]
    identifiers: Sequence[Masked]
    leaving: HeldReply | None  # the answer that is about to leave for the citizen

    @property
    def citizen(self) -> str:
        """By the name that is shared, if one is."""
        return self.details.get(Detail.NAME) or self.details.get(Detail.FIRST_NAME, "")

    @property
    def contacts(self) -> Sequence[tuple[Detail, str]]:
        """How the citizen is reached, as far as it is shared."""
        kinds = (Detail.PHONE, Detail.EMAIL, Detail.ADDRESS)
        return [(each, self.details[each]) for each in kinds if each in self.details]

    @property
    def referral(self) -> Referral:
        return self.card.referral


def question_of(referral: Referral) -> Question:
    [card] = cards_of([referral], Side.REFERENT)
    citizen = citizen_of(referral)
    return Question(
        card=card,
        centre=db.session.get_one(Centre, referral.centre_id),
        title=card.topic or _("Question générale"),
        details=_details(referral, citizen),
        mandate=_mandate(referral),
        papers=db.session.scalars(papers_of(referral)).all(),
        steps=_steps(card),
        identifiers=disclosing.masked_for(referral, citizen),
        leaving=direct.held(referral) if referral.may_tell_citizen else None,
    )


def citizen_of(referral: Referral) -> Citizen | None:
    """Only where the ticket is shared: asked without identity, row-level security shows no row."""
    if referral.mandate_id is None:
        return None
    ticket = db.session.get(Ticket, (referral.centre_id, referral.shown_ticket_id))
    if ticket is None or ticket.citizen_id is None:
        return None
    return db.session.get(Citizen, (referral.centre_id, ticket.citizen_id))


def _details(referral: Referral, citizen: Citizen | None) -> disclosing.Details:
    """Those the topic needs, as the ticket stands now."""
    if citizen is None:
        return {}
    ticket = db.session.get_one(Ticket, (referral.centre_id, referral.shown_ticket_id))
    return disclosing.details_of(citizen, disclosing.needed(ticket))


def _mandate(referral: Referral) -> Mandate | None:
    if referral.mandate_id is None:
        return None
    return db.session.get(Mandate, (referral.centre_id, referral.mandate_id))


def _steps(card: Card) -> list[StepShown]:
    """Who was told, who is at it, and who will be pressed when."""
    referral = card.referral
    asked = StepShown(
        _("Équipe %(team)s", team=card.team.name),
        referral.asked_at,
        "done" if referral.taken_at or not referral.is_open else "now",
    )
    climbed = record.climbed([(referral, card.team)]).get(referral.id, ())
    taken = [StepShown(card.taker, referral.due_at, "now" if referral.is_open else "done")]
    return [asked, *(taken if referral.taken_at else []), *climbed, *_ahead(card)]


def _ahead(card: Card) -> list[StepShown]:
    referral = card.referral
    if not referral.is_open:
        return []
    times = ladder.times_of(referral, card.team)
    steps = ladder.steps_of(referral)
    pairs = list(zip(steps, times, strict=False))[referral.steps_done :]
    shown = [
        StepShown(record.who(card.team, step.press), max(at, clock.now()), "ahead")
        for step, at in pairs
    ]
    if shown and referral.next_due_at and referral.next_due_at < (shown[0].at or clock.now()):
        shown[0] = StepShown(shown[0].who, referral.next_due_at, "ahead")  # chased: sooner
    return shown
