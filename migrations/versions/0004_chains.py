"""Where teams answer, chains of refused questions, and what refusals say is wrong in the directory."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NONE_YET = sa.text("'{}'")


def upgrade() -> None:
    op.add_column(
        "teams",
        sa.Column(
            "territories", postgresql.ARRAY(sa.Text()), nullable=False, server_default=NONE_YET
        ),
    )
    op.add_column(
        "teams",
        sa.Column("is_fallback", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.create_index(
        "uq_teams_fallback",
        "teams",
        ["centre_id", "organisation_id"],
        unique=True,
        postgresql_where=sa.text("is_fallback"),
    )
    op.add_column(
        "topic_teams",
        sa.Column("not_in", postgresql.ARRAY(sa.Text()), nullable=False, server_default=NONE_YET),
    )
    op.add_column("referrals", sa.Column("after_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "referrals", sa.Column("hops", sa.Integer(), nullable=False, server_default=sa.text("0"))
    )
    op.add_column(
        "referrals", sa.Column("clock_from", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "referrals", sa.Column("place", sa.Text(), nullable=False, server_default=sa.text("''"))
    )
    op.create_foreign_key(
        "fk_referrals_centre_id_after_id",
        "referrals",
        "referrals",
        ["centre_id", "after_id"],
        ["centre_id", "id"],
    )
    op.create_index(
        "ix_referrals_after",
        "referrals",
        ["centre_id", "after_id"],
        postgresql_where=sa.text("after_id IS NOT NULL"),
    )
    op.create_index(
        "ix_referrals_refused",
        "referrals",
        ["centre_id", "team_id", "refusal", "closed_at"],
        postgresql_where=sa.text("refusal IS NOT NULL"),
    )
    op.create_table(
        "directory_corrections",
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("topic_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("district", sa.Text(), nullable=False),
        sa.Column("refusals", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.BigInteger(), nullable=True),
        sa.Column("is_accepted", sa.Boolean(), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(settled_at, settled_by, is_accepted) IN (0, 3)",
            name=op.f("ck_directory_corrections_settled_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name=op.f("fk_directory_corrections_centre_id")
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "topic_id"],
            ["topics.centre_id", "topics.id"],
            name=op.f("fk_directory_corrections_centre_id_topic_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "team_id"],
            ["teams.centre_id", "teams.id"],
            name=op.f("fk_directory_corrections_centre_id_team_id"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "settled_by"],
            ["persons.centre_id", "persons.id"],
            name=op.f("fk_directory_corrections_centre_id_settled_by"),
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f("pk_directory_corrections")),
    )
    op.create_index(
        "uq_directory_corrections_open",
        "directory_corrections",
        ["centre_id", "topic_id", "team_id", "district"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.execute("ALTER TABLE directory_corrections ENABLE ROW LEVEL SECURITY")
    op.execute(
        "CREATE POLICY wall ON directory_corrections"
        " USING (centre_id = app_centre() AND app_organisation() IS NULL)"
    )
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON directory_corrections TO contactcenter_app;"
        " END IF; END $$"
    )


def downgrade() -> None:
    op.drop_table("directory_corrections")
    op.drop_index("ix_referrals_refused", "referrals")
    op.drop_index("ix_referrals_after", "referrals")
    op.drop_constraint("fk_referrals_centre_id_after_id", "referrals")
    for column in ("place", "clock_from", "hops", "after_id"):
        op.drop_column("referrals", column)
    op.drop_column("topic_teams", "not_in")
    op.drop_index("uq_teams_fallback", "teams")
    for column in ("is_fallback", "territories"):
        op.drop_column("teams", column)
