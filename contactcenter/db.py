"""The database handle, the model base class, and the scope each transaction runs in.

A scope says whose data a transaction may touch: one centre and, for a referent, one organisation.
PostgreSQL's row-level security reads it, and a referent's asks as a role of its own; without a
scope it shows no case data at all.
"""

import enum
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated, Any

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Enum,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Label,
    MetaData,
    Select,
    Table,
    Text,
    Time,
    bindparam,
    case,
    cast,
    event,
    false,
    func,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import (
    DeclarativeBase,
    Session,
    make_transient_to_detached,
    mapped_column,
    registry,
)
from sqlalchemy.orm.attributes import instance_state

from contactcenter.insertions import Insertion, as_json, together


@dataclass(frozen=True)
class Scope:
    """Whose case data may be seen; organisation None means the centre's own staff."""

    centre_id: int | None = None
    organisation_id: int | None = None


NOBODY = Scope()
STAFF_ROLE = "none"  # who signed in to PostgreSQL
PARTNER_ROLE = "contactcenter_partner"  # has policies of its own; see migrations/0058
_read_time: Callable[[], str] = str  # says nothing: PostgreSQL takes its own time
_scope: ContextVar[Scope] = ContextVar("scope", default=NOBODY)


def current_scope() -> Scope:
    return _scope.get()


def current_centre() -> int:
    centre_id = _scope.get().centre_id
    if centre_id is None:
        raise RuntimeError("no centre in scope")
    return centre_id


def enter(scope: Scope, *, is_told: bool = False) -> None:
    """Set the scope from here on, in a transaction that may already have begun.

    `is_told` says that a question of this transaction has told PostgreSQL; see `telling`.
    """
    _scope.set(scope)
    session = db.session()
    if session.in_transaction() and not is_told:
        _tell(session.connection(), scope)


def leave() -> None:
    """Forget the scope: what follows in this thread sees no case data."""
    _scope.set(NOBODY)


@contextmanager
def within(scope: Scope) -> Generator[None]:
    """Run a block in `scope`; the transaction begins and ends inside the block."""
    token = _scope.set(scope)
    try:
        yield
    finally:
        _scope.reset(token)


def follow_clock(now: Callable[[], datetime]) -> None:
    """Let PostgreSQL end permissions by the clock the code goes by."""

    def read() -> str:
        return now().isoformat()

    global _read_time
    _read_time = read


def telling(centre_id: Any, organisation_id: Any) -> Label[str]:
    """A column by which a question for one row, whose scope it then is, also tells PostgreSQL."""
    told = (
        ("role", case((organisation_id.is_(None), STAFF_ROLE), else_=PARTNER_ROLE)),
        ("app.centre_id", func.coalesce(cast(centre_id, Text), "")),
        ("app.organisation_id", func.coalesce(cast(organisation_id, Text), "")),
        ("app.now", bindparam("told_at", callable_=lambda: _read_time(), type_=Text())),
    )
    settings = (func.set_config(name, value, true()) for name, value in told)
    return func.concat(*settings).label("told")


def _tell(connection: Connection, scope: Scope) -> None:
    role = PARTNER_ROLE if scope.organisation_id else STAFF_ROLE
    connection.exec_driver_sql(
        "SELECT set_config('role', %s, true), set_config('app.centre_id', %s, true),"
        " set_config('app.organisation_id', %s, true), set_config('app.now', %s, true)",
        (role, str(scope.centre_id or ""), str(scope.organisation_id or ""), _read_time()),
    )


# Said outright because the key is composite: it lets one statement insert many rows.
PrimaryKey = Annotated[
    int, mapped_column(BigInteger, Identity(), primary_key=True, autoincrement=True)
]
CentreKey = Annotated[
    int,
    mapped_column(BigInteger, ForeignKey("centres.id"), primary_key=True, default=current_centre),
]
Id = Annotated[int, mapped_column(BigInteger)]
Json = dict[str, Any]


def within_centre(column: str, table: str, **options: Any) -> ForeignKeyConstraint:
    """A foreign key that cannot leave its centre: (centre_id, column) -> table."""
    return ForeignKeyConstraint(
        ["centre_id", column], [f"{table}.centre_id", f"{table}.id"], **options
    )


def is_there(wanted: Select[Any]) -> ColumnElement[bool]:
    """Whether there is such a row, looked up by its index for each row around it.

    Of an EXISTS, PostgreSQL makes a join. As it takes the wall of a table for a condition that one
    row in two hundred meets, it then reads that whole table for each row around it; so it takes an
    IS NULL, and then sorts all for an order that an index serves. This it takes for one in two.
    """
    found = wanted.with_only_columns(true(), maintain_column_froms=True).limit(1).scalar_subquery()
    return func.coalesce(found, false())


def _values(choices: type[enum.Enum]) -> list[str]:
    return [str(choice.value) for choice in choices]


class Base(DeclarativeBase):
    # The column types live on the registry: Flask-SQLAlchemy rebuilds Base, and
    # a rebuilt base may not carry a type_annotation_map of its own.
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={
            datetime: DateTime(timezone=True),
            date: Date(),
            time: Time(),
            str: Text(),
            dict[str, Any]: JSONB(),
            list[Any]: JSONB(),
            enum.Enum: Enum(enum.Enum, native_enum=False, length=32, values_callable=_values),
        },
    )


