"""Permissions asked for by SMS, with the question that waits for the yes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

TABLE = "consent_requests"


def _within(column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["centre_id", column],
        [f"{other}.centre_id", f"{other}.id"],
        name=op.f(f"fk_{TABLE}_centre_id_{column}"),
        **more,
    )


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("told", postgresql.JSONB(), nullable=False),
        sa.Column("papers", sa.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_yes", sa.Boolean(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (is_yes IS NULL)", name=op.f(f"ck_{TABLE}_answered_whole")
        ),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f(f"fk_{TABLE}_centre_id")),
        _within("ticket_id", "tickets", ondelete="CASCADE"),
        _within("team_id", "teams"),
        _within("asked_by", "persons"),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f(f"pk_{TABLE}")),
    )
    op.create_index(f"ix_{TABLE}_ticket", TABLE, ["centre_id", "ticket_id"])
    op.create_index(
        f"ix_{TABLE}_open",
        TABLE,
        ["centre_id", "phone"],
        postgresql_where=sa.text("answered_at IS NULL AND withdrawn_at IS NULL"),
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


def downgrade() -> None:
    op.drop_table(TABLE)
