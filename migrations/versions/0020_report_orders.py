"""Reports that managers ordered by mail. Walled for the staff."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLE = "report_orders"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("centre_id", sa.BigInteger(), sa.ForeignKey("centres.id"), primary_key=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("every", sa.String(32), nullable=False),
        sa.Column("queue_id", sa.BigInteger(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            *("centre_id", "person_id", "every", "queue_id"),
            name=f"uq_{TABLE}_centre_id_person_id_every_queue_id",
            postgresql_nulls_not_distinct=True,
        ),
        _within("person_id", "persons"),
        _within("queue_id", "queues"),
    )
    op.create_index(f"ix_{TABLE}_due", TABLE, ["centre_id", "due_at"])
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


def downgrade() -> None:
    op.drop_table(TABLE)


def _within(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["centre_id", column],
        [f"{other}.centre_id", f"{other}.id"],
        name=f"fk_{TABLE}_centre_id_{column}",
        ondelete="CASCADE",
    )