class OwnSession(FlaskSession):
    """A session that also carries rows which it stores by itself; see `keep` and `write`."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        rows = self._kept_rows()
        if not self._is_clean():
            self._insert(rows)  # first: what is added or changed may name them
            super().flush(objects)
            rows = {}
        self._insert(rows | self.info.pop("rows", {}))  # last: they name what was stored

    def _kept_rows(self) -> "dict[Insertion, list[Json]]":
        """In the order of the tables, so that a row is there before those that name it."""
        kept: list[Base] = self.info.pop("kept", [])
        rows: dict[Insertion, list[Json]] = {}
        for row in sorted(kept, key=lambda row: _place_of(row.metadata)[row.__tablename__]):
            state = instance_state(row)
            into = _with_ids(row.__table__)
            rows.setdefault(into, []).append({name: state.dict[name] for name in into.columns})
            state._commit_all(state.dict, self.identity_map)  # nothing of it is to be stored again
        return rows

    def _insert(self, rows: "dict[Insertion, list[Json]]") -> None:
        if rows:
            written = tuple(as_json(each) for each in rows.values())
            self.connection().exec_driver_sql(together(tuple(rows)), written)


@lru_cache(maxsize=200)
def _with_ids(table: Any) -> Insertion:
    return Insertion(table.name, tuple(column.name for column in table.columns))


@lru_cache(maxsize=500)
def _without_ids(table: Any, given: frozenset[str]) -> Insertion:
    """All columns but those that PostgreSQL fills in by itself, unless they are given."""
    filled = (
        column.name
        for column in table.columns
        if column.identity is None and (column.server_default is None or column.name in given)
    )
    return Insertion(table.name, tuple(filled))


@lru_cache(maxsize=200)
def _columns(table: Any) -> list[tuple[str, Any]]:
    return list(table.columns.items())


@lru_cache(maxsize=200)
def _defaults(table: Any) -> list[tuple[str, Any]]:
    return [(name, column) for name, column in _columns(table) if column.default is not None]


@lru_cache(maxsize=1)
def _place_of(metadata: MetaData) -> dict[str, int]:
    return {table.name: place for place, table in enumerate(metadata.sorted_tables)}


db = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"class_": OwnSession})

# Type checkers cannot follow db.Model, which is built at run time from Base.
if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


def write(model: type[Model], **values: Any) -> None:
    """Add a row of the current centre that this transaction will not change.

    It is stored at the next flush, after what was added to the session, together with all others:
    to follow a row as an object costs far more than the row itself.
    """
    whole = {"centre_id": _scope.get().centre_id, **values}
    for name, column in _defaults(model.__table__):
        if name not in whole:
            whole[name] = _default_of(column)
    write_by(_without_ids(model.__table__, frozenset(whole)), **whole)


def write_by(insertion: Insertion, **values: Any) -> None:
    """Like `write`, where the insertion says how the values become a row."""
    rows: dict[Insertion, list[Json]] = db.session().info.setdefault("rows", {})
    rows.setdefault(insertion, []).append(values)


def keep(row: Model) -> None:
    """Add a row of the current centre, with an id and all defaults from the start.

    It is found by its id at once, but stored at the next flush, as it then stands: what happens to
    it in the meantime costs nothing.
    """
    values = instance_state(row).dict
    for name, column in _columns(row.__table__):
        if values.get(name) is None:
            values[name] = _first_value(column)
    session = db.session()
    make_transient_to_detached(row)
    session.add(row)
    session.info.setdefault("kept", []).append(row)


def _first_value(column: Any) -> Any:
    if column.identity is not None:
        return _next_id(column.table)
    return None if column.default is None else _default_of(column)


def _default_of(column: Any) -> Any:
    return column.default.arg(None) if column.default.is_callable else column.default.arg


_of_rows: dict[str, None] = {}  # where ids of rows came from: one statement takes one of each


def _next_id(table: Table) -> int:
    source = f"nextval('{table.name}_id_seq')"
    _of_rows[source] = None
    drawn: dict[str, int] = db.session().info.setdefault("drawn", {})
    return drawn.pop(source) if source in drawn else draw(source)


def draw(source: str) -> int:
    """A number that nobody else is given, by an SQL expression; gaps are allowed.

    The ids that rows may need next are drawn with it.
    """
    session = db.session()
    drawn: dict[str, int] = session.info.setdefault("drawn", {})
    sources = [source, *(each for each in _of_rows if each != source and each not in drawn)]
    taken = session.connection().exec_driver_sql(f"SELECT {', '.join(sources)}").one()
    drawn.update(zip(sources, taken, strict=True))
    return drawn.pop(source)


@event.listens_for(OwnSession, "before_commit")
def _write_rows(session: Session) -> None:
    session.flush()


@event.listens_for(OwnSession, "after_soft_rollback")
def _forget_rows(session: Session, _transaction: Any) -> None:
    session.info.pop("rows", None)
    for row in session.info.pop("kept", ()):
        session.expunge(row)


@event.listens_for(Session, "after_begin")
def _scope_transaction(_session: Session, _transaction: Any, connection: Connection) -> None:
    # What is told ends with its transaction, so that a new one is nobody's until it is told.
    if _scope.get() != NOBODY and connection.dialect.name == "postgresql":
        _tell(connection, _scope.get())
