"""What we ask of Twilio: move a caller, bring in an agent, hang up. Asked twice, it is done once.

No row is held meanwhile: Twilio may ask us about the same call before it answers.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from twilio.base.exceptions import TwilioRestException

from contactcenter.db import db
from contactcenter.directory.models import Line
from contactcenter.intake.phone.models import PhoneCall
from contactcenter.intake.phone.script import (
    EVENTS,
    POST,
    conference_events,
    conference_name,
    of_leg,
)
from contactcenter.links import public_url
from contactcenter.notices import carrier

Ring = Callable[[], str]  # asks the operator to ring, and returns the id of that call

SOFTWARE = "client:"  # a telephone in a program: nobody else picks it up
AGENT_RINGS_SECONDS = 20
CITIZEN_RINGS_SECONDS = 25
OVER = {"completed", "busy", "failed", "no-answer", "canceled"}


class CallerGone(Exception):
    """The caller hung up before they could be put through."""


def move_caller(call: PhoneCall) -> None:
    """Take the caller out of the line into the conference. Raises CallerGone."""
    client, url = carrier.client(), of_leg("/phone/conference", call)
    try:
        if call.queue_sid is not None and _took_out(client, call, url):
            return
        client.calls(call.call_sid).update(url=url, method=POST)
    except TwilioRestException as refused:
        if carrier.is_gone(refused):
            raise CallerGone from refused
        raise


def agent_ring(call: PhoneCall, telephone: str) -> Ring:
    """What rings the agent's telephone into the conference.

    A number may be picked up by a voicemail, so it is asked for a key first.
    """
    name = conference_name(call)
    if telephone.startswith(SOFTWARE):
        return partial(
            _ring_in,
            name,
            **_ringing(call, telephone, AGENT_RINGS_SECONDS, "agent-leg"),
            label="agent",
            start_conference_on_enter=True,
            conference_status_callback=conference_events(),
            conference_status_callback_event=EVENTS.split(),
        )
    return partial(
        _ring,
        **_ringing(call, telephone, AGENT_RINGS_SECONDS, "agent-leg"),
        url=public_url(f"/phone/post-key?conference={name}"),
        method=POST,
    )


def citizen_ring(call: PhoneCall) -> Ring:
    """What rings who was promised it into the agent's conference."""
    return partial(
        _ring_in,
        conference_name(call),
        **_ringing(call, call.caller or "", CITIZEN_RINGS_SECONDS, "citizen-leg"),
        label="citizen",
    )


def set_hold(call: PhoneCall, *, held: bool) -> None:
    """Let the caller hear music alone, or the talk again; one who is gone is left."""
    client = carrier.client()
    try:
        conference = call.conference_sid or _conference_sid(client, call)
        if conference is not None:
            client.conferences(conference).participants(call.call_sid).update(
                hold=held,
                hold_url=public_url(f"/phone/hold?conference={conference_name(call)}"),
                hold_method=POST,
            )
    except TwilioRestException as refused:
        if not carrier.is_gone(refused):
            raise


def send_on(call: PhoneCall) -> None:
    """Take the caller out of the conference into the next line. Raises CallerGone."""
    try:
        carrier.client().calls(call.call_sid).update(
            url=of_leg("/phone/conference", call), method=POST
        )
    except TwilioRestException as refused:
        if carrier.is_gone(refused):
            raise CallerGone from refused
        raise


def ended_at(call: PhoneCall) -> datetime | None:
    """When the operator says this call ended; None while it lasts, as far as is known there.

    Its answer may be late, never early: what it calls over is over. A call it does not know ended
    when we last heard of it.
    """
    try:
        known = carrier.client().calls(call.call_sid).fetch()
    except TwilioRestException as refused:
        if carrier.is_gone(refused):
            return call.heard_at
        raise
    if known.status not in OVER:
        return None
    return known.end_time or call.heard_at


def is_there(call: PhoneCall, agent_sid: str) -> bool:
    """Whether the operator has this telephone in the conference of the call."""
    client = carrier.client()
    conference = call.conference_sid or _conference_sid(client, call)
    if conference is None:
        return False
    try:
        return bool(client.conferences(conference).participants(agent_sid).fetch().call_sid)
    except TwilioRestException as refused:
        if carrier.is_gone(refused):
            return False
        raise


def hang_up(call_sid: str) -> None:
    """End one telephone's call; one that is over already is as good."""
    try:
        carrier.client().calls(call_sid).update(status="completed")
    except TwilioRestException as refused:
        if not carrier.is_gone(refused):
            raise


def _ringing(call: PhoneCall, to: str, seconds: int, door: str) -> dict[str, Any]:
    line = db.session.get_one(Line, (call.centre_id, call.line_id))
    return {
        "from_": line.number,
        "to": to,
        "timeout": seconds,
        "status_callback": public_url(f"/phone/{door}?conference={conference_name(call)}"),
        "status_callback_event": ["completed"],
    }


def _ring(**how: Any) -> str:
    return str(carrier.client().calls.create(**how).sid or "")


def _ring_in(name: str, **how: Any) -> str:
    participants = carrier.client().conferences(name).participants
    rung = participants.create(beep="false", end_conference_on_exit=False, **how)
    return str(rung.call_sid or "")


def _conference_sid(client: Any, call: PhoneCall) -> str | None:
    """Of a conference whose beginning we were not told of."""
    found = client.conferences.list(friendly_name=conference_name(call), limit=1)
    return str(found[0].sid) if found else None


def _took_out(client: Any, call: PhoneCall, url: str) -> bool:
    """False if the caller is not in that queue (any more): they may still be on the line."""
    try:
        client.queues(call.queue_sid).members(call.call_sid).update(url=url, method=POST)
    except TwilioRestException as refused:
        if carrier.is_gone(refused):
            return False
        raise
    return True
