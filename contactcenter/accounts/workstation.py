"""Who used this shared workstation today, so that they come back in five seconds.

The browser keeps the addresses and could claim any: nothing is looked up for them, they only fill
in a field of the sign-in page.
"""

from flask import current_app, request
from werkzeug.wrappers import Response

COOKIE = "last"
KEPT_SECONDS = 12 * 3600
MOST = 6
SEPARATOR = "|"


def emails() -> list[str]:
    """Addresses that signed in here today, the latest first."""
    written = request.cookies.get(COOKIE, "")[:2000].split(SEPARATOR)
    return [email for email in written if "@" in email][:MOST]


def remember(response: Response, email: str) -> None:
    latest = [email, *(known for known in emails() if known != email)][:MOST]
    response.set_cookie(
        COOKIE,
        SEPARATOR.join(latest),
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SETTINGS"].secure_cookies,
    )
