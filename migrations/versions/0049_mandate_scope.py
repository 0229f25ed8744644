"""A permission says which topics it is for, and with which others it was given."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None

OPENED = (
    "EXISTS (SELECT 1 FROM ticket_access a WHERE a.centre_id = tickets.centre_id"
    " AND a.ticket_id = tickets.id AND a.organisation_id = app_organisation()"
    " AND a.valid_until > app_now())"
)
# The permissions a partner may read are their own and last; one of them is for this topic.
COVERED = (
    " AND EXISTS (SELECT 1 FROM mandates m WHERE m.centre_id = tickets.centre_id"
    " AND m.ticket_id = tickets.id AND m.organisation_id = app_organisation()"
    " AND (m.topic_ids = '{}' OR tickets.topic_id = ANY (m.topic_ids)))"
)
PERMITTED = (
    "mandate_id IS NULL OR EXISTS (SELECT 1 FROM mandates m"
    " WHERE m.centre_id = referrals.centre_id AND m.id = referrals.mandate_id{})"
)
ABOUT = (
    " AND (m.topic_ids = '{}' OR EXISTS (SELECT 1 FROM tickets t"
    " WHERE t.centre_id = referrals.centre_id"
    " AND t.id = coalesce(referrals.disclosed_as, referrals.ticket_id)"
    " AND t.topic_id = ANY (m.topic_ids)))"
)


def upgrade() -> None:
    op.add_column(
        "mandates",
        sa.Column(
            "topic_ids",
            postgresql.ARRAY(sa.BigInteger()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    op.add_column(
        "consent_requests",
        sa.Column("is_for_topic", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("mandates", sa.Column("given_with", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        "fk_mandates_centre_id_given_with",
        "mandates",
        "mandates",
        ["centre_id", "given_with"],
        ["centre_id", "id"],
        ondelete="CASCADE",
    )
    _wall(OPENED + COVERED, PERMITTED.format(ABOUT))


def downgrade() -> None:
    _wall(OPENED, PERMITTED.format(""))
    op.drop_constraint("fk_mandates_centre_id_given_with", "mandates", type_="foreignkey")
    op.drop_column("mandates", "given_with")
    op.drop_column("consent_requests", "is_for_topic")
    op.drop_column("mandates", "topic_ids")


def _wall(tickets: str, referrals: str) -> None:
    op.execute(
        f"ALTER POLICY partner ON tickets USING (centre_id = app_centre() AND ({tickets}))"
    )
    own = f"organisation_id = app_organisation() AND ({referrals})"
    op.execute(
        "ALTER POLICY wall ON referrals USING"
        f" (centre_id = app_centre() AND (app_organisation() IS NULL OR ({own})))"
    )
