"""A table as an Apache Parquet file: one row group, plain values, each column compressed.

Only what the format asks of the smallest file (parquet.thrift, 2.x, with the compact protocol of
Thrift): no library, which would take ten times the memory of the process that serves pages.
"""

import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from struct import pack
from typing import Any

MEDIA_TYPE = "application/vnd.apache.parquet"
MAGIC = b"PAR1"
INT64, DOUBLE, BYTE_ARRAY = 2, 5, 6
UTF8, TIMESTAMP_MICROS = 0, 10
OPTIONAL, DATA_PAGE, PLAIN, RLE, GZIP = 1, 0, 0, 3, 2
EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
# Of Thrift's compact protocol.
I32, I64, BINARY, LIST, STRUCT = 5, 6, 8, 9, 12

Field = tuple[int, int, Any]  # its id, its type, its value


@dataclass(frozen=True)
class Kind:
    """How a column is stored, and what its numbers mean."""

    physical: int
    converted: int | None = None


WORDS, WHOLE, NUMBER, MOMENT = (
    Kind(BYTE_ARRAY, UTF8),
    Kind(INT64),
    Kind(DOUBLE),
    Kind(INT64, TIMESTAMP_MICROS),
)


def parquet(columns: Sequence[tuple[str, Kind]], rows: Iterable[Sequence[object]]) -> bytes:
    """The file of these columns; None is a missing value, a moment is written as UTC."""
    cells = list(zip(*rows, strict=True)) or [()] * len(columns)
    written, chunks = bytearray(MAGIC), []
    for (name, kind), values in zip(columns, cells, strict=True):
        page, size = _page(kind, values)
        chunks.append(_chunk(name, kind, len(values), len(written), len(page), size))
        written += page
    count = len(cells[0]) if columns else 0
    footer = _footer(columns, chunks, count, len(written) - len(MAGIC))
    return bytes(written) + footer + pack("<I", len(footer)) + MAGIC


def _page(kind: Kind, values: Sequence[object]) -> tuple[bytes, int]:
    """Header and compressed content of a column's one page, and their size uncompressed."""
    content = _levels(values) + b"".join(_plain(kind, each) for each in values if each is not None)
    packed = _gzipped(content)
    about: list[Field] = [(1, I32, len(values)), (2, I32, PLAIN), (3, I32, RLE), (4, I32, RLE)]
    header = _struct(
        [(1, I32, DATA_PAGE), (2, I32, len(content)), (3, I32, len(packed)), (5, STRUCT, about)]
    )
    return header + packed, len(header) + len(content)


def _levels(values: Sequence[object]) -> bytes:
    """Which values are there: runs of ones and zeros, after their length."""
    runs = bytearray()
    for is_there, run in groupby(values, lambda each: each is not None):
        runs += _varint(sum(1 for _each in run) << 1) + bytes([is_there])
    return pack("<I", len(runs)) + bytes(runs)


def _plain(kind: Kind, value: Any) -> bytes:
    if kind is MOMENT:
        return pack("<q", (value - EPOCH) // MICROSECOND)
    if kind is WHOLE:
        return pack("<q", value)
    if kind is NUMBER:
        return pack("<d", value)
    words = str(value).encode("utf-8", "replace")
    return pack("<I", len(words)) + words


def _chunk(name: str, kind: Kind, count: int, at: int, packed: int, size: int) -> list[Field]:
    about: list[Field] = [
        (1, I32, kind.physical),
        (2, LIST, (I32, [PLAIN, RLE])),
        (3, LIST, (BINARY, [name])),
        (4, I32, GZIP),
        (5, I64, count),
        (6, I64, size),
        (7, I64, packed),
        (9, I64, at),
    ]
    return [(2, I64, at), (3, STRUCT, about)]


def _footer(
    columns: Sequence[tuple[str, Kind]], chunks: list[list[Field]], count: int, size: int
) -> bytes:
    root: list[Field] = [(4, BINARY, "table"), (5, I32, len(columns))]
    schema = [root, *(_column(name, kind) for name, kind in columns)]
    group: list[Field] = [(1, LIST, (STRUCT, chunks)), (2, I64, size), (3, I64, count)]
    return _struct(
        [
            (1, I32, 1),
            (2, LIST, (STRUCT, schema)),
            (3, I64, count),
            (4, LIST, (STRUCT, [group])),
            (6, BINARY, "contactcenter"),
        ]
    )


def _column(name: str, kind: Kind) -> list[Field]:
    about: list[Field] = [(1, I32, kind.physical), (3, I32, OPTIONAL), (4, BINARY, name)]
    return about if kind.converted is None else [*about, (6, I32, kind.converted)]


def _struct(fields: Sequence[Field]) -> bytes:
    """Each field by the distance of its id from the one before; a zero at the end."""
    written, before = bytearray(), 0
    for number, kind, value in fields:
        written.append((number - before) << 4 | kind)
        written += _value(kind, value)
        before = number
    return bytes(written) + b"\0"


def _value(kind: int, value: Any) -> bytes:
    if kind == STRUCT:
        return _struct(value)
    if kind == LIST:
        inner, values = value
        size = bytes([len(values) << 4 | inner]) if len(values) < 15 else _long(inner, values)
        return size + b"".join(_value(inner, each) for each in values)
    if kind == BINARY:
        words = value.encode()
        return _varint(len(words)) + words
    return _varint(value << 1 if value >= 0 else (-value << 1) - 1)


def _long(inner: int, values: Sequence[object]) -> bytes:
    return bytes([0xF0 | inner]) + _varint(len(values))


def _varint(number: int) -> bytes:
    """Seven bits a byte, the low ones first."""
    written = bytearray()
    while number > 0x7F:
        written.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*written, number])


def _gzipped(content: bytes) -> bytes:
    packer = zlib.compressobj(wbits=31)  # with the header of a gzip file, as the codec is named
    return packer.compress(content) + packer.flush()
