"""What was expected of each day, by half-hour, as said before it began."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

TABLE = "day_forecasts"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("queue_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("means", ARRAY(sa.Float())),
        sa.Column("cv", sa.Float(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("counts_played", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=f"fk_{TABLE}_centre_id"),
        sa.ForeignKeyConstraint(
            ["centre_id", "queue_id"],
            ["queues.centre_id", "queues.id"],
            name=f"fk_{TABLE}_centre_id_queue_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=f"pk_{TABLE}"),
        sa.UniqueConstraint(
            "centre_id", "queue_id", "day", name=f"uq_{TABLE}_centre_id_queue_id_day"
        ),
    )
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY wall ON {TABLE}"
        " USING (centre_id = app_centre() AND app_organisation() IS NULL)"
    )
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app')"
        f" THEN GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO contactcenter_app;"
        f" GRANT USAGE ON SEQUENCE {TABLE}_id_seq TO contactcenter_app; END IF; END $$"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
