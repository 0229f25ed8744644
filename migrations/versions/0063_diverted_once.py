"""What came to a door and became a visit without a request: the visit, to find it by its key."""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receipts", sa.Column("visit_id", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("receipts", "visit_id")
