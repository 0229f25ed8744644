"""What the operator calls the call of an appointment: known once it says that it makes it."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "consult_bookings",
        sa.Column("call_sid", sa.Text(), server_default=sa.text("''"), nullable=False),
    )
    # What was asked for before is taken to have been made, as it was shown.
    op.execute("UPDATE consult_bookings SET call_sid = 'made' WHERE called_at IS NOT NULL")


def downgrade() -> None:
    op.drop_column("consult_bookings", "call_sid")
