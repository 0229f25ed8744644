"""Articles are matched by words first; weights and likeness are looked up for the best alone."""

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

MATCH = """
CREATE OR REPLACE FUNCTION match_articles(asked text[], most int)
RETURNS TABLE (article_id bigint, score double precision, words text[], likeness real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET jit = off AS $$
    WITH known AS MATERIALIZED (
        SELECT a.id FROM articles a
        WHERE a.centre_id = app_centre() AND a.status = 'published'
          AND (app_organisation() IS NULL
               OR (a.organisation_id = app_organisation() AND a.audience = 'shared'))
    ), terms AS MATERIALIZED (
        SELECT DISTINCT term, search_term(term) AS query FROM unnest(asked) AS term
        WHERE search_telling(term)
    ), hits AS MATERIALIZED (
        SELECT DISTINCT v.article_id, t.term
        FROM terms t JOIN article_versions v ON v.document @@ t.query AND v.is_current
        WHERE v.centre_id = app_centre() AND v.article_id IN (SELECT id FROM known)
    ), spread AS (
        SELECT h.term, ln(1 + (SELECT count(*) FROM known)::float / count(*)) AS says
        FROM hits h GROUP BY h.term
    ), best AS MATERIALIZED (
        SELECT h.article_id FROM hits h JOIN spread s USING (term)
        GROUP BY h.article_id ORDER BY sum(s.says) DESC, h.article_id LIMIT most * 2
    ), weighed AS (
        SELECT h.article_id, h.term, s.says * max(
            CASE WHEN ts_filter(v.document, '{a,b}') @@ t.query THEN 2 ELSE 1 END) AS says
        FROM best b JOIN hits h USING (article_id) JOIN spread s USING (term)
        JOIN terms t USING (term)
        JOIN article_versions v ON v.centre_id = app_centre() AND v.article_id = h.article_id
            AND v.is_current AND v.document @@ t.query
        GROUP BY h.article_id, h.term, s.says
    ), worded AS (
        SELECT w.article_id, sum(w.says) AS score,
            array_agg(w.term ORDER BY w.says DESC, w.term) AS words
        FROM weighed w GROUP BY w.article_id
    ), near AS (
        SELECT v.article_id, max(word_similarity(unaccent(lower(v.title)),
            unaccent(lower(array_to_string(asked, ' '))))) AS likeness
        FROM article_versions v
        WHERE v.centre_id = app_centre() AND v.is_current AND v.article_id IN (
            SELECT b.article_id FROM best b
            UNION ALL SELECT k.id FROM known k WHERE (SELECT count(*) FROM best) < most)
        GROUP BY v.article_id
    )
    SELECT n.article_id, coalesce(w.score, 0), coalesce(w.words, '{}'), n.likeness
    FROM near n LEFT JOIN worded w USING (article_id)
    WHERE w.score IS NOT NULL OR n.likeness >= 0.5
    ORDER BY coalesce(w.score, 0) + 2 * n.likeness DESC, n.article_id LIMIT most
$$;
"""


def upgrade() -> None:
    op.execute(MATCH)


def downgrade() -> None:
    """What it answers is the same: there is nothing to go back to."""
