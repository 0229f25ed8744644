"""Acts on many questions: the same rows as acts on many requests, seen by who began them."""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

STAFF = "centre_id = app_centre() AND app_organisation() IS NULL"
WALLS = {
    "bulk_acts": "centre_id = app_centre() AND (app_organisation() IS NULL OR EXISTS ("
    "SELECT 1 FROM persons p WHERE p.centre_id = bulk_acts.centre_id"
    " AND p.id = bulk_acts.person_id AND p.organisation_id = app_organisation()))",
    "bulk_rows": "centre_id = app_centre() AND (app_organisation() IS NULL OR EXISTS ("
    "SELECT 1 FROM referrals r WHERE r.centre_id = bulk_rows.centre_id"
    " AND r.id = bulk_rows.referral_id AND r.organisation_id = app_organisation()))",
}


def _wall(table: str, using: str) -> None:
    op.execute(f"DROP POLICY wall ON {table}")
    op.execute(f"CREATE POLICY wall ON {table} USING ({using})")


def upgrade() -> None:
    op.add_column("bulk_rows", sa.Column("referral_id", sa.BigInteger, nullable=True))
    op.alter_column("bulk_rows", "ticket_id", nullable=True)
    op.create_foreign_key(
        "fk_bulk_rows_centre_id_referral_id",
        "bulk_rows",
        "referrals",
        ["centre_id", "referral_id"],
        ["centre_id", "id"],
        ondelete="CASCADE",
    )
    op.create_check_constraint(
        op.f("ck_bulk_rows_of_one_thing"), "bulk_rows", "num_nonnulls(ticket_id, referral_id) = 1"
    )
    op.create_index(
        "uq_bulk_rows_referral",
        "bulk_rows",
        ["centre_id", "referral_id", "bulk_id"],
        unique=True,
        postgresql_where=sa.text("referral_id IS NOT NULL"),
    )
    for table, using in WALLS.items():
        _wall(table, using)


def downgrade() -> None:
    for table in WALLS:
        _wall(table, STAFF)
    op.execute("DELETE FROM bulk_rows WHERE referral_id IS NOT NULL")
    op.execute("DELETE FROM bulk_acts WHERE act IN ('take', 'hand', 'refuse')")
    op.drop_index("uq_bulk_rows_referral", "bulk_rows")
    op.drop_constraint(op.f("ck_bulk_rows_of_one_thing"), "bulk_rows")
    op.drop_column("bulk_rows", "referral_id")
    op.alter_column("bulk_rows", "ticket_id", nullable=False)
