"""An expert's answer may leave for the citizen: by the agent's leave, held like any reply."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

STAFF = "centre_id = app_centre() AND app_organisation() IS NULL"
EXPERT = (
    "centre_id = app_centre() AND (app_organisation() IS NULL OR EXISTS ("
    "SELECT 1 FROM referrals r WHERE r.centre_id = held_replies.centre_id"
    " AND r.id = held_replies.referral_id AND r.organisation_id = app_organisation()))"
)


def upgrade() -> None:
    op.add_column(
        "referrals",
        sa.Column("may_tell_citizen", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "referrals", sa.Column("told_citizen_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("held_replies", sa.Column("referral_id", sa.BigInteger, nullable=True))
    op.create_foreign_key(
        "fk_held_replies_centre_id_referral_id",
        "held_replies",
        "referrals",
        ["centre_id", "referral_id"],
        ["centre_id", "id"],
        ondelete="CASCADE",
    )
    op.create_index(
        "uq_held_replies_referral",
        "held_replies",
        ["centre_id", "referral_id"],
        unique=True,
        postgresql_where=sa.text("referral_id IS NOT NULL"),
    )
    op.execute(f"ALTER POLICY wall ON held_replies USING ({EXPERT})")


def downgrade() -> None:
    op.execute(f"ALTER POLICY wall ON held_replies USING ({STAFF})")
    op.drop_index("uq_held_replies_referral", "held_replies")
    op.drop_column("held_replies", "referral_id")
    op.drop_column("referrals", "told_citizen_at")
    op.drop_column("referrals", "may_tell_citizen")
