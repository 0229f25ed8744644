"""A permission asked for by SMS keeps the topics that the text named."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "consent_requests",
        sa.Column(
            "topic_ids",
            postgresql.ARRAY(sa.BigInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    # Zero is no topic: what was asked for one that is gone must not become a yes to every topic.
    op.execute(
        "UPDATE consent_requests c SET topic_ids = ARRAY[coalesce(t.topic_id, 0)] FROM tickets t"
        " WHERE c.is_for_topic AND t.centre_id = c.centre_id AND t.id = c.ticket_id"
    )
    op.drop_column("consent_requests", "is_for_topic")


def downgrade() -> None:
    op.add_column(
        "consent_requests",
        sa.Column("is_for_topic", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.execute("UPDATE consent_requests SET is_for_topic = topic_ids <> '{}'")
    op.drop_column("consent_requests", "topic_ids")
