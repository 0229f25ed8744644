"""Which calls nobody spoke of for too long: their ids, for the sweeps that look after them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from contactcenter.db import current_centre
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.queues.models import Visit, VisitState
from contactcenter.tickets.models import Channel

ITS_VISIT = and_(Visit.centre_id == PhoneCall.centre_id, Visit.id == PhoneCall.visit_id)


def calls_to_release(now: datetime, most: int) -> Select[Any]:
    """The ids of calls that rang, or were being connected, for too long."""
    return _in_a_visit(
        most,
        Visit.state == VisitState.RESERVED,
        Visit.channel == Channel.PHONE,
        Visit.reserved_until <= now,
    )


def calls_being_moved(before: datetime, most: int) -> Select[Any]:
    """The ids of calls of which something is missing since then: that the caller, sent to the
    conference, is in it; or of a call that is over, that they ever talked to the agent.
    """
    is_missed = and_(PhoneCall.joined_at.is_(None), PhoneCall.moved_at < before)
    is_alone = and_(PhoneCall.agent_joined_at.is_(None), PhoneCall.ended_at < before)
    return _in_a_visit(
        most,
        # An expert has answered as soon as the question is theirs.
        Visit.state.in_((VisitState.RESERVED, VisitState.SERVING)),
        PhoneCall.accepted_at.is_not(None),
        or_(is_missed, is_alone),
    )


def calls_of_failed_queues(before: datetime, most: int) -> Select[Any]:
    """The ids of calls whose queue failed before then, and that nobody spoke of since."""
    return _in_a_visit(
        most,
        PhoneCall.ended_at.is_(None),
        PhoneCall.failed_at < before,
        Visit.outcome.is_(None),
    )


def promises_picked_up(now: datetime, most: int) -> Select[Any]:
    """The ids of calls of ours of which the agent was to say by now whom they reached."""
    return _in_a_visit(
        most,
        Visit.state == VisitState.RESERVED,
        Visit.reserved_until <= now,
        PhoneCall.promised_until.is_not(None),
        PhoneCall.joined_at.is_not(None),
        PhoneCall.agent_joined_at.is_not(None),
        PhoneCall.reached_at.is_(None),
    )


def agents_being_rung(before: datetime, most: int) -> Select[Any]:
    """The ids of calls whose agent's telephone was neither heard of nor asked after since then."""
    return _in_a_visit(
        most,
        Visit.state == VisitState.RESERVED,
        PhoneCall.ended_at.is_(None),
        PhoneCall.agent_sid.is_not(None),
        PhoneCall.agent_joined_at.is_(None),
        PhoneCall.accepted_at < before,
        or_(PhoneCall.asked_at.is_(None), PhoneCall.asked_at < before),
    )


def talks_without_expert(before: datetime, most: int) -> Select[Any]:
    """The ids of visits whose expert took the question and has not come to the telephone since."""
    found = _in_a_visit(
        most,
        Visit.state == VisitState.SERVING,
        PhoneCall.ended_at.is_(None),
        PhoneCall.agent_joined_at.is_(None),
        PhoneCall.accepted_at < before,
    )
    return found.with_only_columns(Visit.id)


def silent_calls(before: datetime, most: int) -> Select[Any]:
    """The ids of calls in the menu or in line that Twilio has not spoken of since then."""
    return _calls(
        most,
        PhoneCall.ended_at.is_(None),
        PhoneCall.promised_until.is_(None),
        PhoneCall.joined_at.is_(None),
        PhoneCall.moved_at.is_(None),
        PhoneCall.heard_at < before,
    )


def talks_not_heard_of(before: datetime, most: int) -> Select[Any]:
    """The ids of calls answered and not over, of which nothing was heard or asked since then.

    Those of which nothing was heard for longest come first.
    """
    found = _calls(
        most,
        PhoneCall.ended_at.is_(None),
        PhoneCall.joined_at.is_not(None),
        PhoneCall.heard_at < before,
        or_(PhoneCall.asked_at.is_(None), PhoneCall.asked_at < before),
    )
    return found.order_by(None).order_by(PhoneCall.heard_at)


def _in_a_visit(most: int, *wanted: ColumnElement[bool]) -> Select[Any]:
    return _calls(most, *wanted).join(Visit, ITS_VISIT)


def _calls(most: int, *wanted: ColumnElement[bool]) -> Select[Any]:
    """The first `most` of a centre's calls; what is left is found the next time."""
    return (
        select(PhoneCall.id)
        .select_from(PhoneCall)
        .where(PhoneCall.centre_id == current_centre(), *wanted)
        .order_by(PhoneCall.id)
        .limit(most)
    )
