"""Ids of what leaves, which nobody else can make: a guessed one threads into nothing."""

import hashlib
import hmac
import re

from flask import current_app

from contactcenter.accounts.models import Centre
from contactcenter.db import db
from contactcenter.notices.models import Notice

_NOTICE_ID = re.compile(r"n(\d{1,18})\.c(\d{1,18})\.([0-9a-f]{20})@")
_QUESTION_TAG = re.compile(r"\+r(\d{1,18})-([0-9a-f]{20})@")
_REPLY_TAG = re.compile(r"\+t(\d{1,18})-([0-9a-f]{20})@")


def message_id(notice: Notice) -> str:
    """The Message-ID of a notice, without angle brackets; the same each time it is sent."""
    centre = db.session.get_one(Centre, notice.centre_id)
    domain = centre.mail_address.rpartition("@")[2]
    seal = _seal(f"notice:{notice.centre_id}:{notice.id}")
    return f"n{notice.id}.c{notice.centre_id}.{seal}@{domain}"


def notice_named(written_id: str, centre_id: int) -> int | None:
    """The notice of this centre whose Message-ID this is, or None if we did not make it."""
    found = _NOTICE_ID.search(written_id)
    if found is None or int(found[2]) != centre_id:
        return None
    right = _seal(f"notice:{centre_id}:{found[1]}")
    return int(found[1]) if hmac.compare_digest(right, found[3]) else None


def reply_address(address: str, centre_id: int, ticket_id: int) -> str:
    """An address of ours that leads an answer back to its ticket: contact+t7-…@centre.example."""
    name, _at, domain = address.rpartition("@")
    return f"{name}+t{ticket_id}-{_seal(f'ticket:{centre_id}:{ticket_id}')}@{domain}"


def ticket_tagged(address: str, centre_id: int) -> int | None:
    """The ticket an address of ours leads to, or None."""
    found = _REPLY_TAG.search(address)
    if found is None:
        return None
    right = _seal(f"ticket:{centre_id}:{found[1]}")
    return int(found[1]) if hmac.compare_digest(right, found[2]) else None


def question_address(address: str, centre_id: int, referral_id: int) -> str:
    """An address of ours that leads an expert's mail to their question."""
    name, _at, domain = address.rpartition("@")
    return f"{name}+r{referral_id}-{_seal(f'referral:{centre_id}:{referral_id}')}@{domain}"


def question_tagged(address: str, centre_id: int) -> int | None:
    """The question to experts that an address of ours leads to, or None."""
    found = _QUESTION_TAG.search(address)
    if found is None:
        return None
    right = _seal(f"referral:{centre_id}:{found[1]}")
    return int(found[1]) if hmac.compare_digest(right, found[2]) else None


def without_tag(address: str) -> str:
    """contact+anything@centre.example is delivered to contact@centre.example."""
    name, _at, domain = address.strip().rpartition("@")
    return f"{name.partition('+')[0]}@{domain}".lower()


def _seal(words: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:20]
