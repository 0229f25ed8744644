"""What is asked beside a question, and what its answer took: by team, and by team and topic."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TOOK = "answer_seconds IS NOT NULL"
WAITS = "(status = 'asked_back') = (remaining_seconds IS NOT NULL)"
# Taken back while we owed an answer: what was left is kept, so that it can be put again.
WAITED = f"status = 'withdrawn' OR {WAITS}"


def upgrade() -> None:
    op.add_column("referrals", sa.Column("topic_id", sa.BigInteger(), nullable=True))
    op.add_column(
        "referrals", sa.Column("blocked_since", sa.Text(), nullable=False, server_default="")
    )
    op.add_column("referrals", sa.Column("answer_seconds", sa.Integer(), nullable=True))
    op.alter_column("referrals", "blocked_since", server_default=None)
    op.create_foreign_key(
        op.f("fk_referrals_centre_id_topic_id"),
        "referrals",
        "topics",
        ["centre_id", "topic_id"],
        ["centre_id", "id"],
    )
    op.create_check_constraint(
        op.f("ck_referrals_only_answers_took"),
        "referrals",
        "answer_seconds IS NULL OR status = 'answered'",
    )
    op.create_index(
        "ix_referrals_team_answered",
        "referrals",
        ["centre_id", "team_id", "closed_at"],
        postgresql_where=sa.text(TOOK),
    )
    op.create_index(
        "ix_referrals_topic_answered",
        "referrals",
        ["centre_id", "team_id", "topic_id", "closed_at"],
        postgresql_where=sa.text(TOOK),
    )
    _let_the_clock_wait(WAITED)


def downgrade() -> None:
    op.execute("UPDATE referrals SET remaining_seconds = NULL WHERE status = 'withdrawn'")
    _let_the_clock_wait(WAITS)
    op.drop_index("ix_referrals_topic_answered", "referrals")
    op.drop_index("ix_referrals_team_answered", "referrals")
    for column in ("answer_seconds", "blocked_since", "topic_id"):
        op.drop_column("referrals", column)


def _let_the_clock_wait(rule: str) -> None:
    name = op.f("ck_referrals_clock_waits_on_us")
    op.drop_constraint(name, "referrals")
    op.create_check_constraint(name, "referrals", rule)
