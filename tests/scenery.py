"""A centre is made once in each worker of the run; from then on its rows are laid down again."""

import re
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
from sqlalchemy import inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from contactcenter.accounts.models import Person
from contactcenter.edge import ContactCenter
from tests.factories import IDS, World, make_world, new_world_id, tables
from tests.scene import Scene, make_scene

COLUMNS = """
SELECT table_name, string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY table_name
"""
OF_CENTRE = """
WHERE coalesce(to_json(each) ->> 'centre_id', to_json(each) ->> 'id') = '%d'
"""
COLUMNS_OF_PEOPLE = {column.key for column in inspect(Person).column_attrs}
Rows = list[tuple[bytes, str]]


@dataclass
class Scenery:
    """`database` is reached as who may pass every wall and sets off no trigger."""

    app: ContactCenter
    database: "psycopg.Connection[Any]"
    _worlds: dict[str, tuple[World, Rows]] = field(default_factory=dict)
    _scene: tuple[Scene, Rows] | None = None

    def world(self, code: str, name: str, language: str) -> World:
        """A small centre with ids of its own, so that nothing is remembered of another's."""
        if code not in self._worlds:
            made = make_world(self.app, code, name, language)
            self._worlds[code] = made, self._rows(OF_CENTRE % made.centre_id)
            return _moved(made, 0)
        kept, rows = self._worlds[code]
        further = new_world_id() - kept.centre_id
        ids = re.compile(rf"\b{kept.centre_id // IDS}\d{{{len(str(IDS)) - 1}}}\b")
        self._lay_down(
            (insert, ids.sub(lambda found: str(int(found[0]) + further), values))
            for insert, values in rows
        )
        return _moved(kept, further)

    def scene(self) -> Scene:
        if self._scene is None:
            made = make_scene(self.app, make_world(self.app, "orme", "Centre d’essai", "fr"))
            self._scene = made, self._rows()
        else:
            made, rows = self._scene
            self._lay_down(rows)
        return replace(made, world=_moved(made.world, 0))

    def _rows(self, of: str = "") -> Rows:
        """What is in the tables, as the insertions that would bring it back."""
        columns = dict(self.database.execute(COLUMNS).fetchall())
        found = []
        for table in map(str, tables()):
            asked = f"SELECT json_agg(each)::text FROM {table} AS each {of}"
            ((rows,),) = self.database.execute(asked.encode()).fetchall()
            if rows is not None:
                found.append((_insertion(table, columns[table]).encode(), rows))
        return found

    def _lay_down(self, rows: Iterable[tuple[bytes, str]]) -> None:
        with self.database.pipeline(), self.database.transaction():
            for insert, values in rows:
                self.database.execute(insert, [values])


def _insertion(table: str, columns: str) -> str:
    return (
        f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
        f" SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"
    )


def _moved(world: World, further: int) -> World:
    """The same world with each id further on, and its people as they are stored."""
    moved: dict[str, Any] = {}
    for what, each in vars(world).items():
        if isinstance(each, Person):
            moved[what] = _copied(each, further)
        elif isinstance(each, int):
            moved[what] = each + further
    return replace(world, **moved)


def _copied(person: Person, further: int) -> Person:
    """The person as a query would find them, apart from any session."""
    stored = {key: copy(value) for key, value in vars(person).items() if key in COLUMNS_OF_PEOPLE}
    for key in ("centre_id", "id", "organisation_id"):
        stored[key] += further
    found = Person(centre_id=stored["centre_id"], id=stored["id"])
    make_transient_to_detached(found)
    for key, value in stored.items():
        set_committed_value(found, key, value)
    return found
