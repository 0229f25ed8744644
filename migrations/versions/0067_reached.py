"""Whom a promised call reached, the agent says: until then nothing is written of how it ended."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

COLUMNS = ("reached_at", "hung_up_at")


def upgrade() -> None:
    for name in COLUMNS:
        op.add_column("phone_calls", sa.Column(name, sa.DateTime(timezone=True)))
    # A talk that is under way was taken for one with a person.
    op.execute(
        "UPDATE phone_calls SET reached_at = greatest(joined_at, agent_joined_at)"
        " WHERE promised_until IS NOT NULL AND joined_at IS NOT NULL AND agent_joined_at IS NOT NULL"
    )


def downgrade() -> None:
    for name in COLUMNS:
        op.drop_column("phone_calls", name)
