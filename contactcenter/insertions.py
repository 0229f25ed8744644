"""Rows of several tables in one statement.

To ask PostgreSQL and hear its answer costs more than a row does, so what a transaction adds is sent
together. The rows for a table travel as one JSON text: the statement is the same however many there
are, and is planned once.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Insertion:
    """How rows come into a table: `values` is SQL over what is given of each.

    `given` are the names and types of that, where they are not those of the table's own columns.
    """

    table: str
    columns: tuple[str, ...]
    values: tuple[str, ...] = ()
    given: str = ""
    otherwise: str = ""

    @property
    def sql(self) -> str:
        columns = ", ".join(self.columns)
        read = f"json_populate_recordset(NULL::{self.table}, %s) AS given"
        if self.given:
            read = f"json_to_recordset(%s) AS given({self.given})"
        return (
            f"INSERT INTO {self.table} ({columns})"  # noqa: S608 - names of our own tables
            f" SELECT {', '.join(self.values) or columns} FROM {read} {self.otherwise}"
        )


@lru_cache(maxsize=500)
def together(insertions: tuple[Insertion, ...]) -> str:
    """One statement that asks for the rows of each in turn, as JSON; none sees those of another.

    What they name may be in it as well: keys are looked at when all rows are there.
    """
    *others, last = (each.sql for each in insertions)
    first = ", ".join(f"part_{n} AS ({sql})" for n, sql in enumerate(others))
    return f"WITH {first} {last}" if others else last


def as_json(rows: Sequence[Row]) -> str:
    """Without any NUL, which no text of PostgreSQL can hold."""
    written = _encode(rows)
    return _NUL.sub(r"\1", written) if "\\u0000" in written else written


_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")  # and no backslash that a text has before u0000


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"JSON has no {type(value).__name__}")


_encode = json.JSONEncoder(
    default=_plain, ensure_ascii=False, check_circular=False, separators=(",", ":")
).encode
