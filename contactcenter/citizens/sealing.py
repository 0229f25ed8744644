"""Fields that only this installation can read: AES-256-GCM, with keys that can be changed.

A sealed field names its key, so that old ones still open while `reseal-fields` writes them anew
under the first. What it belongs to is sealed with it: put into another row, it does not open.
"""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

_NAME_BYTES, _NONCE_BYTES, _KEY_BYTES = 4, 12, 32


class Unreadable(Exception):
    """None of the keys opens it, or it was sealed for something else."""


def seal(words: str, about: str) -> str:
    key = _keys()[0]
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, words.encode(), about.encode())
    return base64.urlsafe_b64encode(_name(key) + nonce + sealed).decode()


def unseal(sealed: str, about: str) -> str:
    """Raises Unreadable."""
    whole = base64.urlsafe_b64decode(sealed)
    name, rest = whole[:_NAME_BYTES], whole[_NAME_BYTES:]
    for key in _keys():
        if _name(key) == name:
            try:
                opened = AESGCM(key).decrypt(
                    rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], about.encode()
                )
            except InvalidTag as broken:
                raise Unreadable from broken
            return opened.decode()
    raise Unreadable


def is_current(sealed: str) -> bool:
    return base64.urlsafe_b64decode(sealed)[:_NAME_BYTES] == _name(_keys()[0])


def _keys() -> list[bytes]:
    """The keys of the installation, the one that seals first.

    Without any, one that follows from the secret key: then that one must never be changed.
    """
    given = str(current_app.config["SETTINGS"].field_keys).split(",")
    words = [word.strip() for word in given if word.strip()]
    secret = str(current_app.config["SECRET_KEY"])
    return [_stretched(word) for word in words or [secret]]


def _stretched(word: str) -> bytes:
    return hashlib.blake2b(word.encode(), digest_size=_KEY_BYTES, person=b"sealed fields").digest()


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"name of " + key).digest()[:_NAME_BYTES]
