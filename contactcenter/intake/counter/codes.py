"""The follow-up code of a visit: made again whenever it is printed, and stored nowhere."""

import hashlib
import hmac

from flask import current_app

from contactcenter.queues.models import Visit
from contactcenter.tickets.references import ALPHABET, CODE_LENGTH, hash_code


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


def code_to_print(visit: Visit) -> str | None:
    """The code given with this visit; None if the secret key has changed since."""
    if visit.interaction_id is None:
        return None
    code = code_of(visit.centre_id, visit.interaction_id)
    return code if hash_code(code) == visit.follow_up_hash else None
