"""What was written to one address is counted without reading what was written to others."""

from alembic import op
from sqlalchemy import text

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_notices_written_to",
        "notices",
        ["centre_id", text("lower(to_address)"), "written_at"],
    )


def downgrade() -> None:
    op.drop_index("ix_notices_written_to", "notices")
