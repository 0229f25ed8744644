"""Who said that it is not solved, until somebody called them back or opened the request again."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

TABLE = "solved_questions"
INDEX = "ix_solved_questions_not_solved"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(TABLE, sa.Column("settled_by", sa.BigInteger(), nullable=True))
    op.create_foreign_key(
        f"fk_{TABLE}_centre_id_settled_by",
        TABLE,
        "persons",
        ["centre_id", "settled_by"],
        ["centre_id", "id"],
    )
    op.create_index(
        INDEX,
        TABLE,
        ["centre_id", "answered_at"],
        postgresql_where=sa.text("is_solved = false AND settled_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index(INDEX, TABLE)
    op.drop_column(TABLE, "settled_by")
    op.drop_column(TABLE, "settled_at")
