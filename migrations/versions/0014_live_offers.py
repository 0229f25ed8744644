"""How long one person on duty is asked before the next, and when each was asked last."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEX = "ix_consult_offers_person"


def upgrade() -> None:
    seconds = sa.Column("consult_seconds", sa.Integer(), nullable=False, server_default=sa.text("60"))
    op.add_column("teams", seconds)
    op.create_index(INDEX, "consult_offers", ["centre_id", "person_id", "offered_at"])


def downgrade() -> None:
    op.drop_index(INDEX, "consult_offers")
    op.drop_column("teams", "consult_seconds")
