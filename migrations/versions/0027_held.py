"""What one person holds and is our move is found without what waits for citizens."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_tickets_ours_assigned",
        "tickets",
        ["centre_id", "assigned_to", "due_at", "id"],
        postgresql_where=sa.text("status IN ('new', 'open') AND assigned_to IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_ours_assigned", "tickets")
