"""Ids as Twilio makes them: two letters for the kind, then 32 signs nobody can guess."""

import secrets


def new_sid(kind: str) -> str:
    return kind + secrets.token_hex(16)
