"""Until when someone writes up a call: no other is offered to them, and the board says so."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("presences", sa.Column("writes_until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("presences", "writes_until")
