"""How many requests an address and its network may send in an hour.

A town hall or a library sends all its visitors from one address, so the bounds are wide, and five
times as wide for a form that stayed open as long as a person needs to write: a program that fires
forms uses up the narrow bound and leaves the wide one to the people beside it. The counts are
forgotten within the hour and hold no address; without Redis nobody is kept out.
"""

import hashlib
import hmac
from collections.abc import Iterator
from ipaddress import IPv4Address, ip_address, ip_network

from flask import current_app
from redis.exceptions import RedisError

from contactcenter import clock

WINDOW_SECONDS = 3600
OF_ADDRESS, OF_NETWORK = 20, 100
UNHURRIED_SECONDS = 60
UNHURRIED_TIMES = 5


def may_send(address: str, *, open_seconds: float) -> bool:
    times = UNHURRIED_TIMES if open_seconds >= UNHURRIED_SECONDS else 1
    try:
        counts = current_app.extensions["redis"].mget([key for key, _most in _bounds(address)])
    except RedisError:
        return True
    bounds = zip(counts, _bounds(address), strict=True)
    return all(int(count or 0) < most * times for count, (_key, most) in bounds)


def note_sent(address: str) -> None:
    redis = current_app.extensions["redis"]
    try:
        for key, _most in _bounds(address):
            redis.incr(key)
            redis.expire(key, WINDOW_SECONDS)
    except RedisError:
        current_app.logger.warning("requests of the web door are not counted: Redis is away")


def key_of(address: str) -> str:
    """What stands for an address in this hour; the address cannot be read from it."""
    hour = int(clock.now().timestamp()) // WINDOW_SECONDS
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"web:{hour}:{address}".encode(), hashlib.sha256).hexdigest()[:32]


def network_of(address: str) -> str:
    """The network of an address: its /24, or the /48 that one customer has."""
    try:
        read = ip_address(address)
    except ValueError:
        return ""
    size = 24 if isinstance(read, IPv4Address) else 48
    return str(ip_network(f"{read}/{size}", strict=False))


def _bounds(address: str) -> Iterator[tuple[str, int]]:
    yield f"web:sent:{key_of(address)}", OF_ADDRESS
    yield f"web:sent:{key_of(network_of(address))}", OF_NETWORK
