"""Articles, their versions, and what became of them where they were proposed."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_OWN = (
    "EXISTS (SELECT 1 FROM articles a WHERE a.centre_id = {table}.centre_id"
    " AND a.id = {table}.article_id AND a.organisation_id = app_organisation())"
)
# What a partner may see and write beside the staff, by table; None: nothing.
WALLS = {
    "articles": "organisation_id = app_organisation() AND audience = 'shared'",
    "article_versions": OF_OWN.format(table="article_versions"),
    "article_sources": OF_OWN.format(table="article_sources")
    + " AND EXISTS (SELECT 1 FROM referrals r WHERE r.centre_id = article_sources.centre_id"
    " AND r.id = article_sources.referral_id AND r.organisation_id = app_organisation())",
    "article_proposals": None,
    "article_uses": None,
}

# `@@` and `%>` are not leakproof, so the policy would block the index of words: the function
# applies the same scope itself. A term says the more, the fewer articles hold it (its weight is
# ln(1 + articles / articles that hold it)), and twice as much in a title or a question. Titles
# written nearly alike count too, when words alone find too few.
MATCH = """
CREATE FUNCTION match_articles(asked text[], most int)
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
    ), hits AS (
        SELECT v.article_id, t.term,
            max(CASE WHEN ts_filter(v.document, '{a,b}') @@ t.query THEN 2 ELSE 1 END) AS weight
        FROM terms t JOIN article_versions v ON v.document @@ t.query AND v.is_current
        JOIN known k ON k.id = v.article_id
        WHERE v.centre_id = app_centre() GROUP BY 1, 2
    ), spread AS (
        SELECT h.term, ln(1 + (SELECT count(*) FROM known)::float / count(*)) AS says
        FROM hits h GROUP BY h.term
    ), worded AS (
        SELECT h.article_id, sum(h.weight * s.says) AS score,
            array_agg(h.term ORDER BY h.weight * s.says DESC, h.term) AS words
        FROM hits h JOIN spread s USING (term) GROUP BY h.article_id
    ), near AS (
        SELECT v.article_id, max(word_similarity(unaccent(lower(v.title)),
            unaccent(lower(array_to_string(asked, ' '))))) AS likeness
        FROM article_versions v JOIN known k ON k.id = v.article_id
        WHERE v.centre_id = app_centre() AND v.is_current
          AND ((SELECT count(*) FROM worded) < most
               OR v.article_id IN (SELECT w.article_id FROM worded w))
        GROUP BY v.article_id
    )
    SELECT n.article_id, coalesce(w.score, 0), coalesce(w.words, '{}'), n.likeness
    FROM near n LEFT JOIN worded w USING (article_id)
    WHERE w.score IS NOT NULL OR n.likeness >= 0.5
    ORDER BY coalesce(w.score, 0) + 2 * n.likeness DESC, n.article_id LIMIT most
