"""A scene is made once in each worker of the run; from then on its rows are laid down again."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from contactcenter.edge import ContactCenter
from servers.private import Urls
from servers.testing import Cluster
from tests.factories import make_world, tables, with_people
from tests.scene import Scene, make_scene

COLUMNS = """
SELECT table_name, string_agg(quote_ident(column_name), ', ') FROM information_schema.columns
WHERE table_schema = 'public' AND is_generated = 'NEVER' GROUP BY table_name
"""


@dataclass
class Scenery:
    """`database` is reached as who may pass every wall and need set off no trigger."""

    app: ContactCenter
    database: "psycopg.Connection[Any]"
    _scene: Scene | None = None
    _rows: list[tuple[str, str]] = field(default_factory=list)

    def scene(self) -> Scene:
        if self._scene is None:
            self._scene = make_scene(self.app, make_world(self.app, "orme", "Centre d’essai", "fr"))
            self._take()
        else:
            self._lay_down()
        return replace(self._scene, world=with_people(self.app, self._scene.world))

    def _take(self) -> None:
        columns = dict(self.database.execute(COLUMNS).fetchall())
        for table in map(str, tables()):
            asked = f"SELECT json_agg(each)::text FROM {table} AS each"
            ((rows,),) = self.database.execute(asked.encode()).fetchall()
            if rows is not None:
                self._rows.append((_insertion(table, columns[table]), rows))

    def _lay_down(self) -> None:
        with self.database.transaction():
            self.database.execute("SET LOCAL session_replication_role = replica")
            for insert, rows in self._rows:
                self.database.execute(insert.encode(), [rows])


def _insertion(table: str, columns: str) -> str:
    return (
        f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE"
        f" SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s)"
    )


@pytest.fixture(scope="session")
def scenery(app: ContactCenter, cluster: Cluster, urls: Urls) -> Iterator[Scenery]:
    name = make_url(urls.migrator_database_url).database or ""
    with cluster.superuser(name) as database:
        yield Scenery(app, database)
