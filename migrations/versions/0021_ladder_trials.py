"""Ladders, calendars and routings tried on the questions of the last month."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "ladder_trials"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    json = postgresql.JSONB(astext_type=sa.Text())
    kinds = sa.Enum(
        "ladder", "without", "teams", "topics", name="tried", native_enum=False, length=32
    )
    op.create_table(
        TABLE,
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", json, nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("next_id", sa.BigInteger(), nullable=False),
        sa.Column("tally", json, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.CheckConstraint("looked_at <= total", name=op.f("ck_ladder_trials_within_total")),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name="fk_ladder_trials_centre_id"),
        sa.ForeignKeyConstraint(
            ["centre_id", "person_id"],
            ["persons.centre_id", "persons.id"],
            name="fk_ladder_trials_centre_id_person_id",
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name="pk_ladder_trials"),
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
