"""Answers kept for repetitions are walled and wiped; what came raw is found when it is old."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

TABLE = "idempotency_keys"
# A partner's program sees the answers given to that partner.
WALL = f"""
CREATE POLICY wall ON {TABLE} USING (centre_id = app_centre() AND (app_organisation() IS NULL
    OR EXISTS (SELECT 1 FROM persons p WHERE p.centre_id = {TABLE}.centre_id
        AND p.id = {TABLE}.person_id AND p.organisation_id = app_organisation())))
"""
ERASE = f"""
CREATE FUNCTION erase_rehearsal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM {TABLE} WHERE centre_id = app_centre() AND is_rehearsal;
    RETURN erase_played();
END $$
"""


def upgrade() -> None:
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(WALL)
    op.add_column(
        TABLE, sa.Column("is_rehearsal", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.alter_column(TABLE, "is_rehearsal", server_default=None)
    op.execute(
        f"CREATE TRIGGER mark_rehearsal BEFORE INSERT ON {TABLE} FOR EACH ROW"
        " EXECUTE FUNCTION mark_rehearsal()"
    )
    op.execute("ALTER FUNCTION erase_rehearsal() RENAME TO erase_played")
    op.execute(ERASE)
    op.execute("REVOKE EXECUTE ON FUNCTION erase_rehearsal() FROM PUBLIC")
    op.create_index(
        "ix_receipts_raw",
        "receipts",
        ["centre_id", "received_at"],
        postgresql_where=sa.text("raw IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_receipts_raw", "receipts")
    op.execute("DROP FUNCTION erase_rehearsal()")
    op.execute("ALTER FUNCTION erase_played() RENAME TO erase_rehearsal")
    op.execute(f"DROP TRIGGER mark_rehearsal ON {TABLE}")
    op.drop_column(TABLE, "is_rehearsal")
    op.execute(f"DROP POLICY wall ON {TABLE}")
    op.execute(f"ALTER TABLE {TABLE} DISABLE ROW LEVEL SECURITY")
