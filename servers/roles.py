"""Who may do what in the private database.

The product runs as a role that owns nothing, so that row-level security binds it: a superuser or an
owner walks through the policies. For people of a partner it becomes a third role, which has
policies of its own, and none of whose rights it has before. Migrations run as the owner. The
superuser only makes the three.
"""

from typing import Any

import psycopg
from psycopg import sql

DATABASE = "contactcenter"
MIGRATOR = "contactcenter_migrator"
APP = "contactcenter_app"
PARTNER = "contactcenter_partner"
EXTENSIONS = ("pg_trgm", "unaccent", "btree_gist")

Connection = psycopg.Connection[Any]


def create_roles(superuser: Connection, *, migrator_password: str, app_password: str) -> None:
    for role, password in ((MIGRATOR, migrator_password), (APP, app_password)):
        name = sql.Identifier(role)
        if not _exists(superuser, "SELECT 1 FROM pg_roles WHERE rolname = %s", role):
            superuser.execute(sql.SQL("CREATE ROLE {}").format(name))
        scrambled = superuser.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        )
        superuser.execute(
            sql.SQL(
                "ALTER ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}"
            ).format(name, sql.Literal(scrambled.decode()))
        )
    _create_partner(superuser)


def _create_partner(superuser: Connection) -> None:
    partner, app = sql.Identifier(PARTNER), sql.Identifier(APP)
    if not _exists(superuser, "SELECT 1 FROM pg_roles WHERE rolname = %s", PARTNER):
        superuser.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(partner))
    superuser.execute(sql.SQL("ALTER ROLE {} NOINHERIT").format(app))
    superuser.execute(sql.SQL("GRANT {} TO {}").format(partner, app))


def create_database(superuser: Connection, name: str, *, template: str = "template0") -> bool:
    """Make the database unless it exists; true when it was made."""
    if _exists(superuser, "SELECT 1 FROM pg_database WHERE datname = %s", name):
        return False
    database, owner, app = map(sql.Identifier, (name, MIGRATOR, APP))
    statements = (
        "CREATE DATABASE {database} OWNER {owner} TEMPLATE {template}",
        "REVOKE ALL ON DATABASE {database} FROM PUBLIC",
        "GRANT CONNECT ON DATABASE {database} TO {app}",
    )
    for statement in statements:
        superuser.execute(
            sql.SQL(statement).format(
                database=database, owner=owner, app=app, template=sql.Identifier(template)
            )
        )
    return True


def furnish(superuser: Connection) -> None:
    """Extensions and rights inside the database one is connected to. May be repeated."""
    for extension in EXTENSIONS:
        superuser.execute(
            sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
        )
    statements = (
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "GRANT USAGE ON SCHEMA public TO {users}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON ROUTINES FROM PUBLIC",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON ROUTINES TO {users}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner}"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {users}",
        "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE ON SEQUENCES TO {users}",
    )
    owner = sql.Identifier(MIGRATOR)
    users = sql.SQL(", ").join(map(sql.Identifier, (APP, PARTNER)))
    for statement in statements:
        superuser.execute(sql.SQL(statement).format(owner=owner, users=users))


def _exists(connection: Connection, question: str, name: str) -> bool:
    return connection.execute(question.encode(), [name]).fetchone() is not None
