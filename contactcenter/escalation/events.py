"""What happened to a question, a permission or a paper, in the past tense."""

from dataclasses import dataclass

from contactcenter.events import Event


@dataclass(frozen=True, kw_only=True)
class MandateRecorded(Event):
    """The citizen allowed their data to be shared with an organisation."""

    ticket_id: int
    mandate_id: int
    for_organisation_id: int


@dataclass(frozen=True, kw_only=True)
class MandateRevoked(Event):
    """The citizen took the permission back, or is not who the request is of; nothing is shared."""

    ticket_id: int
    mandate_id: int
    for_organisation_id: int
    is_of_former: bool = False  # whom the request is of now did not give it, and is told nothing


@dataclass(frozen=True, kw_only=True)
class MandateReceiptGiven(Event):
    """The citizen was given in writing what they allowed: printed, or by mail or SMS."""

    ticket_id: int
    mandate_id: int
    means: str


@dataclass(frozen=True, kw_only=True)
class ReferralEvent(Event):
    ticket_id: int
    referral_id: int
    team_id: int


@dataclass(frozen=True, kw_only=True)
class ReferralAsked(ReferralEvent):
    """A team was asked; its clock runs in its own hours."""

    is_live: bool
    is_booked: bool = False


@dataclass(frozen=True, kw_only=True)
class BookingEvent(ReferralEvent):
    booking_id: int


@dataclass(frozen=True, kw_only=True)
class ConsultBooked(BookingEvent):
    """An appointment with an expert was made for a question."""


@dataclass(frozen=True, kw_only=True)
class BookingConfirmed(BookingEvent):
    """The expert says that they will be there."""


@dataclass(frozen=True, kw_only=True)
class BookingBegun(BookingEvent):
    """The expert is there; by phone both telephones are rung."""


@dataclass(frozen=True, kw_only=True)
class BookingEnded(BookingEvent):
    """Missed, cancelled or changed for another slot, as `status` says."""

    status: str


@dataclass(frozen=True, kw_only=True)
class LiveOffered(ReferralEvent):
    """A person on duty was asked to take a live question; who was asked before did not."""

    to_person_id: int


@dataclass(frozen=True, kw_only=True)
class ReferralTaken(ReferralEvent): ...


@dataclass(frozen=True, kw_only=True)
class ReferralAnswered(ReferralEvent): ...


@dataclass(frozen=True, kw_only=True)
class PrecisionAsked(ReferralEvent):
    """The team asks back: its clock stands still and the next move is the agent's."""


@dataclass(frozen=True, kw_only=True)
class PrecisionGiven(ReferralEvent):
    """The agent answered the team: its clock goes on."""


@dataclass(frozen=True, kw_only=True)
class ReferralRefused(ReferralEvent):
    """Not for this team; `code` says why."""

    code: str


@dataclass(frozen=True, kw_only=True)
class ReferralRerouted(ReferralEvent):
    """What another team refused went on to this one by itself; the first clock keeps running."""

    refused_id: int
    from_team_id: int
    hops: int


@dataclass(frozen=True, kw_only=True)
class ReferralHandedOver(ReferralEvent):
    """Who held it is not there: a colleague has it now, or the team, or the fallback team."""

    from_team_id: int
    from_person_id: int | None
    to_person_id: int | None


@dataclass(frozen=True, kw_only=True)
class ReferralHandedOn(ReferralEvent):
    """An expert handed it to a colleague of the same team; one of many is told with the others."""

    from_person_id: int | None
    to_person_id: int
    is_one_of_many: bool = False


@dataclass(frozen=True, kw_only=True)
class CoverageLost(Event):
    """A team has open questions and nobody to answer them."""

    team_id: int
    alarm_id: int
    questions: int


@dataclass(frozen=True, kw_only=True)
class ReferralWithdrawn(ReferralEvent): ...


@dataclass(frozen=True, kw_only=True)
class ReferralPutAgain(ReferralEvent):
    """The end of the matter was taken back, and with it the withdrawal of this question."""


@dataclass(frozen=True, kw_only=True)
class ReferralExpired(ReferralEvent):
    """No answer came, for so long that none will; or the permission to share ended first."""


@dataclass(frozen=True, kw_only=True)
class ReferralChased(ReferralEvent):
    """The agent asks again: the next step of the ladder comes sooner, the deadline stays."""


@dataclass(frozen=True, kw_only=True)
class ReferralWroteByMail(ReferralEvent):
    """An expert answered the notice by mail: words to the agent, not yet the answer."""


@dataclass(frozen=True, kw_only=True)
class ReferralNoted(ReferralEvent):
    """A private note: it stays on the side that wrote it."""


@dataclass(frozen=True, kw_only=True)
class TeamInvited(ReferralEvent):
    """An expert asks a team of another organisation as well."""

    to_team_id: int


@dataclass(frozen=True, kw_only=True)
class SideWritten(ReferralEvent):
    """Words among experts: the centre's side does not see them."""


@dataclass(frozen=True, kw_only=True)
class LateSidePressed(ReferralEvent):
    """A step of the ladder was climbed."""

    step: int
    press: str


@dataclass(frozen=True, kw_only=True)
class PressureCalledOff(ReferralEvent):
    """A manager decided to press no further; the deadline stays as it is."""


@dataclass(frozen=True, kw_only=True)
class ReferralRead(ReferralEvent):
    """A referent opened the question."""


@dataclass(frozen=True, kw_only=True)
class PaperRead(ReferralEvent):
    """A referent opened a paper that was sent along."""

    attachment_id: int


@dataclass(frozen=True, kw_only=True)
class SolvedSaid(Event):
    """The citizen said, some weeks later, whether it is solved."""

    ticket_id: int
    is_solved: bool


@dataclass(frozen=True, kw_only=True)
class IdentifierRead(ReferralEvent):
    """An expert had a whole number shown, and said why; the number itself is told nowhere."""

    identifier_kind: str
