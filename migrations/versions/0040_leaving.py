"""Notices that are being handed over, and how often that was tried."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("tries", "doubts"):
        op.add_column(
            "notices", sa.Column(name, sa.Integer(), server_default="0", nullable=False)
        )
        op.alter_column("notices", name, server_default=None)
    op.drop_index("ix_notices_pending", "notices")
    _index("state IN ('pending', 'sending')")


def downgrade() -> None:
    op.execute("UPDATE notices SET state = 'pending' WHERE state = 'sending'")
    op.execute("UPDATE notices SET state = 'failed' WHERE state = 'unsure'")
    op.drop_index("ix_notices_pending", "notices")
    _index("state = 'pending'")
    op.drop_column("notices", "doubts")
    op.drop_column("notices", "tries")


def _index(which: str) -> None:
    op.create_index(
        "ix_notices_pending", "notices", ["centre_id", "due_at"], postgresql_where=sa.text(which)
    )
