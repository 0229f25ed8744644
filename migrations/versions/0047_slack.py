"""How much time is left before a question must be begun: the order of the experts' list."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "referrals", sa.Column("work_seconds", sa.Integer, nullable=False, server_default="0")
    )
    op.add_column("referrals", sa.Column("begin_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("referrals", sa.Column("save_by", sa.DateTime(timezone=True), nullable=True))
    # What is open now is begun by the first of its two ends, until its clock is next set
    op.execute(
        "UPDATE referrals SET begin_by = least(due_at, right_lost_at), save_by = right_lost_at"
        " WHERE closed_at IS NULL AND due_at IS NOT NULL"
    )


def downgrade() -> None:
    for column in ("save_by", "begin_by", "work_seconds"):
        op.drop_column("referrals", column)
