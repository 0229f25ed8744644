"""A place may have a tablet on which people take their number themselves: the key of its address."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sites", sa.Column("kiosk_key", sa.Text()))


def downgrade() -> None:
    op.drop_column("sites", "kiosk_key")
