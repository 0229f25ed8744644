"""The tags that a ready-made reply sets."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import ARRAY, BigInteger, text

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "macros",
        sa.Column("tag_ids", ARRAY(BigInteger), nullable=False, server_default=text("'{}'")),
    )


def downgrade() -> None:
    op.drop_column("macros", "tag_ids")
