"""When we last asked the operator what became of a call nobody spoke of."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("phone_calls", sa.Column("asked_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("phone_calls", "asked_at")
