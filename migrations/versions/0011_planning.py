"""Known events, staffing plans and rehearsed days: what managers plan with. Walled for the staff."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TABLES = ("known_events", "staffing_plans", "what_ifs")


def upgrade() -> None:
    op.create_table(
        "known_events",
        *_keys(),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("queue_ids", JSONB(), nullable=False),
        sa.Column("factor", sa.Float(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("begins_on <= ends_on", name="begins_before_it_ends"),
        sa.CheckConstraint("factor > 0 AND factor <= 20", name="factor_is_a_multiple"),
        _within("known_events", "made_by", "persons"),
    )
    op.create_index("ix_known_events_days", "known_events", ["centre_id", "ends_on", "begins_on"])
    op.create_table(
        "staffing_plans",
        *_keys(),
        sa.Column("queue_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("agents", JSONB(), nullable=False),
        sa.Column("goals", JSONB(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "centre_id", "queue_id", "day", name="uq_staffing_plans_centre_id_queue_id_day"
        ),
        _within("staffing_plans", "queue_id", "queues"),
        _within("staffing_plans", "made_by", "persons"),
    )
    op.create_table(
        "what_ifs",
        *_keys(),
        sa.Column("queue_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("content", JSONB(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("results", JSONB(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint("done <= total", name="within_total"),
        _within("what_ifs", "queue_id", "queues"),
        _within("what_ifs", "person_id", "persons"),
    )
    op.create_index("ix_what_ifs_asked", "what_ifs", ["centre_id", "queue_id", "asked_at"])
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY wall ON {table}"
            " USING (centre_id = app_centre() AND app_organisation() IS NULL)"
        )
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(TABLES)} TO contactcenter_app;"
        " GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO contactcenter_app;"
        " END IF; END $$"
    )


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _keys() -> tuple[sa.Column[int], sa.Column[int]]:
    return (
        sa.Column("centre_id", sa.BigInteger(), sa.ForeignKey("centres.id"), primary_key=True),
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
    )


def _within(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["centre_id", column],
        [f"{other}.centre_id", f"{other}.id"],
        name=f"fk_{table}_centre_id_{column}",
    )
