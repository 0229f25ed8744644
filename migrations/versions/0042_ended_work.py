"""Find work that ended without reading all, and forget what failures said."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE = "outbox_messages"


def upgrade() -> None:
    for column in ("done_at", "dead_at"):
        op.create_index(
            f"ix_{TABLE}_{column.removesuffix('_at')}",
            TABLE,
            [column],
            postgresql_where=sa.text(f"{column} IS NOT NULL"),
        )
    # Words of other programs, which may quote an address; the kind of the error stays.
    op.execute(
        f"UPDATE {TABLE} SET last_error = split_part(last_error, ':', 1)"
        " WHERE last_error IS NOT NULL"
    )


def downgrade() -> None:
    op.drop_index(f"ix_{TABLE}_dead", TABLE)
    op.drop_index(f"ix_{TABLE}_done", TABLE)
