"""Calls that were promised, and after what wait a queue offers one."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("phone_calls", "call_sid", nullable=True)
    op.add_column("phone_calls", sa.Column("promised_until", sa.DateTime(timezone=True)))
    op.add_column("phone_calls", sa.Column("try_after", sa.DateTime(timezone=True)))
    op.add_column(
        "phone_calls", sa.Column("tries", sa.Integer(), server_default="0", nullable=False)
    )
    op.alter_column("phone_calls", "tries", server_default=None)
    op.create_index(
        "ix_phone_calls_promised",
        "phone_calls",
        ["centre_id", "promised_until"],
        postgresql_where=sa.text("promised_until IS NOT NULL AND ended_at IS NULL"),
    )
    op.add_column("routing_rules", sa.Column("callback_after_seconds", sa.Integer()))
    # Who is called back came once: what an earlier log told of them is counted anew.
    op.execute(
        "INSERT INTO interval_marks (centre_id, queue_id, begins_at) SELECT DISTINCT"
        " centre_id, queue_id, begins_at FROM visit_intervals WHERE source = 'callback'"
    )


def downgrade() -> None:
    op.drop_column("routing_rules", "callback_after_seconds")
    op.drop_index("ix_phone_calls_promised", "phone_calls")
    for name in ("tries", "try_after", "promised_until"):
        op.drop_column("phone_calls", name)
    op.execute("DELETE FROM phone_offers WHERE call_id IN (SELECT id FROM phone_calls"
               " WHERE call_sid IS NULL)")
    op.execute("DELETE FROM phone_calls WHERE call_sid IS NULL")
    op.alter_column("phone_calls", "call_sid", nullable=False)
