"""Text leaves compressed when the browser can read it; streams and files leave as they are.

The length of a compressed page tells a little of what is in it to whoever can have words of their
choice put beside a secret. Each answer is therefore lengthened by chance: the header of gzip has
room for a name. docs/decisions/0010-compressed-answers.md says what else stands in the way.
"""

import secrets
import struct
import zlib
from collections.abc import Callable
from functools import lru_cache

from flask import Flask, Response, request

from contactcenter.together import is_shared

SMALLEST = 1_000  # bytes: a packet holds as much anyway
LEVEL = 4  # half a millisecond for a page; beyond it a few bytes less cost twice that
LONGEST_NAME = 48
TEXT = frozenset(
    {
        "text/html",
        "text/css",
        "text/csv",
        "text/javascript",
        "text/plain",
        "application/javascript",
        "application/json",
        "application/problem+json",
        "image/svg+xml",
    }
)


def register(app: Flask) -> None:
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _may_be_compressed(response):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0:
        return response
    content = response.get_data()
    response.set_data(gzip(content))
    response.headers["Content-Encoding"] = "gzip"
    etag, _is_weak = response.get_etag()
    if etag is not None:
        response.set_etag(etag, weak=True)  # the same words, in other bytes
    return response


def _may_be_compressed(response: Response) -> bool:
    return (
        response.mimetype in TEXT
        and response.status_code not in (204, 206, 304)
        and not response.is_streamed
        and not response.direct_passthrough
        and "Content-Encoding" not in response.headers
        and (response.calculate_content_length() or 0) >= SMALLEST
    )


def gzip(content: bytes) -> bytes:
    """RFC 1952, with a name of a length that chance decides."""
    name = b"a" * (1 + secrets.randbelow(LONGEST_NAME))
    return b"\x1f\x8b\x08\x08\0\0\0\0\x00\xff" + name + b"\0" + _packer()(content)


def _packer() -> Callable[[bytes], bytes]:
    """What many ask for alike is packed once."""
    if request.endpoint == "static":
        return _packed_file
    return _packed_shared if is_shared() else _packed


def _packed(content: bytes, level: int = LEVEL) -> bytes:
    packer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    end = struct.pack("<LL", zlib.crc32(content), len(content) & 0xFFFFFFFF)
    return packer.compress(content) + packer.flush() + end


@lru_cache(maxsize=200)
def _packed_file(content: bytes) -> bytes:
    return _packed(content, 9)


@lru_cache(maxsize=16)
def _packed_shared(content: bytes) -> bytes:
    return _packed(content)
