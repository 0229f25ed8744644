"""Who is of a partner asks as a role of its own, so that the staff's walls stay simple.

A wall that says "one of the staff, or an organisation to which ..." is planned with all that comes
after the "or", whoever asks: 7 ms for an attachment found by its id, 0.02 ms without. Each role
now has its own policies: `wall` for the centre's staff, `partner` for the other organisations.
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None

APP = "contactcenter_app"
PARTNER = "contactcenter_partner"
CENTRE = "(centre_id = app_centre())"
STAFF = f"({CENTRE} AND (app_organisation() IS NULL))"
EITHER = f"({CENTRE} AND ((app_organisation() IS NULL) OR "
DOORS = f"((centre_id IS NULL) OR {STAFF})"

POLICIES = sa.text(
    "SELECT tablename, policyname, cmd, qual FROM pg_policies"
    " WHERE schemaname = 'public' ORDER BY tablename, policyname"
)
ROLE = sa.text("SELECT true FROM pg_roles WHERE rolname = :name")
MAY_MAKE_ROLES = sa.text(
    "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
)


def upgrade() -> None:
    _need_roles()
    op.execute(f"GRANT USAGE ON SCHEMA public TO {PARTNER}")
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {PARTNER}"
    )
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {PARTNER}")
    op.execute(f"GRANT EXECUTE ON ALL ROUTINES IN SCHEMA public TO {PARTNER}")
    for table, policy, _command, condition in op.get_bind().execute(POLICIES).all():
        if policy == "partner":
            op.execute(f"ALTER POLICY partner ON {table} TO {PARTNER}")
        elif condition == STAFF:
            _wall(table, CENTRE)
        elif condition == DOORS:
            _wall(table, f"centre_id IS NULL OR {CENTRE}")
            op.execute(f"CREATE POLICY partner ON {table} TO {PARTNER} USING (centre_id IS NULL)")
        elif condition.startswith(EITHER):
            shared = condition.removeprefix(EITHER).removesuffix("))")
            _wall(table, CENTRE)
            op.execute(
                f"CREATE POLICY partner ON {table} TO {PARTNER} USING ({CENTRE} AND {shared})"
            )


def downgrade() -> None:
    partners = {
        table: (command, condition)
        for table, policy, command, condition in op.get_bind().execute(POLICIES).all()
        if policy == "partner"
    }
    for table, policy, _command, condition in op.get_bind().execute(POLICIES).all():
        if policy != "wall" or condition == f"({CENTRE} AND true)":
            continue
        command, shared = partners.get(table, ("SELECT", ""))
        if command == "ALL":
            op.execute(f"DROP POLICY partner ON {table}")
        elif shared:
            op.execute(f"ALTER POLICY partner ON {table} TO PUBLIC")
        op.execute(f"DROP POLICY wall ON {table}")
        op.execute(f"CREATE POLICY wall ON {table} USING {_before(command, shared, condition)}")
    for kind in ("TABLES", "SEQUENCES", "ROUTINES"):
        op.execute(f"REVOKE ALL ON ALL {kind} IN SCHEMA public FROM {PARTNER}")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {PARTNER}")


def _before(command: str, shared: str, condition: str) -> str:
    if condition != CENTRE:
        return DOORS
    if command != "ALL":
        return STAFF
    return EITHER + shared.removeprefix(f"({CENTRE} AND ").removesuffix(")") + "))"


def _wall(table: str, condition: str) -> None:
    op.execute(f"DROP POLICY wall ON {table}")
    op.execute(f"CREATE POLICY wall ON {table} TO {APP} USING ({condition})")


def _need_roles() -> None:
    """Make the roles where one may; a managed server's owner is told what its superuser must do."""
    missing = [name for name in (APP, PARTNER) if not _first(ROLE, name=name)]
    if missing and not _first(MAY_MAKE_ROLES):
        raise RuntimeError(
            f"roles are missing ({', '.join(missing)}); as a superuser: CREATE ROLE {PARTNER}"
            f" NOLOGIN; ALTER ROLE {APP} NOINHERIT; GRANT {PARTNER} TO {APP};"
        )
    for name in missing:
        op.execute(f"CREATE ROLE {name} NOLOGIN NOINHERIT")
    if missing:
        op.execute(f"GRANT {PARTNER} TO {APP}, CURRENT_USER")


def _first(question: sa.TextClause, **given: str) -> object:
    return op.get_bind().execute(question, given).scalar()
