"""What was played is held before it is erased: a sweep that runs beside the wiping waits for it."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# A row that is held gets no new child, so that nothing is pressed, offered or written on it between
# the erasing of its children and its own. Children are held first, as those who work on them do.
WIPE = """
CREATE FUNCTION wipe_rehearsal() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    centre bigint := app_centre();
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
    RETURN erase_rehearsal();
END $$
"""


def upgrade() -> None:
    op.execute("ALTER FUNCTION wipe_rehearsal() RENAME TO erase_rehearsal")
    op.execute("REVOKE EXECUTE ON FUNCTION erase_rehearsal() FROM PUBLIC")
    op.execute(WIPE)


def downgrade() -> None:
    op.execute("DROP FUNCTION wipe_rehearsal()")
    op.execute("GRANT EXECUTE ON FUNCTION erase_rehearsal() TO PUBLIC")
    op.execute("ALTER FUNCTION erase_rehearsal() RENAME TO wipe_rehearsal")
