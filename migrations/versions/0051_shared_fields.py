"""Each topic says which details of a citizen its experts need; none, where nobody said."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

OPENED = (
    "EXISTS (SELECT 1 FROM tickets t JOIN ticket_access a"
    " ON a.centre_id = t.centre_id AND a.ticket_id = t.id{joined}"
    " WHERE t.centre_id = {table}.centre_id AND t.citizen_id = {table}.{key}"
    " AND a.organisation_id = app_organisation() AND a.valid_until > app_now(){needed})"
)
TOPIC = " JOIN topics p ON p.centre_id = t.centre_id AND p.id = t.topic_id"
CONCERNED = (
    " AND EXISTS (SELECT 1 FROM organisations o WHERE o.centre_id = identifiers.centre_id"
    " AND o.id = app_organisation() AND identifiers.kind = ANY (o.identifiers))"
)


def upgrade() -> None:
    op.add_column(
        "topics",
        sa.Column(
            "shared",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    _wall(TOPIC, " AND p.shared <> '{}'", " AND identifiers.kind = ANY (p.shared)")


def downgrade() -> None:
    _wall("", "", "")
    op.drop_column("topics", "shared")


def _wall(joined: str, someone: str, number: str) -> None:
    citizens = OPENED.format(table="citizens", key="id", joined=joined, needed=someone)
    numbers = OPENED.format(table="identifiers", key="citizen_id", joined=joined, needed=number)
    for table, partner in (("citizens", citizens), ("identifiers", numbers + CONCERNED)):
        op.execute(
            f"ALTER POLICY partner ON {table} USING (centre_id = app_centre() AND ({partner}))"
        )
