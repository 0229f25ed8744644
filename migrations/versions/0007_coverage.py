"""Who is away and who stands in, teams without anybody, pilots, and what a pressing was for."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NEW = ("absences", "coverage_alarms", "alerts", "consult_offers")
STAFF = "app_organisation() IS NULL"
OF_OWN_REFERRAL = (
    f"({STAFF} OR EXISTS (SELECT 1 FROM referrals r WHERE r.centre_id = consult_offers.centre_id"
    " AND r.id = consult_offers.referral_id AND r.organisation_id = app_organisation()))"
)
OF_OWN_ORGANISATION = (
    f"({STAFF} OR EXISTS (SELECT 1 FROM persons p WHERE p.centre_id = absences.centre_id"
    " AND p.id = absences.person_id AND p.organisation_id = app_organisation()))"
)


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=op.f(f"fk_{table}_centre_id")),
        sa.PrimaryKeyConstraint("centre_id", "id", name=op.f(f"pk_{table}")),
    ]


def _within(table: str, column: str, other: str, **more: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["centre_id", column],
        [f"{other}.centre_id", f"{other}.id"],
        name=op.f(f"fk_{table}_centre_id_{column}"),
        **more,
    )


def upgrade() -> None:
    for column in ("pilot_email", "prefecture_email"):
        op.add_column(
            "organisations", sa.Column(column, sa.Text(), nullable=False, server_default=sa.text("''"))
        )
    op.add_column(
        "ladder_steps",
        sa.Column("needs_approval", sa.Boolean(), nullable=False, server_default=sa.text("false")),
    )
    op.alter_column("pressings", "pressed_at", nullable=True)
    for column in (
        sa.Column("reason", sa.String(32), nullable=False, server_default=sa.text("'late'")),
        sa.Column("severity", sa.Integer(), nullable=False, server_default=sa.text("1")),
        sa.Column("approved_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.BigInteger(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False, server_default=sa.text("''")),
    ):
        op.add_column("pressings", column)
    for column in ("approved_by", "ended_by"):
        op.create_foreign_key(
            f"fk_pressings_centre_id_{column}",
            "pressings",
            "persons",
            ["centre_id", column],
            ["centre_id", "id"],
        )
    op.create_index(
        "ix_pressings_to_approve",
        "pressings",
        ["centre_id", "id"],
        postgresql_where=sa.text("pressed_at IS NULL AND ended_at IS NULL"),
    )
    op.create_table(
        "absences",
        *_key("absences"),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("substitute_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("to_on >= from_on", name=op.f("ck_absences_in_order")),
        sa.CheckConstraint(
            "substitute_id <> person_id", name=op.f("ck_absences_somebody_else")
        ),
        _within("absences", "person_id", "persons"),
        _within("absences", "substitute_id", "persons"),
    )
    op.create_index("ix_absences_person", "absences", ["centre_id", "person_id", "to_on"])
    op.create_table(
        "coverage_alarms",
        *_key("coverage_alarms"),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_to", sa.BigInteger(), nullable=True),
        sa.Column("questions", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        _within("coverage_alarms", "team_id", "teams"),
        _within("coverage_alarms", "moved_to", "teams"),
    )
    op.create_index(
        "uq_coverage_alarms_open",
        "coverage_alarms",
        ["centre_id", "team_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "alerts",
        *_key("alerts"),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("team_id", sa.BigInteger(), nullable=False),
        sa.Column("referral_id", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("press", sa.String(32), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        _within("alerts", "person_id", "persons"),
        _within("alerts", "team_id", "teams"),
        _within("alerts", "referral_id", "referrals", ondelete="CASCADE"),
        sa.UniqueConstraint(
            "centre_id", "referral_id", "step", "address", name=op.f("uq_alerts_once")
        ),
    )
    op.create_index("ix_alerts_day", "alerts", ["centre_id", "address", "day"])
    op.create_index(
        "ix_alerts_untold",
        "alerts",
        ["centre_id", "address"],
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_table(
        "consult_offers",
        *_key("consult_offers"),
        sa.Column("referral_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        _within("consult_offers", "referral_id", "referrals", ondelete="CASCADE"),
        _within("consult_offers", "person_id", "persons"),
        sa.UniqueConstraint(
            "centre_id", "referral_id", "person_id", name=op.f("uq_consult_offers_once")
        ),
    )
    walls = {
        "absences": OF_OWN_ORGANISATION,
        "coverage_alarms": STAFF,
        "alerts": STAFF,
        "consult_offers": OF_OWN_REFERRAL,
    }
    for table, who in walls.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY wall ON {table} USING (centre_id = app_centre() AND {who})")
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON {', '.join(NEW)} TO contactcenter_app;"
        " END IF; END $$"
    )


def downgrade() -> None:
    for table in reversed(NEW):
        op.drop_table(table)
    op.drop_index("ix_pressings_to_approve", "pressings")
    for column in ("approved_by", "ended_by"):
        op.drop_constraint(f"fk_pressings_centre_id_{column}", "pressings")
    for column in ("ended_why", "ended_by", "ended_at", "approved_by", "severity", "reason"):
        op.drop_column("pressings", column)
    op.execute("DELETE FROM pressings WHERE pressed_at IS NULL")
    op.alter_column("pressings", "pressed_at", nullable=False)
    op.drop_column("ladder_steps", "needs_approval")
    for column in ("prefecture_email", "pilot_email"):
        op.drop_column("organisations", column)
