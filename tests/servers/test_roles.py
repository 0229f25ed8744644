"""The product's role owns nothing and cannot pass row-level security; the migrator makes tables."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors

from servers.private import Urls
from servers.testing import Cluster

TABLE = """
CREATE TABLE secret (id bigint GENERATED ALWAYS AS IDENTITY, centre int);
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
CREATE POLICY nobody ON secret USING (false);
"""


@pytest.fixture(scope="module")
def urls(cluster: Cluster, worker_id: str) -> Urls:
    return cluster.database(f"roles_{worker_id}")


@contextmanager
def connected(url: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A transaction that leaves nothing behind."""
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        yield connection
        connection.rollback()


@pytest.fixture(scope="module")
def hidden_row(urls):
    with psycopg.connect(urls.migrator_database_url.replace("+psycopg", "")) as owner:
        owner.execute(TABLE)
        owner.execute("INSERT INTO secret (centre) VALUES (1)")


@pytest.mark.usefixtures("hidden_row")
def test_the_product_sees_no_row_that_a_policy_hides(urls):
    with connected(urls.database_url) as app:
        assert app.execute("SELECT count(*) FROM secret").fetchone() == (0,)


@pytest.mark.usefixtures("hidden_row")
@pytest.mark.parametrize(
    "attempt",
    [
        "ALTER TABLE secret DISABLE ROW LEVEL SECURITY",
        "DROP POLICY nobody ON secret",
        "TRUNCATE secret",
        "CREATE TABLE mine (a int)",
        "CREATE TEMPORARY TABLE mine (a int)",
        "SET ROLE contactcenter_migrator",
        "SET ROLE postgres",
        "ALTER ROLE contactcenter_app BYPASSRLS",
        "SELECT rolpassword FROM pg_authid",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "CREATE EXTENSION hstore",
    ],
)
def test_the_product_may_not(urls, attempt):
    with connected(urls.database_url) as app, pytest.raises(errors.InsufficientPrivilege):
        app.execute(attempt)


@pytest.mark.usefixtures("hidden_row")
def test_switching_row_security_off_is_an_error_not_a_way_in(urls):
    with connected(urls.database_url) as app:
        app.execute("SET row_security = off")
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("SELECT * FROM secret")


def test_the_product_may_use_what_the_migrator_makes(urls):
    with psycopg.connect(urls.migrator_database_url.replace("+psycopg", "")) as owner:
        owner.execute("CREATE TABLE shown (id bigserial PRIMARY KEY, what text)")
        owner.execute("CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    with connected(urls.database_url) as app:
        app.execute("INSERT INTO shown (what) VALUES ('a')")
        app.execute("UPDATE shown SET what = 'b'")
        assert app.execute("DELETE FROM shown RETURNING what").fetchone() == ("b",)
        assert app.execute("SELECT one()").fetchone() == (1,)


def test_the_product_has_a_partner_s_rights_only_while_it_asks_as_one(urls):
    with psycopg.connect(urls.migrator_database_url.replace("+psycopg", "")) as owner:
        owner.execute("CREATE TABLE halved (a int)")
        owner.execute("ALTER TABLE halved ENABLE ROW LEVEL SECURITY")
        owner.execute("CREATE POLICY partner ON halved TO contactcenter_partner USING (a = 1)")
        owner.execute("INSERT INTO halved VALUES (1), (2)")
    with connected(urls.database_url) as app:
        assert app.execute("SELECT a FROM halved").fetchall() == []
        app.execute("SET LOCAL ROLE contactcenter_partner")
        assert app.execute("SELECT a FROM halved").fetchall() == [(1,)]


def test_the_extensions_of_the_search_are_there(urls):
    with connected(urls.database_url) as app:
        found = app.execute("SELECT extname FROM pg_extension").fetchall()
        assert {("pg_trgm",), ("unaccent",), ("btree_gist",)} <= set(found)
        assert app.execute("SELECT unaccent('Éléonore'), lower('É')").fetchone() == (
            "Eleonore",
            "é",
        )


def test_a_copy_of_a_template_keeps_tables_and_rights(cluster, worker_id):
    filled: list[Urls] = []

    def fill(urls: Urls) -> None:
        filled.append(urls)
        with psycopg.connect(urls.migrator_database_url.replace("+psycopg", "")) as owner:
            owner.execute("CREATE TABLE copied AS SELECT 1 AS a")

    for _again in range(2):
        template = cluster.template(f"roles_template_{worker_id}", fill)
    copy = cluster.database(f"roles_copy_{worker_id}", template=template)
    with connected(copy.database_url) as app:
        assert app.execute("SELECT a FROM copied").fetchone() == (1,)
    with connected(copy.migrator_database_url) as owner:
        owner.execute("CREATE TABLE later ()")
    assert len(filled) == 1
