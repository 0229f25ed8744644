"""What a form carries so that it is sent once: a seal with a number of its own and its hour."""

import secrets
from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from contactcenter import clock


@dataclass(frozen=True)
class FormToken:
    nonce: str
    opened_at: float  # seconds since 1970

    @property
    def open_seconds(self) -> float:
        return clock.now().timestamp() - self.opened_at


def new_token() -> str:
    return str(_seal().dumps([secrets.token_hex(16), clock.now().timestamp()]))


def read_token(written: str) -> FormToken | None:
    """None for what we have not sealed."""
    try:
        nonce, opened_at = _seal().loads(written)
    except (BadData, TypeError, ValueError):
        return None
    return FormToken(nonce, opened_at)


def _seal() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="form of the web door")
