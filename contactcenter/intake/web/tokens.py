"""What a form carries so that it is sent once: a seal with a number of its own and its hour."""

import secrets
from dataclasses import dataclass

from flask import current_app
from itsdangerous import BadData, Signer

from contactcenter import clock

AGAIN = "again"


@dataclass(frozen=True)
class FormToken:
    nonce: str
    opened_at: float  # seconds since 1970
    is_again: bool = False  # the form came back to be corrected: it has been read

    @property
    def open_seconds(self) -> float:
        return clock.now().timestamp() - self.opened_at


def new_token() -> str:
    """Its number comes first: what was accepted is found again by it."""
    written = f"{secrets.token_hex(16)}-{clock.now().timestamp():.3f}"
    return _seal().sign(written).decode()


def token_again(written: str) -> str:
    """Of a form shown again with what is to correct: its number, and that it has been read."""
    token = read_token(written) or read_token(new_token())
    assert token is not None  # sealed here
    return _seal().sign(f"{token.nonce}-{token.opened_at:.3f}-{AGAIN}").decode()


def read_token(written: str) -> FormToken | None:
    """None for what we have not sealed."""
    try:
        nonce, opened_at, *again = _seal().unsign(written).decode().split("-")
        return FormToken(nonce, float(opened_at), is_again=again == [AGAIN])
    except (BadData, ValueError):
        return None


def _seal() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], salt="form of the web door")
