"""That a telephone is rung is written down before it is, so that nobody is rung twice."""

import sqlalchemy as sa
from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None

COLUMNS = ("agent_dialled_at", "citizen_dialled_at")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("phone_calls", sa.Column(name, sa.DateTime(timezone=True)))
    # What is under way was asked for, or is not any more.
    op.execute("UPDATE phone_calls SET agent_dialled_at = accepted_at WHERE agent_sid IS NOT NULL")


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("phone_calls", name)
