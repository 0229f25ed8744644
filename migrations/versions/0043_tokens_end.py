"""A token of another program serves for a time that was chosen; those of before, for a year."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "api_tokens",
        sa.Column(
            "expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            server_default=sa.text("now() + interval '365 days'"),
        ),
    )


def downgrade() -> None:
    op.drop_column("api_tokens", "expires_at")
