"""Requests by when they were finished, the closed ones too."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_tickets_finished",
        "tickets",
        ["centre_id", "resolved_at", "id"],
        postgresql_where=sa.text("resolved_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_finished", table_name="tickets")
