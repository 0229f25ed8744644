"""The REST side of the telephone operator, at its own address or at the one we are told."""

from typing import Any
from urllib.parse import urlsplit

import requests
from flask import current_app
from requests.exceptions import ConnectTimeout
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from urllib3.exceptions import NewConnectionError

from config import Settings

PATIENCE_SECONDS = 10
TOO_MANY = 429
NOT_FOUND = 404
BROKEN = 500
UNAUTHORISED = 401
WRONG_TOKEN = 20003
NOT_IN_PROGRESS = 21220


class NoAccount(RuntimeError):
    """No account is set: what waits to be sent waits on."""


class Elsewhere(TwilioHttpClient):
    """Sends every request to another scheme and host, its path unchanged."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=PATIENCE_SECONDS)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, **more: Any) -> Any:
        asked = urlsplit(url)
        there = asked._replace(
            scheme=self._base.scheme,
            netloc=self._base.netloc,
            path=self._base.path.rstrip("/") + asked.path,
        )
        return super().request(method, there.geturl(), **more)


def client() -> Client:
    """Raises NoAccount. During a change of tokens the first is the one we sign with."""
    settings: Settings = current_app.config["SETTINGS"]
    token = _token(settings)
    if not has_account(settings):
        raise NoAccount("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set")
    base = settings.twilio_api_base
    http = Elsewhere(base) if base else TwilioHttpClient(timeout=PATIENCE_SECONDS)
    return Client(settings.twilio_account_sid, token, http_client=http)


def fetch(place: str, most: int) -> bytes:
    """What the operator keeps for us at this path, cut at so many bytes. Raises OSError, NoAccount.

    It sends on to where the file lies; our token does not go there.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if not has_account(settings):
        raise NoAccount("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set")
    address = (settings.twilio_api_base or "https://api.twilio.com").rstrip("/") + place
    account = (settings.twilio_account_sid, _token(settings))
    with requests.get(address, auth=account, timeout=PATIENCE_SECONDS, stream=True) as answer:
        answer.raise_for_status()
        return bytes(answer.raw.read(most, decode_content=True))


def has_account(settings: Settings) -> bool:
    return bool(settings.twilio_account_sid and _token(settings))


def _token(settings: Settings) -> str:
    return settings.twilio_auth_token.split(",")[0].strip()


def was_not_reached(broken: OSError) -> bool:
    """Whether no connection was made, so that nothing can have been asked."""
    cause = broken.args[0] if broken.args else None
    unreached = isinstance(getattr(cause, "reason", None), NewConnectionError)
    return isinstance(broken, ConnectTimeout) or unreached


def was_made(broken: Exception) -> bool:
    """Whether the operator may ring all the same, though it did not say so."""
    if isinstance(broken, TwilioRestException):
        return int(broken.status) >= BROKEN
    return isinstance(broken, OSError) and not was_not_reached(broken)


def is_gone(refused: TwilioRestException) -> bool:
    """Whether the call that was to be changed is over."""
    return refused.status == NOT_FOUND or refused.code == NOT_IN_PROGRESS


def is_of_account(refused: TwilioRestException) -> bool:
    """Whether our account was refused, and not what it asked for."""
    return refused.status == UNAUTHORISED or refused.code == WRONG_TOKEN


def is_final(refused: TwilioRestException) -> bool:
    """Whether asking again would be refused again, with the same words and a right token."""
    passes = refused.status == TOO_MANY or is_of_account(refused)
    return 400 <= int(refused.status) < 500 and not passes
