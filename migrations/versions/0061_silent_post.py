"""An agent's telephone that stays silent is no state of the call: it rings elsewhere at once."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("phone_calls", "agent_failed_at")


def downgrade() -> None:
    op.add_column("phone_calls", sa.Column("agent_failed_at", sa.DateTime(timezone=True)))
