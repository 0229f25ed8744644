"""What taking a question took, so that figures of experts need no calendar; questions by day."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INDEX = "ix_referrals_asked"


def upgrade() -> None:
    op.add_column("referrals", sa.Column("take_seconds", sa.Integer(), nullable=True))
    op.create_index(INDEX, "referrals", ["centre_id", "asked_at"])


def downgrade() -> None:
    op.drop_index(INDEX, "referrals")
    op.drop_column("referrals", "take_seconds")
