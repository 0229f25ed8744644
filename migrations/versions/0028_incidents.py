"""Incidents, the requests that belong to each, and the watch over each topic."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = ("topic_watches", "incidents", "incident_tickets")
MOMENT = sa.DateTime(timezone=True)
JSON = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.create_table(
        "topic_watches",
        *_keys("topic_watches"),
        _id("topic_id"),
        sa.Column("score", sa.Float(), nullable=False),
        _at("surge_since"),
        _at("counted_until", nullable=False),
        _of("topic_watches", "topic_id", "topics"),
        sa.UniqueConstraint("centre_id", "topic_id", name="uq_topic_watches_centre_id_topic_id"),
    )
    _incidents()
    _tickets()
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY wall ON {table}"
            " USING (centre_id = app_centre() AND app_organisation() IS NULL)"
        )
        op.execute(
            "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
            f" GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO contactcenter_app;"
            f" GRANT USAGE ON SEQUENCE {table}_id_seq TO contactcenter_app; END IF; END $$"
        )


def _incidents() -> None:
    op.create_table(
        "incidents",
        *_keys("incidents"),
        _id("topic_id"),
        _at("begun_at", nullable=False),
        _at("proposed_at"),
        sa.Column("came", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Float(), nullable=True),
        _at("opened_at"),
        _id("opened_by", nullable=True),
        _at("refused_at"),
        _id("refused_by", nullable=True),
        sa.Column("say", JSON, nullable=False),
        _id("referral_id", nullable=True),
        sa.Column("told", JSON, nullable=False),
        sa.Column("finishes", sa.Boolean(), nullable=False),
        _at("sent_at"),
        _id("sent_by", nullable=True),
        _at("ended_at"),
        _id("ended_by", nullable=True),
        sa.Column("summary", sa.Text(), nullable=True),
        _of("incidents", "topic_id", "topics"),
        *(_of("incidents", f"{verb}_by", "persons") for verb in ("opened", "refused")),
        *(_of("incidents", f"{verb}_by", "persons") for verb in ("sent", "ended")),
        # The incident stays when the question it asked is erased, without it.
        sa.ForeignKeyConstraint(
            ["centre_id", "referral_id"],
            ["referrals.centre_id", "referrals.id"],
            name="fk_incidents_centre_id_referral_id",
            ondelete="SET NULL (referral_id)",
        ),
        _check("(opened_at IS NULL) = (opened_by IS NULL)", "opened_by_a_person"),
        _check("(refused_at IS NULL) = (refused_by IS NULL)", "refused_by_a_person"),
        _check("(ended_at IS NULL) = (summary IS NULL)", "ends_with_a_summary"),
        _check("ended_at IS NULL OR opened_at IS NOT NULL", "opened_before_it_ends"),
    )
    op.create_index(
        "uq_incidents_one_at_a_time",
        "incidents",
        ["centre_id", "topic_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL AND refused_at IS NULL"),
    )
    op.create_index("ix_incidents_begun", "incidents", ["centre_id", "begun_at"])
    op.create_index(
        "ix_incidents_referral",
        "incidents",
        ["centre_id", "referral_id"],
        postgresql_where=sa.text("referral_id IS NOT NULL"),
    )


def _tickets() -> None:
    ways = ("email", "sms", "letter", "call", "none", "joined")
    op.create_table(
        "incident_tickets",
        *_keys("incident_tickets"),
        _id("incident_id"),
        _id("ticket_id"),
        _at("attached_at", nullable=False),
        _id("attached_by", nullable=True),
        _at("detached_at"),
        _id("detached_by", nullable=True),
        _at("to_tell_at"),
        sa.Column(
            "way", sa.Enum(*ways, name="way", native_enum=False, length=32), nullable=True
        ),
        _at("told_at"),
        _of("incident_tickets", "incident_id", "incidents", ondelete="CASCADE"),
        _of("incident_tickets", "ticket_id", "tickets", ondelete="CASCADE"),
        _of("incident_tickets", "attached_by", "persons"),
        _of("incident_tickets", "detached_by", "persons"),
        sa.UniqueConstraint(
            "centre_id",
            "incident_id",
            "ticket_id",
            name="uq_incident_tickets_centre_id_incident_id_ticket_id",
        ),
        sa.CheckConstraint(
            "(detached_at IS NULL) = (detached_by IS NULL)",
            name=op.f("ck_incident_tickets_detached_by_a_person"),
        ),
        sa.CheckConstraint(
            "told_at IS NULL OR way IS NOT NULL", name=op.f("ck_incident_tickets_told_in_a_way")
        ),
    )
    op.create_index("ix_incident_tickets_ticket", "incident_tickets", ["centre_id", "ticket_id"])
    op.create_index(
        "ix_incident_tickets_pending",
        "incident_tickets",
        ["centre_id", "incident_id", "ticket_id"],
        postgresql_where=sa.text("to_tell_at IS NOT NULL AND way IS NULL"),
    )


def _at(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, MOMENT, nullable=nullable)


def _id(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _check(rule: str, name: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_incidents_{name}"))


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
    for table in reversed(TABLES):
        op.drop_table(table)
