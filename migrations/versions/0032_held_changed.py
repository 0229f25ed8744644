"""What somebody holds that is not finished, by its last change."""

from alembic import op
from sqlalchemy import text

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_tickets_held_changed",
        "tickets",
        ["centre_id", "assigned_to", "updated_at", "id"],
        postgresql_where=text(
            "status IN ('new', 'open', 'waiting_on_citizen') AND assigned_to IS NOT NULL"
        ),
    )


def downgrade() -> None:
    op.drop_index("ix_tickets_held_changed", "tickets")
