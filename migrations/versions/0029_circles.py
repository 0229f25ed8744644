"""A team that another one invited: its question names the one it was invited to."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

KEY = "fk_referrals_centre_id_invited_by"


def upgrade() -> None:
    op.add_column("referrals", sa.Column("invited_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        KEY,
        "referrals",
        "referrals",
        ["centre_id", "invited_by"],
        ["centre_id", "id"],
        ondelete="CASCADE",
    )


def downgrade() -> None:
    op.drop_constraint(KEY, "referrals", type_="foreignkey")
    op.drop_column("referrals", "invited_by")
