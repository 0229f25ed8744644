"""Gather what lists and panels show of each question."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from contactcenter import clock
from contactcenter.accounts.models import Organisation
from contactcenter.db import db
from contactcenter.directory.calendars import hours_of
from contactcenter.directory.models import Team, Topic
from contactcenter.escalation import disclosing, rules, words
from contactcenter.escalation.actions import BY_MAIL
from contactcenter.escalation.asking import out_of_scope
from contactcenter.escalation.consent_models import ConsentRequest
from contactcenter.escalation.consent_queries import asked_about
from contactcenter.escalation.consult_queries import offers_of
from contactcenter.escalation.duty import OnDuty, Ready, on_duty, ready
from contactcenter.escalation.mandate_queries import mandates_of
from contactcenter.escalation.models import (
    Mandate,
    Referral,
    ReferralMessage,
    ReferralStatus,
    Side,
)
from contactcenter.escalation.queries import (
    messages_of,
    of_ticket,
    people_named,
    shown_with,
)
from contactcenter.escalation.record import StepShown, climbed
from contactcenter.escalation.shown import is_of_another, request_of
from contactcenter.escalation.slot_models import EARLY, Booking, Slot
from contactcenter.escalation.slot_queries import any_free, bookings_of
from contactcenter.escalation.staffing_models import ConsultOffer
from contactcenter.escalation.team_queries import teams_fitting
from contactcenter.languages import language
from contactcenter.tickets.models import Ticket

Said = tuple[ReferralMessage, str]
Asked = tuple[ConsultOffer, str]
Booked = tuple[Booking, Slot, str]


@dataclass(frozen=True)
class Card:
    """One question as both sides may see it; `said` holds what the reader's side may read."""

    referral: Referral
    team: Team
    organisation: Organisation
    topic: str
    names: Mapping[int, str]
    said: Sequence[Said]
    asked_live: Sequence[Asked]  # who on duty was asked to take it, in order
    booked: Booked | None  # its last appointment, with whom
    is_leaving: bool  # an answer is about to leave for the citizen
    left: timedelta | None  # open time until the deadline, while the team's clock runs
    paused_left: timedelta | None  # what is kept of it while the next move is ours

    @property
    def is_late(self) -> bool:
        due_at = self.referral.due_at
        return self.left is not None and due_at is not None and due_at < clock.now()

    @property
    def why(self) -> str:
        """Why it stands where it does in the experts' list."""
        if self.awaits_live or self.awaits_booked:
            return ""
        return words.why_here(self.referral, clock.now())

    @property
    def awaits_live(self) -> bool:
        return self.referral.is_live and self.referral.status is ReferralStatus.SENT

    @property
    def asked_now(self) -> Asked | None:
        return self.asked_live[-1] if self.awaits_live and self.asked_live else None

    @property
    def awaits_booked(self) -> bool:
        """An appointment lies ahead."""
        return self.referral.is_open and self.booked is not None and self.booked[0].is_ahead

    @property
    def may_begin(self) -> bool:
        return self.booked is not None and clock.now() >= self.booked[1].starts_at - EARLY

    @property
    def is_booked_time(self) -> bool:
        return self.booked is not None and clock.now() >= self.booked[1].starts_at

    @property
    def may_call_again(self) -> bool:
        return self.booked is not None and self.booked[0].may_not_have_rung(clock.now())

    @property
    def is_shared(self) -> bool:
        """Whether other teams were asked with this one."""
        kinds = {message.kind for message, _author in self.said}
        return self.referral.invited_by is not None or bool(kinds & {"invited", "side"})

    @property
    def has_mail(self) -> bool:
        """Whether an expert wrote by mail what may be the answer."""
        return any(message.kind == BY_MAIL for message, _author in self.said)

    @property
    def handed_by(self) -> str:
        """Who handed it to the one who has it and has not opened it yet."""
        if self.referral.handed_at is None:
            return ""
        givers = [author for message, author in self.said if message.kind == "handed"]
        return givers[-1] if givers else ""

    @property
    def asker(self) -> str:
        return self.names.get(self.referral.asked_by, "")

    @property
    def taker(self) -> str:
        return self.names.get(self.referral.taken_by or 0, "")

    @property
    def left_in_words(self) -> str:
        if self.left is None:
            return ""
        return words.time_late(-self.left) if self.is_late else words.time_left(self.left)


@dataclass(frozen=True)
class Offer:
    """A team that can be asked: whether it fits the topic, when it would answer, who is there."""

    team: Team
    organisation: Organisation
    fits: bool
    on_duty: Sequence[OnDuty]


@dataclass(frozen=True)
class Panel:
    """The questions about one ticket as the agents' side sees them."""

    ticket: Ticket
    cards: Sequence[Card]
    pressed: Mapping[int, Sequence[StepShown]]  # by question
    mandates: Sequence[tuple[Mandate, Organisation]]
    hidden: Mapping[int, str]  # by question, why its expert does not see it any more
    apart: Mapping[int, str]  # by question, the request of another person it was asked for
    consents: Sequence[tuple[ConsentRequest, Team, Organisation]]  # asked for by SMS
    live: Sequence[Offer]
    shares: str  # what experts see of the citizen with their permission, in words
    has_slots: bool  # some expert can be had by appointment
    now: datetime

    @property
    def can_ask(self) -> bool:
        return self.ticket.is_open

    @property
    def went_on(self) -> Set[int]:
        """What one team refused and another has been asked since."""
        return {card.referral.after_id for card in self.cards if card.referral.after_id}

    @property
    def can_book(self) -> bool:
        return self.can_ask and self.has_slots


