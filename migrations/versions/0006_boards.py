"""What queues may expect, how long they were shown at each level, and the boards of sites."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("outlooks", "level_spells", "board_layouts")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "outlooks",
        *_keys("outlooks"),
        sa.Column("queue_id", sa.BigInteger(), nullable=False),
        sa.Column("counted_until", moment, nullable=False),
        sa.Column("expected_last_hour", sa.Float(), nullable=True),
        sa.Column("expected_next_hour", sa.Float(), nullable=True),
        sa.Column("spread", sa.Float(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("patience_seconds", sa.Float(), nullable=True),
        sa.Column("gave_up", sa.Integer(), nullable=False),
        sa.Column("patience_at", moment, nullable=True),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("surge_since", moment, nullable=True),
        _of("outlooks", "queue_id", "queues", ondelete="CASCADE"),
        sa.UniqueConstraint("centre_id", "queue_id", name="uq_outlooks_centre_id_queue_id"),
    )
    op.create_table(
        "level_spells",
        *_keys("level_spells"),
        sa.Column("queue_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("began_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        _of("level_spells", "queue_id", "queues", ondelete="CASCADE"),
    )
    op.create_index(
        "ix_level_spells_began", "level_spells", ["centre_id", "queue_id", "began_at"]
    )
    op.create_index(
        "uq_level_spells_one_at_a_time",
        "level_spells",
        ["centre_id", "queue_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "board_layouts",
        *_keys("board_layouts"),
        sa.Column("site_id", sa.BigInteger(), nullable=False),
        sa.Column("queue_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("set_by", sa.BigInteger(), nullable=False),
        sa.Column("set_at", moment, nullable=False),
        _of("board_layouts", "site_id", "sites", ondelete="CASCADE"),
        _of("board_layouts", "set_by", "persons"),
        sa.UniqueConstraint("centre_id", "site_id", name="uq_board_layouts_centre_id_site_id"),
    )
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY wall ON {table}"
            " USING (centre_id = app_centre() AND app_organisation() IS NULL)"
        )
        op.execute(
            "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
            f" GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO contactcenter_app;"
            f" GRANT USAGE ON SEQUENCE {table}_id_seq TO contactcenter_app; END IF; END $$"
        )


def _keys(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=f"fk_{table}_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", "id", name=f"pk_{table}"),
    ]


def _of(table: str, column: str, other: str, ondelete: str | None = None) -> sa.schema.SchemaItem:
    return sa.ForeignKeyConstraint(
        ["centre_id", column],
        [f"{other}.centre_id", f"{other}.id"],
        name=f"fk_{table}_centre_id_{column}",
        ondelete=ondelete,
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
