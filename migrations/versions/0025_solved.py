"""Whether it is solved: asked of the citizen some weeks after a partner's answer."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

TABLE = "solved_questions"
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "centres",
        sa.Column("asks_solved", sa.Boolean(), server_default=sa.text("true"), nullable=False),
    )
    op.add_column(
        "centres",
        sa.Column("solved_after_days", sa.Integer(), server_default=sa.text("30"), nullable=False),
    )
    means = sa.Enum("email", "sms", "call", name="askedby", native_enum=False, length=32)
    op.create_table(
        TABLE,
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("asked_by", means, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("is_solved", sa.Boolean(), nullable=True),
        sa.Column("noted_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (is_solved IS NULL)",
            name=op.f("ck_solved_questions_answered_whole"),
        ),
        sa.CheckConstraint(
            "(asked_by = 'call') = (token_hash IS NULL)",
            name=op.f("ck_solved_questions_a_link_to_answer_by"),
        ),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name="fk_solved_questions_centre_id"
        ),
        _of("ticket_id", "tickets", ondelete="CASCADE"),
        _of("team_id", "teams"),
        _of("noted_by", "persons"),
        sa.PrimaryKeyConstraint("centre_id", "id", name="pk_solved_questions"),
        sa.UniqueConstraint("centre_id", "ticket_id", name="uq_solved_questions_once"),
    )
    op.create_index("ix_solved_questions_token", TABLE, ["centre_id", "token_hash"])
    op.create_index("ix_solved_questions_asked", TABLE, ["centre_id", "asked_at"])
    op.create_index(
        "ix_solved_questions_to_call",
        TABLE,
        ["centre_id", "asked_at"],
        postgresql_where=sa.text("asked_by = 'call' AND answered_at IS NULL"),
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


def _of(column: str, other: str, ondelete: str | None = None) -> sa.schema.SchemaItem:
    return sa.ForeignKeyConstraint(
        ["centre_id", column],
        [f"{other}.centre_id", f"{other}.id"],
        name=f"fk_solved_questions_centre_id_{column}",
        ondelete=ondelete,
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("centres", "solved_after_days")
    op.drop_column("centres", "asks_solved")
