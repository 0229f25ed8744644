"""Rules about the whole tree that no single test of behaviour can hold."""

import importlib
import pkgutil
import re
from pathlib import Path

import contactcenter
from config import Settings
from contactcenter.accounts.permissions import Permission
from contactcenter.db import Base
from contactcenter.edge import JOBS
from contactcenter.events import Event
from contactcenter.reactions import REACTIONS
from tools import urls

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "contactcenter"
EDGES = {"edge.py"}


def _modules() -> None:
    for module in pkgutil.walk_packages(contactcenter.__path__, "contactcenter."):
        importlib.import_module(module.name)


def _sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def test_every_view_declares_a_permission(app):
    bare = [
        name
        for name, view in app.view_functions.items()
        if name != "static" and not isinstance(getattr(view, "permission", None), Permission)
    ]
    assert bare == []


def test_only_the_edges_commit():
    committing = {p.name for p in _sources() if re.search(r"\.commit\(\)", p.read_text())}
    assert committing <= EDGES


def test_only_the_clock_reads_the_time():
    reading = {
        str(p.relative_to(PACKAGE))
        for p in _sources()
        if re.search(r"datetime\.(now|utcnow|today)\(|date\.today\(", p.read_text())
    }
    assert reading == {"clock.py"}


def test_every_event_is_in_the_reactions_table():
    _modules()
    kinds = {kind for kind in _subclasses(Event) if not kind.__subclasses__()}
    assert {kind.__name__ for kind in kinds - set(REACTIONS)} == set()


def test_every_job_that_is_staged_exists():
    _modules()
    staged = {
        name
        for path in _sources()
        for name in re.findall(r"(?:outbox\.)?stage\(\s*\"([a-z_]+\.[a-z_]+)\"", path.read_text())
    }
    assert staged - set(JOBS) == set()


def test_every_setting_is_documented():
    words = (ROOT / "docs" / "settings.md").read_text()
    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in words] == []


def test_only_the_settings_read_the_environment():
    reading = {
        str(p.relative_to(PACKAGE))
        for p in _sources()
        if re.search(r"os\.environ|os\.getenv", p.read_text()) and "rehearsal" not in p.parts
    }
    assert reading == set()


def test_no_url_disappears_unnoticed(app):
    known = (ROOT / "tests" / "urls.txt").read_text().splitlines()
    gone, new = set(known) - set(urls.served(app)), set(urls.served(app)) - set(known)
    assert (gone, new) == (set(), set()), "keep the old ones; then: python -m tools.urls"


def test_every_table_with_case_data_carries_its_centre_first():
    without = {"centres", "live_changes", "sign_in_attempts", "receipts"}
    keys = {
        table.name: [column.name for column in table.primary_key]
        for table in Base.metadata.sorted_tables
        if table.name not in without
    }
    assert {name for name, key in keys.items() if key[0] != "centre_id"} == set()


def test_the_migrations_make_the_tables_of_the_models(app, owner):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with owner.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_case_table_is_walled(app, owner):
    from sqlalchemy import text

    open_tables = {
        "api_tokens", "centres", "counters", "invitations", "lines", "live_changes", "mailboxes",
        "memberships", "organisations", "outbox_messages", "persons", "queues", "sessions",
        "sign_in_attempts", "sites", "teams", "topic_teams", "topics", "alembic_version",
    }  # fmt: skip
    with owner.connect() as connection:
        bare = connection.scalars(
            text(
                "SELECT relname FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace AND NOT relrowsecurity"
            )
        )
        assert set(bare) - open_tables == set()


def _subclasses(kind: type) -> set[type]:
    direct = set(kind.__subclasses__())
    return direct | {below for child in direct for below in _subclasses(child)}
