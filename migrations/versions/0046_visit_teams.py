"""Which team a visit belongs to, and which one is in charge of a queue of the centre's own.

What was served before is given to the team of who served it, as far as it is known today.
"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TEAMS = {"queues": "in_charge_id", "visits": "team_id"}
FILL = """
UPDATE visits v SET team_id = found.team_id FROM (
    SELECT v.centre_id, v.id, coalesce(
        (SELECT m.team_id FROM memberships m
         WHERE m.centre_id = v.centre_id AND m.person_id = v.answered_by AND m.team_id IS NOT NULL
         ORDER BY m.team_id IS DISTINCT FROM q.team_id, m.team_id LIMIT 1), q.team_id) AS team_id
    FROM visits v JOIN queues q ON q.centre_id = v.centre_id AND q.id = v.queue_id
) AS found
WHERE found.centre_id = v.centre_id AND found.id = v.id AND found.team_id IS NOT NULL
"""


def upgrade() -> None:
    for table, column in TEAMS.items():
        op.add_column(table, sa.Column(column, sa.BigInteger()))
        op.create_foreign_key(
            f"fk_{table}_centre_id_{column}",
            table,
            "teams",
            ["centre_id", column],
            ["centre_id", "id"],
        )
    op.add_column("visit_intervals", sa.Column("team_id", sa.BigInteger()))
    op.execute(FILL)


def downgrade() -> None:
    op.drop_column("visit_intervals", "team_id")
    for table, column in TEAMS.items():
        op.drop_constraint(f"fk_{table}_centre_id_{column}", table, type_="foreignkey")
        op.drop_column(table, column)
