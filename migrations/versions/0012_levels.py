"""Quarter hours in two levels: few rows for boards, many for what is told apart in detail."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

# What was kept of one level is counted again in both.
AGAIN = """
INSERT INTO interval_marks (centre_id, queue_id, begins_at)
SELECT DISTINCT centre_id, queue_id, interval_of(entered_at) FROM visits;
DELETE FROM visit_intervals;
"""
LOOSE = ("language", "priority_class")
INDEX = "ix_visit_intervals_cell"


def upgrade() -> None:
    op.execute(AGAIN)
    op.add_column("visit_intervals", sa.Column("is_detailed", sa.Boolean(), nullable=False))
    for name in LOOSE:
        op.alter_column("visit_intervals", name, nullable=True)
    op.drop_index(INDEX, "visit_intervals")
    cell = ["centre_id", "is_detailed", "queue_id", "begins_at"]
    op.create_index(INDEX, "visit_intervals", cell)


def downgrade() -> None:
    op.execute(AGAIN)
    op.drop_index(INDEX, "visit_intervals")
    op.create_index(INDEX, "visit_intervals", ["centre_id", "queue_id", "begins_at"])
    for name in LOOSE:
        op.alter_column("visit_intervals", name, nullable=False)
    op.drop_column("visit_intervals", "is_detailed")
