"""A loan remembers where its person stood in the queue before."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loans", sa.Column("level_before", sa.Integer))


def downgrade() -> None:
    op.drop_column("loans", "level_before")
