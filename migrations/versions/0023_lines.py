"""The first of each line, read by the index whatever the length of the lines."""

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

# Comparing arrays or rows is not leakproof, and the wall would keep the index from being used: so
# these functions apply the same wall themselves, once.
LINES = """
CREATE FUNCTION waiting_lines(asked bigint[])
RETURNS TABLE (queue_id bigint, needs bigint[], priority_class text, place timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off AS $$
-- A line is those of one class and with the same needs in one queue: from each to the next one.
DECLARE
    centre bigint := app_centre();
BEGIN
    IF centre IS NULL OR app_organisation() IS NOT NULL THEN
        RETURN;
    END IF;
    FOREACH queue_id IN ARRAY asked LOOP
        SELECT v.needs, v.priority_class, coalesce(v.virtual_entered_at, v.entered_at)
        INTO needs, priority_class, place FROM visits v
        WHERE v.centre_id = centre AND v.queue_id = waiting_lines.queue_id AND v.state = 'waiting'
          AND v.wanted_person_id IS NULL
        ORDER BY v.needs, v.priority_class, coalesce(v.virtual_entered_at, v.entered_at), v.id
        LIMIT 1;
        WHILE FOUND LOOP
            RETURN NEXT;
            SELECT v.needs, v.priority_class, coalesce(v.virtual_entered_at, v.entered_at)
            INTO needs, priority_class, place FROM visits v
            WHERE v.centre_id = centre AND v.queue_id = waiting_lines.queue_id
              AND v.state = 'waiting' AND v.wanted_person_id IS NULL
              AND (v.needs, v.priority_class)
                  > (waiting_lines.needs, waiting_lines.priority_class)
            ORDER BY v.needs, v.priority_class, coalesce(v.virtual_entered_at, v.entered_at), v.id
            LIMIT 1;
        END LOOP;
    END LOOP;
END $$;
"""
# As `rules.opens_after` has it: after how many seconds a level is asked too.
OPENING = """
CREATE FUNCTION level_opens_after(level int, steps int[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN level IS NULL THEN NULL WHEN level <= 1 OR coalesce(cardinality(steps), 0) = 0 THEN 0
           ELSE steps[least(level - 1, cardinality(steps))] END
$$;
"""
# NULL for who lacks one of the skills: no level at all.
LEVEL = """
CREATE FUNCTION level_of(person bigint, queue bigint, asked bigint[], at timestamptz)
RETURNS int LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off AS $$
DECLARE
    centre bigint := app_centre();
    found_level int;
BEGIN
    IF centre IS NULL OR app_organisation() IS NOT NULL THEN
        RETURN NULL;
    END IF;
    SELECT q.level INTO found_level FROM queue_levels q
    WHERE q.centre_id = centre AND q.person_id = person AND q.queue_id = queue;
    IF cardinality(asked) = 0 THEN
        RETURN coalesce(found_level, 1);
    END IF;
    RETURN (SELECT greatest(coalesce(found_level, 1), max(s.level)) FROM person_skills s
        WHERE s.centre_id = centre AND s.person_id = person AND s.skill_id = ANY(asked)
          AND (s.until_at IS NULL OR s.until_at > at)
        HAVING count(*) = cardinality(asked));
END $$;
"""
HEADS = """
CREATE FUNCTION line_heads(person bigint, asked bigint[], at timestamptz, depth int)
RETURNS TABLE (id bigint, queue_id bigint, needs bigint[], priority_class text, level int,
    place timestamptz, overtaken int, is_wanted boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off SET jit = off AS $$
-- The first `depth` of each line that this person can serve by then, and who waits for them alone.
DECLARE
    centre bigint := app_centre();
    line record;
    steps int[];
    until timestamptz;
BEGIN
    IF centre IS NULL OR app_organisation() IS NOT NULL THEN
        RETURN;
    END IF;
    FOR line IN SELECT * FROM waiting_lines(asked) LOOP
        level := level_of(person, line.queue_id, line.needs, at);
        CONTINUE WHEN level IS NULL;
        until := 'infinity';
        IF level > 1 THEN
            SELECT r.opens_after INTO steps FROM routing_rules r
            WHERE r.centre_id = centre AND r.queue_id = line.queue_id;
            IF level_opens_after(level, steps) > 0 THEN
                until := at - make_interval(secs => level_opens_after(level, steps));
            END IF;
        END IF;
        RETURN QUERY SELECT v.id, v.queue_id, v.needs, v.priority_class::text, line_heads.level,
            coalesce(v.virtual_entered_at, v.entered_at), v.overtaken, false
        FROM visits v
        WHERE v.centre_id = centre AND v.queue_id = line.queue_id AND v.needs = line.needs
          AND v.priority_class = line.priority_class AND v.state = 'waiting'
          AND v.wanted_person_id IS NULL
          AND coalesce(v.virtual_entered_at, v.entered_at) <= until
        ORDER BY coalesce(v.virtual_entered_at, v.entered_at), v.id LIMIT depth;
    END LOOP;
    RETURN QUERY SELECT v.id, v.queue_id, v.needs, v.priority_class::text, 1,
        coalesce(v.virtual_entered_at, v.entered_at), v.overtaken, true
    FROM visits v
    WHERE v.centre_id = centre AND v.state = 'waiting' AND v.wanted_person_id = person
      AND v.wanted_until > at AND v.queue_id = ANY(asked)
    LIMIT depth;
END $$;
"""


def upgrade() -> None:
    for function in (LINES, OPENING, LEVEL, HEADS):
        op.execute(function)


def downgrade() -> None:
    op.execute("DROP FUNCTION line_heads(bigint, bigint[], timestamptz, int)")
    op.execute("DROP FUNCTION level_of(bigint, bigint, bigint[], timestamptz)")
    op.execute("DROP FUNCTION level_opens_after(int, int[])")
    op.execute("DROP FUNCTION waiting_lines(bigint[])")
