"""An index for each order of unfinished requests, and one of what waits for us.

A queue may be full of what waits for the citizen, and most of what changed lately is finished.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OURS = "status IN ('new', 'open')"
UNFINISHED = "status IN ('new', 'open', 'waiting_on_citizen')"
INDEXES = {
    "ix_tickets_ours": ("due_at", OURS),
    "ix_tickets_queue_opened": ("opened_at", UNFINISHED),
    "ix_tickets_queue_changed": ("updated_at", UNFINISHED),
}


def upgrade() -> None:
    for name, (moment, which) in INDEXES.items():
        columns = ["centre_id", "queue_id", moment, "id"]
        op.create_index(name, "tickets", columns, postgresql_where=sa.text(which))


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "tickets")
