"""An organisation's closed questions by date: the list of its experts shows the latest."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INDEX = "ix_referrals_organisation_closed"


def upgrade() -> None:
    op.create_index(
        INDEX,
        "referrals",
        ["centre_id", "organisation_id", "closed_at", "id"],
        postgresql_where=sa.text("closed_at IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index(INDEX, "referrals")
