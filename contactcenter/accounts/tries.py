"""Wrong tries at a password or a code: counted one after the other, and slowed, never for ever.

What counts is where they come from: an address, the /64 of one that IPv6 gives away by billions, or
a browser that opened this very account before. So a stranger on the network of a house cannot keep
out who works there.
"""

from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from flask_babel import gettext as _
from sqlalchemy import func

from contactcenter import clock
from contactcenter.accounts.models import SignInAttempt
from contactcenter.accounts.queries import tries_at_account, wrong_tries
from contactcenter.db import db
from contactcenter.errors import TooMany

WINDOW = timedelta(minutes=15)
MOST_TRIES_HERE = 10  # one account from one source: its owner elsewhere is not held up
MOST_TRIES_ADDRESS = 100
ACCOUNT_WINDOW = timedelta(days=1)
FREE_TRIES = 20  # at one account from everywhere, before each next one has to wait
LONGEST_WAIT = timedelta(minutes=1)


@dataclass(frozen=True)
class Source:
    """Where tries come from; `is_known`: a browser that opened this account before."""

    name: str
    is_known: bool = False


def source_of(address: str) -> Source:
    try:
        read = ip_address(address)
    except ValueError:
        return Source(address)
    if isinstance(read, IPv6Address) and read.ipv4_mapped is None:
        return Source(str(ip_network(f"{read}/64", strict=False)))
    return Source(address)


def wait_after(tries: int) -> timedelta:
    """How long after the last of so many wrong tries at one account the next may come."""
    if tries < FREE_TRIES:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min((tries - FREE_TRIES) // 5, 9)), LONGEST_WAIT)


def refuse_too_many(email_hash: str, source: Source) -> None:
    """Raises TooMany; otherwise nobody else tries this account until the transaction ends."""
    one_at_a_time(email_hash)
    since = clock.now() - WINDOW
    here, everywhere = db.session.execute(wrong_tries(email_hash, source.name, since)).one()
    if here >= MOST_TRIES_HERE or (everywhere >= MOST_TRIES_ADDRESS and not source.is_known):
        raise TooMany(_("Trop d’essais. Attendez un quart d’heure, puis réessayez."))
    if not source.is_known:
        _slow_down(email_hash)


def _slow_down(email_hash: str) -> None:
    now = clock.now()
    tries, last = db.session.execute(tries_at_account(email_hash, now - ACCOUNT_WINDOW)).one()
    if last is not None and now < last + wait_after(tries):
        raise TooMany(_("Trop d’essais sur ce compte. Attendez une minute, puis réessayez."))


def one_at_a_time(what: str) -> None:
    """Parallel guesses are counted one after the other."""
    db.session.execute(db.select(func.pg_advisory_xact_lock(func.hashtextextended(what, 0))))


def note_wrong(email_hash: str, source: Source) -> None:
    db.session.add(SignInAttempt(email_hash=email_hash, address=source.name, tried_at=clock.now()))
