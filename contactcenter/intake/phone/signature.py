"""Whether a request comes from our Twilio account: its signature, and a trace of those without.

The address is rebuilt from our own settings: what a proxy or a stranger says about the host would
let anyone choose what is checked. The form is checked as it came, repeated fields included.
"""

import hashlib
import logging
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec
from urllib.parse import urlsplit

import click
from flask import Response, current_app, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from twilio.request_validator import RequestValidator

from config import Settings
from contactcenter import clock
from contactcenter.links import public_url
from contactcenter.receipts import actions as receipts
from contactcenter.receipts.models import Door, Fate

P = ParamSpec("P")


def signed(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Refuse with 403 whatever our account did not sign, before anything else is read."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if not is_signed():
            leave_trace("no valid signature")
            return Response("signature refused\n", 403, content_type="text/plain")
        return view(*args, **kwargs)

    return checked


def leave_trace(problem: str) -> None:
    """Note a refused request: one row a minute for each path and sender, whatever comes."""
    minute = clock.now().replace(second=0, microsecond=0)
    told = f"{request.path} {request.remote_addr} {minute.isoformat()} {problem}"
    receipt = receipts.claim(Door.PHONE, f"refused:{hashlib.sha256(told.encode()).hexdigest()}")
    if receipt is not None:
        receipts.settle(receipt, Fate.REJECTED, problem=f"{request.path}: {problem}")


def warn_without_token(state: BlueprintSetupState) -> None:
    """Say at the start that no call will get through; commands that start no server keep quiet."""
    context = click.get_current_context(silent=True)
    serves = context is None or context.info_name == "run"
    if serves and not state.app.config["SETTINGS"].twilio_auth_token:
        logging.getLogger(__name__).warning(
            "TWILIO_AUTH_TOKEN is not set: every call and text is refused at /phone"
        )


def is_signed() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    given = request.headers.get("X-Twilio-Signature", "")
    tokens = (token.strip() for token in settings.twilio_auth_token.split(","))
    asked = _as_asked()
    return any(
        RequestValidator(token).validate(asked, request.form, given) for token in tokens if token
    )


def _as_asked() -> str:
    raw = urlsplit(str(request.environ.get("RAW_URI") or request.full_path.rstrip("?")))
    return public_url(raw.path + (f"?{raw.query}" if raw.query else ""))
