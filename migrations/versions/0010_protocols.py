"""Protocols of saturation and their runs; the waits that were announced."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TABLES = ("protocols", "protocol_runs", "announced_waits")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    json = postgresql.JSONB(astext_type=sa.Text())
    op.create_table(
        "protocols",
        *_keys("protocols"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue_id", sa.BigInteger(), nullable=False),
        sa.Column("level", _enum("trigger", "busy", "full", "blocked"), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("starts_by_rule", sa.Boolean(), nullable=False),
        sa.Column("actions", json, nullable=False),
        sa.Column("approved_by", sa.BigInteger(), nullable=False),
        sa.Column("approved_at", MOMENT, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        _of("protocols", "queue_id", "queues"),
        _of("protocols", "approved_by", "persons"),
        sa.UniqueConstraint("centre_id", "name", name="uq_protocols_centre_id_name"),
        sa.CheckConstraint(
            "hold_minutes BETWEEN 0 AND 240", name=op.f("ck_protocols_a_few_hours_at_most")
        ),
    )
    op.create_table(
        "protocol_runs",
        *_keys("protocol_runs"),
        sa.Column("protocol_id", sa.BigInteger(), nullable=False),
        sa.Column("queue_id", sa.BigInteger(), nullable=False),
        sa.Column("actions", json, nullable=False),
        sa.Column("undo", json, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("started_by", sa.BigInteger(), nullable=True),
        sa.Column("start_why", sa.Text(), nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("end_why", sa.Text(), nullable=True),
        sa.Column("before", json, nullable=True),
        sa.Column("during", json, nullable=True),
        sa.Column("after", json, nullable=True),
        _of("protocol_runs", "protocol_id", "protocols"),
        _of("protocol_runs", "queue_id", "queues"),
        _of("protocol_runs", "started_by", "persons"),
        _of("protocol_runs", "ended_by", "persons"),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (end_why IS NULL)",
            name=op.f("ck_protocol_runs_end_has_its_reason"),
        ),
    )
    op.create_index(
        "uq_protocol_runs_one_at_a_time",
        "protocol_runs",
        ["centre_id", "protocol_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_protocol_runs_started", "protocol_runs", ["centre_id", "started_at"])
    op.create_table(
        "announced_waits",
        *_keys("announced_waits"),
        sa.Column("visit_id", sa.BigInteger(), nullable=False),
        sa.Column("queue_id", sa.BigInteger(), nullable=False),
        sa.Column("place", _enum("place", "phone", "page"), nullable=False),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("low_minutes", sa.Integer(), nullable=False),
        sa.Column("high_minutes", sa.Integer(), nullable=False),
        sa.Column("ahead", sa.Integer(), nullable=False),
        _of("announced_waits", "visit_id", "visits", ondelete="CASCADE"),
        _of("announced_waits", "queue_id", "queues"),
        sa.UniqueConstraint(
            "centre_id", "visit_id", "place", name="uq_announced_waits_first_of_each_place"
        ),
    )
    op.create_index(
        "ix_announced_waits_said", "announced_waits", ["centre_id", "queue_id", "said_at"]
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


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


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
