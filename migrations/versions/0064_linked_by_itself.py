"""A link between two requests that nobody made: a mail that answers one that is closed."""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.alter_column("ticket_links", "person_id", existing_type=sa.BigInteger(), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM ticket_links WHERE person_id IS NULL")
    op.alter_column("ticket_links", "person_id", existing_type=sa.BigInteger(), nullable=False)
