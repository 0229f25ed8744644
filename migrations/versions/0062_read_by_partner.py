"""Of an article shared with a partner, only what was checked while it was shared is theirs to read.

The current words are; those before are where they were published, or the partner's own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0062"
down_revision = "0061"
branch_labels = None
depends_on = None

OF_OWN = (
    "centre_id = app_centre() AND EXISTS (SELECT 1 FROM articles a"
    " WHERE a.centre_id = article_versions.centre_id AND a.id = article_versions.article_id"
    " AND a.organisation_id = app_organisation())"
)
# When an article came to be shared is not known: what is in force is, and what its partner wrote.
READ_BEFORE = """
UPDATE article_versions v SET is_for_partner = true
FROM articles a, persons p
WHERE a.centre_id = v.centre_id AND a.id = v.article_id AND a.audience = 'shared'
  AND p.centre_id = v.centre_id AND p.id = v.written_by
  AND (p.organisation_id = a.organisation_id OR (v.is_current AND a.status = 'published'))
"""


def upgrade() -> None:
    op.add_column(
        "article_versions",
        sa.Column("is_for_partner", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.execute(READ_BEFORE)
    op.execute(
        "ALTER POLICY partner ON article_versions"
        f" USING ({OF_OWN} AND (is_current OR is_for_partner))"
    )


def downgrade() -> None:
    op.execute(f"ALTER POLICY partner ON article_versions USING ({OF_OWN})")
    op.drop_column("article_versions", "is_for_partner")
