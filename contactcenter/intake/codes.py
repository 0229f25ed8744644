"""The follow-up code of a contact: made again whenever it is shown, and stored nowhere."""

import hashlib
import hmac

from flask import current_app

from contactcenter.tickets.references import ALPHABET, CODE_LENGTH


def code_of(centre_id: int, interaction_id: int) -> str:
    """The code of one contact: only who holds this installation's secret key can make it."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    named = f"follow-up:{centre_id}:{interaction_id}".encode()
    number = int.from_bytes(hmac.digest(secret, named, hashlib.sha256), "big")
    drawn = ""
    for _place in range(CODE_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        drawn += ALPHABET[rest]
    return f"{drawn[:4]}-{drawn[4:]}"
