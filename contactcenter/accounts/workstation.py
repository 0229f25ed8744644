"""Who used this shared workstation today, so that they come back in five seconds.

The browser keeps the addresses and could claim any: nothing is looked up for them, they only fill
in a field of the sign-in page. What it cannot claim, because we signed it, is that an account was
opened in it: its owner is then not held up by what strangers try beside them.
"""

import secrets

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from contactcenter.accounts.passwords import hash_token
from contactcenter.accounts.tries import Source, source_of

COOKIE = "last"
KEPT_SECONDS = 12 * 3600
MOST = 6
SEPARATOR = "|"
OPENED = "opened"
OPENED_SECONDS = 180 * 86400
MOST_OPENED = 30


def emails() -> list[str]:
    """Addresses that signed in here today, the latest first."""
    written = request.cookies.get(COOKIE, "")[:2000].split(SEPARATOR)
    return [email for email in written if "@" in email][:MOST]


def remember(response: Response, email: str) -> None:
    latest = [email, *(known for known in emails() if known != email)][:MOST]
    _keep(response, COOKIE, SEPARATOR.join(latest), KEPT_SECONDS)
    browser, opened = _opened()
    account = _short(email)
    here = [account, *(each for each in opened if each != account)][:MOST_OPENED]
    _keep(response, OPENED, _signer().dumps([browser, *here]), OPENED_SECONDS)


def source(email: str) -> Source:
    """Where a try at this account comes from: this browser, if it opened it before."""
    browser, opened = _opened()
    if _short(email) in opened:
        return Source(f"browser {browser}", is_known=True)
    return source_of(request.remote_addr or "")


def _opened() -> tuple[str, list[str]]:
    """The name of this browser, and the accounts it opened, as hashes."""
    try:
        browser, *opened = _signer().loads(request.cookies.get(OPENED, ""), max_age=OPENED_SECONDS)
    except BadSignature:
        return secrets.token_hex(8), []
    return browser, opened


def _short(email: str) -> str:
    return hash_token(email.strip().lower())[:16]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt=OPENED)


def _keep(response: Response, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SETTINGS"].secure_cookies,
    )