$$;
"""


def upgrade() -> None:
    op.create_table(
        "articles",
        *_keys("articles"),
        _id("topic_id"),
        _id("organisation_id"),
        _id("team_id", nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("audience", _enum("audience", "centre", "shared"), nullable=False),
        sa.Column(
            "status", _enum("articlestatus", "draft", "published", "withdrawn"), nullable=False
        ),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        _id("made_by"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT, nullable=True),
        _of("articles", "topic_id", "topics"),
        _of("articles", "organisation_id", "organisations"),
        _of("articles", "team_id", "teams"),
        _of("articles", "made_by", "persons"),
        sa.CheckConstraint(
            "status <> 'published' OR review_on IS NOT NULL",
            name=op.f("ck_articles_is_reviewed_again"),
        ),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL",
            name=op.f("ck_articles_published_at_a_moment"),
        ),
    )
    op.create_index("ix_articles_topic", "articles", ["centre_id", "topic_id"])
    op.create_index("ix_articles_changed", "articles", ["centre_id", "changed_at", "id"])
    op.create_index(
        "ix_articles_review",
        "articles",
        ["centre_id", "review_on"],
        postgresql_where=sa.text("status = 'published'"),
    )
    _versions()
    _around()
    for table, partner in WALLS.items():
        _wall(table, partner)
    op.execute(MATCH)


def _versions() -> None:
    texts = postgresql.ARRAY(sa.Text())
    op.create_table(
        "article_versions",
        *_keys("article_versions"),
        _id("article_id"),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("of_number", sa.Integer(), nullable=True),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("papers", texts, nullable=False),
        sa.Column("confirmed", texts, nullable=False),
        _id("written_by"),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("document", postgresql.TSVECTOR(), nullable=False),
        _of("article_versions", "article_id", "articles", ondelete="CASCADE"),
        _of("article_versions", "written_by", "persons"),
        sa.UniqueConstraint(
            "centre_id",
            "article_id",
            "language",
            "number",
            name="uq_article_versions_centre_id_article_id_language_number",
        ),
    )
    op.create_index(
        "uq_article_versions_current",
        "article_versions",
        ["centre_id", "article_id", "language"],
        unique=True,
        postgresql_where=sa.text("is_current"),
    )
    op.create_index(
        "ix_article_versions_document",
        "article_versions",
        ["document"],
        postgresql_using="gin",
        postgresql_where=sa.text("is_current"),
    )


def _around() -> None:
    op.create_table(
        "article_sources",
        *_keys("article_sources"),
        _id("article_id"),
        _id("ticket_id"),
        _id("referral_id", nullable=True),
        *_of_both("article_sources"),
        _of("article_sources", "referral_id", "referrals", ondelete="CASCADE"),
    )
    op.create_index("ix_article_sources_ticket", "article_sources", ["centre_id", "ticket_id"])
    op.create_index(
        "ix_article_sources_referral",
        "article_sources",
        ["centre_id", "referral_id"],
        postgresql_where=sa.text("referral_id IS NOT NULL"),
    )
    op.create_table(
        "article_proposals",
        *_keys("article_proposals"),
        _id("article_id"),
        _id("ticket_id"),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        *_of_both("article_proposals"),
    )
    op.create_index("ix_article_proposals_ticket", "article_proposals", ["centre_id", "ticket_id"])
    op.create_index(
        "ix_article_proposals_proposed", "article_proposals", ["centre_id", "proposed_at"]
    )
    op.create_table(
        "article_uses",
        *_keys("article_uses"),
        _id("article_id"),
        _id("ticket_id", nullable=True),
        _id("person_id"),
        sa.Column("was_inserted", sa.Boolean(), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("used_at", MOMENT, nullable=False),
        _of("article_uses", "article_id", "articles", ondelete="CASCADE"),
        _of("article_uses", "ticket_id", "tickets", ondelete="CASCADE"),
        _of("article_uses", "person_id", "persons"),
        sa.UniqueConstraint(
            "centre_id",
            "article_id",
            "ticket_id",
            "person_id",
            name="uq_article_uses_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index("ix_article_uses_ticket", "article_uses", ["centre_id", "ticket_id"])
    op.create_index("ix_article_uses_used", "article_uses", ["centre_id", "used_at"])


def _of_both(table: str) -> list[sa.schema.SchemaItem]:
    return [
        _of(table, "article_id", "articles", ondelete="CASCADE"),
        _of(table, "ticket_id", "tickets", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "centre_id",
            "article_id",
            "ticket_id",
            name=f"uq_{table}_centre_id_article_id_ticket_id",
        ),
    ]


def _wall(table: str, partner: str | None) -> None:
    who = "app_organisation() IS NULL" + (f" OR ({partner})" if partner else "")
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY wall ON {table} USING (centre_id = app_centre() AND ({who}))")
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO contactcenter_app;"
        f" GRANT USAGE ON SEQUENCE {table}_id_seq TO contactcenter_app; END IF; END $$"
    )


def _enum(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, length=32)


def _id(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _keys(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=f"fk_{table}_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", "id", name=f"pk_{table}"),
    ]


def _of(table: str, column: str, other: str, ondelete: str | None = None) -> sa.schema.SchemaItem:
    return sa.ForeignKeyConstraint(
        ["centre_id", column],
        [f"{other}.centre_id", f"{other}.id"],
        name=f"fk_{table}_centre_id_{column}",
        ondelete=ondelete,
    )


def downgrade() -> None:
    op.execute("DROP FUNCTION match_articles(text[], int)")
    for table in reversed(WALLS):
        op.drop_table(table)
