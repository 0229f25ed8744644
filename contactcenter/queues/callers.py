"""A number becomes a key: it counts people, not attempts, and tells nobody whose number it was."""

import hashlib
import hmac

from flask import current_app

from contactcenter.db import current_centre


def caller_key(number: str) -> str:
    """Key of a phone number (E.164) in the current centre, the same at each attempt."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    named = f"caller:{current_centre()}:{number}".encode()
    return hmac.new(secret, named, hashlib.sha256).hexdigest()[:32]
