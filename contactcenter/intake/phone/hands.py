"""What we ask of Twilio: move a caller, bring in an agent, hang up. Asked twice, it is done once.

No row is held meanwhile: Twilio may ask us about the same call before it answers.
"""

from datetime import datetime
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


def bring_agent(call: PhoneCall, telephone: str) -> str:
    """Ring the agent's telephone into the conference; the id of that call.

    A number may be picked up by a voicemail, so it is asked for a key first.
    """
    line = db.session.get_one(Line, (call.centre_id, call.line_id))
    name = conference_name(call)
    if not telephone.startswith(SOFTWARE):
        rung = carrier.client().calls.create(
            from_=line.number,
            to=telephone,
            url=public_url(f"/phone/post-key?conference={name}"),
            method=POST,
            timeout=AGENT_RINGS_SECONDS,
            status_callback=public_url(f"/phone/agent-leg?conference={name}"),
            status_callback_event=["completed"],
        )
        return str(rung.sid or "")
    participant = (
        carrier.client()
        .conferences(name)
        .participants.create(
            from_=line.number,
            to=telephone,
            label="agent",
            timeout=AGENT_RINGS_SECONDS,
            beep="false",
            start_conference_on_enter=True,
            end_conference_on_exit=False,
            status_callback=public_url(f"/phone/agent-leg?conference={name}"),
            status_callback_event=["completed"],
            conference_status_callback=conference_events(),
            conference_status_callback_event=EVENTS.split(),
        )
    )
    return str(participant.call_sid or "")


def call_citizen(call: PhoneCall) -> str:
    """Ring who was promised it into the agent's conference; the id of that call."""
    line = db.session.get_one(Line, (call.centre_id, call.line_id))
    name = conference_name(call)
    participant = (
        carrier.client()
        .conferences(name)
        .participants.create(
            from_=line.number,
            to=call.caller,
            label="citizen",
            timeout=CITIZEN_RINGS_SECONDS,
            beep="false",
            end_conference_on_exit=False,
            status_callback=public_url(f"/phone/citizen-leg?conference={name}"),
            status_callback_event=["completed"],
        )
    )
    return str(participant.call_sid or "")


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
