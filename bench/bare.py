"""PostgreSQL's own cost of a request: the rows of one, written again by a bare script."""

from collections.abc import Callable
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from bench.product import Product
from servers import roles

# What opening one request writes, in an order that suits the foreign keys.
TABLES = (
    "tickets",
    "interactions",
    "messages",
    "search_documents",
    "triage_proposals",
    "triage_suggestions",
    "visits",
    "events",
    "receipts",
    "live_changes",
)


class Rows:
    """The rows of the newest request, to be written again as new ones."""

    def __init__(self, product: Product) -> None:
        self._product = product
        self._tables: dict[str, tuple[list[str], list[list[Any]]]] = {}
        with product.connect() as owner:
            newest = owner.execute("SELECT max(id) FROM tickets").fetchone()
            assert newest is not None
            for table in TABLES:
                self._tables[table] = self._read(owner, table, newest[0])
        columns, rows = self._tables["tickets"]
        self._centre = rows[0][columns.index("centre_id")]

    def writer(self) -> Callable[[], None]:
        """Writes them once, in one transaction, over a connection of its own."""
        line = self._product.connect(roles.APP)
        line.prepare_threshold = 2

        def write() -> None:
            with line.transaction():
                line.execute("SELECT set_config('app.centre_id', %s, true)", [str(self._centre)])
                number = line.execute("SELECT next_ticket_number(%s, 2001)", [self._centre])
                known = {"reference": f"2001-{_one(number):06d}"}
                for table, (columns, rows) in self._tables.items():
                    self._insert(line, table, columns, rows, known)

        return write

    def _read(
        self, owner: "psycopg.Connection[Any]", table: str, ticket_id: int
    ) -> tuple[list[str], list[list[Any]]]:
        if table == "live_changes":
            column, wanted = "id", sql.SQL("(SELECT max(id) FROM live_changes)").format()
        else:
            column = "id" if table == "tickets" else "ticket_id"
            wanted = sql.SQL("{}").format(ticket_id)
        found = owner.execute(
            sql.SQL("SELECT * FROM {} WHERE {} = {}").format(
                sql.Identifier(table), sql.Identifier(column), wanted
            )
        )
        names = [column.name for column in found.description or ()]
        kept = [name for name in names if name not in ("id", "xid")]
        rows = [dict(zip(names, row, strict=True)) for row in found]
        return kept, [[_plain(row[name]) for name in kept] for row in rows]

    def _insert(
        self,
        line: "psycopg.Connection[Any]",
        table: str,
        columns: list[str],
        rows: list[list[Any]],
        known: dict[str, Any],
    ) -> None:
        """One statement a table; what must be new is replaced by what is `known` by now."""
        one = sql.SQL("({})").format(sql.SQL(", ").join([sql.Placeholder()] * len(columns)))
        statement = sql.SQL("INSERT INTO {} ({}) VALUES {} RETURNING id").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join([one] * len(rows)),
        )
        values = [
            known.get(name, value) for row in rows for name, value in zip(columns, row, strict=True)
        ]
        made = _one(line.execute(statement, values))
        known[f"{table.removesuffix('s')}_id"] = made
        known["dedupe_key"] = f"bench:{known['ticket_id']}"


def _one(cursor: "psycopg.Cursor[Any]") -> int:
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def _plain(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict) else value
