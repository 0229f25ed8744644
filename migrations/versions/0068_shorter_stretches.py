"""A search among the latest requests looks through shorter stretches of them.

PostgreSQL takes the longer for each place in a stretch the more of them there are: 6 ms for sixteen
that hold a common word, 76 for sixty-four. So the latest 20,000 requests are looked through sixteen
places of 256 at a time at most.
"""

from alembic import op

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

SEARCH = """
CREATE OR REPLACE FUNCTION search_tickets(wanted text[], most int, below bigint)
RETURNS TABLE (ticket_id bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET jit = off AS $$
-- The newest first, one stretch of places after the other, each longer than the one before.
DECLARE
    centre bigint := app_centre();
    all_wanted tsquery := search_all(wanted);
    upto bigint;
    low bigint;
    bits int := 8;
    places int := 1;
    stretches int := 0;
    stretch tsquery;
    found int;
BEGIN
    IF app_organisation() IS NOT NULL OR all_wanted IS NULL THEN
        RETURN;
    END IF;
    SELECT max(d.ticket_id) INTO upto
        FROM search_documents d WHERE d.centre_id = centre AND d.ticket_id < below;
    WHILE upto > 0 AND most > 0 LOOP
        low := greatest((upto >> bits) - places + 1, 0);
        SELECT string_agg(quote_literal(search_place(centre, place << bits, bits)), '|')::tsquery
            INTO stretch FROM generate_series(low, upto >> bits) AS place;
        -- Apart, so that nothing but the index of words is tempted to answer.
        RETURN QUERY WITH hits AS MATERIALIZED (
            SELECT d.centre_id AS of, d.ticket_id AS id FROM search_documents d
            WHERE d.document @@ (stretch && all_wanted)
        ) SELECT DISTINCT hits.id FROM hits WHERE hits.of = centre AND hits.id <= upto
          ORDER BY hits.id DESC LIMIT most;
        GET DIAGNOSTICS found = ROW_COUNT;
        most := most - found;
        upto := (low << bits) - 1;
        stretches := stretches + 1;
{longer}
    END LOOP;
END $$;
"""

LONGER = """
        IF stretches = 8 THEN
            bits := 14;
            places := 1;
        ELSIF bits = 8 THEN
            places := least(places * 2, 16);
        ELSE
            places := least(places * 4, 64);
        END IF;
"""

LONGER_BEFORE = """
        IF places < 64 THEN
            places := places * 4;
        ELSIF bits = 8 THEN
            bits := 14;
            places := 1;
        END IF;
"""


def upgrade() -> None:
    op.execute(SEARCH.format(longer=LONGER.strip("\n")))


def downgrade() -> None:
    op.execute(SEARCH.format(longer=LONGER_BEFORE.strip("\n")))
