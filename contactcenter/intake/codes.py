"""The follow-up code of a contact: made again whenever it is shown, and stored nowhere.

It has two forms: eight signs to read and write, and digits for the keys of a telephone, which have
no letters that can be told apart.
"""

import hashlib
import hmac
import re

from flask import current_app

from contactcenter.tickets.references import ALPHABET, CODE_LENGTH

PROOF = 7  # digits
MOST_DIGITS = 15  # of the contact's own number
_SIGNS = re.compile(rf"[{ALPHABET}]{{4}}[ .–-]?[{ALPHABET}]{{4}}")
_KEYS = re.compile(r"[0-9](?:[ .-]?[0-9]){7,21}")


def code_of(centre_id: int, interaction_id: int) -> str:
    """The code of one contact: only who holds this installation's secret key can make it."""
    number = _number(f"follow-up:{centre_id}:{interaction_id}")
    drawn = ""
    for _place in range(CODE_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        drawn += ALPHABET[rest]
    return f"{drawn[:4]}-{drawn[4:]}"


def keys_of(centre_id: int, interaction_id: int) -> str:
    """The same for a telephone's keys: which contact, then a proof of seven digits."""
    proof = _number(f"follow-up keys:{centre_id}:{interaction_id}") % 10**PROOF
    return f"{interaction_id}{proof:0{PROOF}d}"


def in_fours(keys: str) -> str:
    """As it is printed: four digits at a time are typed without losing one's place."""
    return " ".join(keys[at : at + 4] for at in range(0, len(keys), 4))


def contact_of(centre_id: int, typed: str) -> int | None:
    """The contact whose keys these are; None for any others."""
    keys = re.sub(r"[^0-9]", "", typed)
    named = keys[:-PROOF].lstrip("0")
    if not named or len(named) > MOST_DIGITS:
        return None
    right = keys_of(centre_id, int(named))
    return int(named) if hmac.compare_digest(right, named + keys[-PROOF:]) else None


def looks_like_a_code(words: str) -> bool:
    """Whether a text is nothing but a code, in either form."""
    return bool(_SIGNS.fullmatch(words.strip().upper()) or _KEYS.fullmatch(words.strip()))


def _number(named: str) -> int:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return int.from_bytes(hmac.digest(secret, named.encode(), hashlib.sha256), "big")
