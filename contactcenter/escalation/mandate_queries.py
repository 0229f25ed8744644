"""Questions about permissions to share: which last, which are for a topic, what stands on them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from contactcenter.accounts.models import Organisation
from contactcenter.db import current_centre
from contactcenter.directory.models import Line, Team, Topic
from contactcenter.escalation.models import Mandate, Referral
from contactcenter.tickets.models import Ticket
from contactcenter.tickets.queries import with_merged


def is_shared(now: datetime) -> ColumnElement[bool]:
    """On Referral: asked without identity, or under a permission that lasts and is for its topic.

    What a question is about is what its ticket is about now.
    """
    is_about = exists().where(
        Ticket.centre_id == Referral.centre_id,
        Ticket.id == func.coalesce(Referral.disclosed_as, Referral.ticket_id),
        Mandate.topic_ids.any_() == Ticket.topic_id,
    )
    return or_(
        Referral.mandate_id.is_(None),
        exists().where(
            Mandate.centre_id == Referral.centre_id,
            Mandate.id == Referral.mandate_id,
            Mandate.revoked_at.is_(None),
            Mandate.expires_at > now,
            or_(Mandate.topic_ids == [], is_about),
        ),
    )


def living_mandate(ticket: Ticket, organisation_id: int, now: datetime) -> Select[Mandate]:
    """Permissions that last now and are for what the ticket is about, the longest first."""
    return any_living(ticket.id, organisation_id, now).where(_covers(ticket.topic_id))


def any_living(ticket_id: int, organisation_id: int, now: datetime) -> Select[Mandate]:
    """Those that last now, whatever they are for, the longest first."""
    return (
        select(Mandate)
        .where(
            Mandate.centre_id == current_centre(),
            Mandate.ticket_id == ticket_id,
            Mandate.organisation_id == organisation_id,
            *_lasts(now),
        )
        .order_by(Mandate.expires_at.desc())
    )


def organisations_allowed(ticket: Ticket, now: datetime) -> Select[int]:
    """The organisations with which this ticket may be shared now."""
    return organisations_named(ticket, now).where(_covers(ticket.topic_id))


def organisations_named(ticket: Ticket, now: datetime) -> Select[int]:
    """Those that a permission which lasts names, whatever it is for."""
    return select(Mandate.organisation_id).where(
        Mandate.centre_id == ticket.centre_id, Mandate.ticket_id == ticket.id, *_lasts(now)
    )


def lasting_of(ticket: Ticket, now: datetime) -> Select[Mandate]:
    """Every permission that lasts for this request, in the order in which they were given."""
    return (
        select(Mandate)
        .where(Mandate.centre_id == ticket.centre_id, Mandate.ticket_id == ticket.id, *_lasts(now))
        .order_by(Mandate.id)
    )


def mandates_of(ticket: Ticket) -> Select[Mandate, Organisation]:
    """Also those given for the tickets that were joined to this one: each for its own."""
    return (
        select(Mandate, Organisation)
        .join(Organisation, _of_organisation())
        .where(Mandate.centre_id == ticket.centre_id, Mandate.ticket_id.in_(with_merged(ticket)))
        .order_by(Mandate.given_at.desc(), Mandate.id.desc())
    )


def given_together(mandate: Mandate) -> Select[Mandate, Organisation]:
    """What was allowed in one breath, with whom: what one receipt tells."""
    first = mandate.given_with or mandate.id
    return (
        select(Mandate, Organisation)
        .join(Organisation, _of_organisation())
        .where(
            Mandate.centre_id == mandate.centre_id,
            or_(Mandate.id == first, Mandate.given_with == first),
        )
        .order_by(Organisation.name, Mandate.id)
    )


def partners() -> Select[Organisation]:
    """With whom data can be shared."""
    return (
        select(Organisation)
        .where(Organisation.centre_id == current_centre(), ~Organisation.is_own)
        .order_by(Organisation.name, Organisation.id)
    )


def first_line() -> Select[str]:
    """The number under which the centre is called."""
    return select(Line.number).where(Line.centre_id == current_centre()).order_by(Line.id).limit(1)


def topics_in_use() -> Select[Topic]:
    return (
        select(Topic)
        .where(Topic.centre_id == current_centre(), Topic.is_active)
        .order_by(Topic.organisation_id, Topic.code)
    )


def topics_named(topic_ids: Sequence[int]) -> Select[Topic]:
    return (
        select(Topic)
        .where(Topic.centre_id == current_centre(), Topic.id.in_(topic_ids))
        .order_by(Topic.code)
    )


def open_under(mandate: Mandate) -> Select[Referral]:
    return select(Referral).where(
        Referral.centre_id == mandate.centre_id,
        Referral.mandate_id == mandate.id,
        Referral.closed_at.is_(None),
    )


def asked_under(mandate_id: int) -> Select[int, int]:
    """Every question that was asked under a permission, and its team."""
    return select(Referral.id, Referral.team_id).where(
        Referral.centre_id == current_centre(), Referral.mandate_id == mandate_id
    )


def open_with(ticket: Ticket, organisation_id: int) -> Select[Referral, Mandate]:
    """Open questions that show this ticket to an organisation, each with its permission."""
    return (
        select(Referral, Mandate)
        .join(Mandate, _of_mandate())
        .where(*_shows(ticket.id), Referral.organisation_id == organisation_id)
    )


def under_permission(ticket_id: int) -> Select[Referral, Mandate, Team]:
    """Open questions that show this ticket, each with its permission and its team, for a change."""
    return (
        select(Referral, Mandate, Team)
        .join(Mandate, _of_mandate())
        .join(Team, and_(Team.centre_id == Referral.centre_id, Team.id == Referral.team_id))
        .where(*_shows(ticket_id))
        .with_for_update(of=Referral)
    )


def _of_mandate() -> ColumnElement[bool]:
    return and_(Mandate.centre_id == Referral.centre_id, Mandate.id == Referral.mandate_id)


def _shows(ticket_id: int) -> tuple[ColumnElement[bool], ...]:
    """On Referral: open, and this ticket is what its team sees."""
    return (
        Referral.centre_id == current_centre(),
        func.coalesce(Referral.disclosed_as, Referral.ticket_id) == ticket_id,
        Referral.closed_at.is_(None),
    )


def _covers(topic_id: int | None) -> ColumnElement[bool]:
    named = [] if topic_id is None else [Mandate.topic_ids.any_() == topic_id]
    return or_(Mandate.topic_ids == [], *named)


def _lasts(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Mandate.revoked_at.is_(None), Mandate.expires_at > now


def _of_organisation() -> ColumnElement[bool]:
    return and_(
        Organisation.centre_id == Mandate.centre_id, Organisation.id == Mandate.organisation_id
    )