def panel_of(ticket: Ticket) -> Panel:
    now = clock.now()
    cards = cards_of(db.session.scalars(of_ticket(ticket)).all(), Side.ASKER)
    given = db.session.execute(mandates_of(ticket)).all()
    return Panel(
        ticket=ticket,
        cards=cards,
        hidden=_hidden(cards, {mandate.id: mandate for mandate, _organisation in given}),
        apart=_apart(cards),
        pressed=climbed([(card.referral, card.team) for card in cards]),
        mandates=given,
        consents=db.session.execute(asked_about(ticket)).all(),
        live=_live_offers(
            ticket.topic_id, asked={card.team.id for card in cards if card.awaits_live}
        ),
        shares=disclosing.in_words(disclosing.needed(ticket)),
        has_slots=db.session.scalar(any_free(now)) is True,
        now=now,
    )


def _apart(cards: Sequence[Card]) -> dict[int, str]:
    return {
        card.referral.id: request_of(card.referral).reference
        for card in cards
        if is_of_another(card.referral)
    }


def _hidden(cards: Sequence[Card], given: Mapping[int, Mandate]) -> dict[int, str]:
    """Open questions about a topic that the permission they were asked under is not for."""
    hidden = {}
    for referral in (card.referral for card in cards if card.referral.is_open):
        mandate = given.get(referral.mandate_id or 0)
        ticket = db.session.get_one(Ticket, (referral.centre_id, referral.shown_ticket_id))
        if mandate is not None and not mandate.covers(ticket.topic_id):
            hidden[referral.id] = out_of_scope(ticket)
    return hidden


def _live_offers(topic_id: int | None, *, asked: Set[int]) -> list[Offer]:
    """Who is on duty now, but for the teams that are being asked already."""
    shifts = ready()
    if not shifts:
        return []
    return [offer for offer in live_of(_offers(topic_id, shifts)) if offer.team.id not in asked]


def live_of(offers: Sequence[Offer]) -> list[Offer]:
    """Who is on duty for the topic; whoever is, if no team is for it."""
    nobody_fits = not any(offer.fits for offer in offers)
    return [offer for offer in offers if offer.on_duty and (offer.fits or nobody_fits)]


def offers_for(topic_id: int | None) -> list[Offer]:
    """Every team that can be asked, those that fit the topic first."""
    return _offers(topic_id, ready())


def _offers(topic_id: int | None, shifts: Sequence[Ready]) -> list[Offer]:
    rows = db.session.execute(teams_fitting(topic_id)).all()
    duty = on_duty([team for team, _organisation, _rank in rows], shifts, clock.now())
    return [
        Offer(team, organisation, rank is not None, duty.get(team.id, ()))
        for team, organisation, rank in rows
    ]


def cards_of(referrals: Sequence[Referral], side: Side) -> list[Card]:
    if not referrals:
        return []
    ids = [referral.id for referral in referrals]
    about = {row[0]: row for row in db.session.execute(shown_with(ids))}
    said = _said_by_referral(ids, side)
    names, asked, booked = _names(referrals), _asked_live(referrals), _booked(ids)
    return [
        _card(
            each,
            about[each.id],
            names,
            said.get(each.id, ()),
            asked.get(each.id, ()),
            booked.get(each.id),
        )
        for each in referrals
    ]


def _card(
    referral: Referral,
    about: tuple[int, Team, Organisation, Topic | None, int | None],
    names: Mapping[int, str],
    said: Sequence[Said],
    asked_live: Sequence[Asked],
    booked: Booked | None,
) -> Card:
    _id, team, organisation, topic, held_id = about
    return Card(
        referral=referral,
        team=team,
        organisation=organisation,
        topic=topic.label_in(language()) if topic else "",
        names=names,
        said=said,
        asked_live=asked_live,
        booked=booked,
        is_leaving=held_id is not None,
        left=_left(referral, team),
        paused_left=_kept(referral.remaining_seconds),
    )


def _left(referral: Referral, team: Team) -> timedelta | None:
    if not referral.is_open or referral.due_at is None:
        return None
    now = clock.now()
    if referral.is_live and referral.taken_at is None:
        return referral.due_at - now
    return rules.remaining(hours_of(team), now, referral.due_at)


def _kept(seconds: int | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def _said_by_referral(referral_ids: Sequence[int], side: Side) -> dict[int, list[Said]]:
    said: dict[int, list[Said]] = {}
    for message, author in db.session.execute(messages_of(referral_ids, side)):
        said.setdefault(message.referral_id, []).append((message, author))
    return said


def _asked_live(referrals: Sequence[Referral]) -> dict[int, list[Asked]]:
    live = [referral.id for referral in referrals if referral.is_live]
    asked: dict[int, list[Asked]] = {}
    for offer, name in db.session.execute(offers_of(live)) if live else ():
        asked.setdefault(offer.referral_id, []).append((offer, name))
    return asked


def _booked(referral_ids: Sequence[int]) -> dict[int, Booked]:
    """Of each question the appointment that was made last."""
    rows = db.session.execute(bookings_of(referral_ids)).all()
    return {booking.referral_id: (booking, slot, name) for booking, slot, name in rows}


def _names(referrals: Sequence[Referral]) -> dict[int, str]:
    ids = {each.asked_by for each in referrals} | {each.taken_by or 0 for each in referrals}
    return dict(iter(db.session.execute(people_named(ids))))
