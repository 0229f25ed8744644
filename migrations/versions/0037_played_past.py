"""Levels, protocols, incidents and gaps of a play are marked as played, and erased with it."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MARKED = ("level_spells", "protocol_runs", "incidents", "coverage_alarms")
BEGIN = """
CREATE OR REPLACE FUNCTION wipe_rehearsal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    centre bigint := app_centre();
    wiped bigint;
BEGIN
    IF centre IS NULL OR app_organisation() IS NOT NULL THEN
        RAISE EXCEPTION 'no centre in scope';
    END IF;
    PERFORM 1 FROM referrals WHERE centre_id = centre AND is_rehearsal ORDER BY id FOR UPDATE;
    PERFORM 1 FROM phone_calls c JOIN interactions i
        ON i.centre_id = c.centre_id AND i.id = c.interaction_id
        WHERE c.centre_id = centre AND i.is_rehearsal ORDER BY c.id FOR UPDATE;
    PERFORM 1 FROM visits WHERE centre_id = centre AND is_rehearsal ORDER BY id FOR UPDATE;
    PERFORM 1 FROM tickets WHERE centre_id = centre AND is_rehearsal ORDER BY id FOR UPDATE;
    wiped := erase_rehearsal();
"""
# An incident of the play that a real request was put with meanwhile has become real.
PAST = """
    DELETE FROM level_spells WHERE centre_id = centre AND is_rehearsal;
    DELETE FROM protocol_runs WHERE centre_id = centre AND is_rehearsal AND ended_at IS NOT NULL;
    DELETE FROM coverage_alarms WHERE centre_id = centre AND is_rehearsal;
    DELETE FROM incidents i WHERE i.centre_id = centre AND i.is_rehearsal AND NOT EXISTS
        (SELECT 1 FROM incident_tickets t WHERE t.centre_id = centre AND t.incident_id = i.id);
"""
END = """
    RETURN wiped;
END $$
"""


def upgrade() -> None:
    for table in MARKED:
        op.add_column(
            table, sa.Column("is_rehearsal", sa.Boolean, nullable=False, server_default=sa.false())
        )
        op.alter_column(table, "is_rehearsal", server_default=None)
        op.execute(
            f"CREATE TRIGGER mark_rehearsal BEFORE INSERT ON {table} FOR EACH ROW"
            " EXECUTE FUNCTION mark_rehearsal()"
        )
    op.execute(BEGIN + PAST + END)


def downgrade() -> None:
    op.execute(BEGIN + END)
    for table in MARKED:
        op.execute(f"DROP TRIGGER mark_rehearsal ON {table}")
        op.drop_column(table, "is_rehearsal")
