"""Talks put on hold, and the stays of one call that is handed on."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

TABLE = "visit_holds"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at >= began_at", name="ck_visit_holds_in_order"),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name="fk_visit_holds_centre_id"),
        sa.ForeignKeyConstraint(
            ["centre_id", "visit_id"],
            ["visits.centre_id", "visits.id"],
            name="fk_visit_holds_centre_id_visit_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name="pk_visit_holds"),
    )
    op.create_index("ix_visit_holds_visit", TABLE, ["centre_id", "visit_id"])
    op.create_index(
        "uq_visit_holds_one_at_a_time",
        TABLE,
        ["centre_id", "visit_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY wall ON {TABLE}"
        " USING (centre_id = app_centre() AND app_organisation() IS NULL)"
    )
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO contactcenter_app;"
        f" GRANT USAGE ON SEQUENCE {TABLE}_id_seq TO contactcenter_app; END IF; END $$"
    )
    op.add_column(
        "phone_calls", sa.Column("leg", sa.Integer(), server_default="1", nullable=False)
    )
    op.alter_column("phone_calls", "leg", server_default=None)
    op.add_column(
        "visit_intervals",
        sa.Column("held_us", sa.BigInteger(), server_default="0", nullable=False),
    )
    op.alter_column("visit_intervals", "held_us", server_default=None)


def downgrade() -> None:
    op.drop_column("visit_intervals", "held_us")
    op.drop_column("phone_calls", "leg")
    op.drop_table(TABLE)
