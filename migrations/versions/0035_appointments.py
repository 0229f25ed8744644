"""Appointments with an expert: slots, and who has one for which question."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SLOTS, BOOKINGS = "consult_slots", "consult_bookings"
STAFF = "app_organisation() IS NULL"
OF_OWN_ORGANISATION = f"({STAFF} OR organisation_id = app_organisation())"
OF_OWN_QUESTION = (
    f"({STAFF} OR EXISTS (SELECT 1 FROM referrals r WHERE r.centre_id = {BOOKINGS}.centre_id"
    f" AND r.id = {BOOKINGS}.referral_id AND r.organisation_id = app_organisation()))"
)


def _id(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _at(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _key(table: str) -> list[sa.schema.SchemaItem]:
    return [
        _id("centre_id"),
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


def _check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def upgrade() -> None:
    booked = sa.Column("is_booked", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    op.add_column("referrals", booked)
    op.create_table(
        SLOTS,
        *_key(SLOTS),
        _id("organisation_id"),
        _id("team_id"),
        _id("person_id"),
        _at("starts_at"),
        _at("ends_at"),
        sa.Column("telephone", sa.Text(), nullable=False),
        _at("offered_at"),
        _at("taken_back_at", nullable=True),
        _check(SLOTS, "in_order", "ends_at > starts_at"),
        _within(SLOTS, "organisation_id", "organisations"),
        _within(SLOTS, "team_id", "teams"),
        _within(SLOTS, "person_id", "persons"),
    )
    ways = sa.Enum("phone", "chat", name="way", native_enum=False, length=32)
    statuses = sa.Enum(
        "booked", "confirmed", "held", "missed", "absent", "cancelled", "changed",
        name="bookingstatus", native_enum=False, length=32,
    )
    op.create_table(
        BOOKINGS,
        *_key(BOOKINGS),
        _id("slot_id"),
        _id("referral_id"),
        sa.Column("way", ways, nullable=False),
        sa.Column("status", statuses, nullable=False),
        _id("booked_by"),
        _at("booked_at"),
        _at("waits_from", nullable=True),
        _at("begun_at", nullable=True),
        _at("called_at", nullable=True),
        _at("call_failed_at", nullable=True),
        _at("ended_at", nullable=True),
        _id("ended_by", nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        _check(BOOKINGS, "held_has_begun", "(status = 'held') = (begun_at IS NOT NULL)"),
        _check(
            BOOKINGS,
            "ended_at_matches_status",
            "(status IN ('missed', 'absent', 'cancelled', 'changed')) = (ended_at IS NOT NULL)",
        ),
        _within(BOOKINGS, "slot_id", SLOTS),
        _within(BOOKINGS, "referral_id", "referrals", ondelete="CASCADE"),
        _within(BOOKINGS, "booked_by", "persons"),
        _within(BOOKINGS, "ended_by", "persons"),
    )
    _indexes()
    _wall(SLOTS, OF_OWN_ORGANISATION)
    _wall(BOOKINGS, OF_OWN_QUESTION)


def _indexes() -> None:
    op.create_index(
        "uq_consult_slots_start", SLOTS, ["centre_id", "person_id", "starts_at"], unique=True,
        postgresql_where=sa.text("taken_back_at IS NULL"),
    )
    op.create_index("ix_consult_slots_team", SLOTS, ["centre_id", "team_id", "starts_at"])
    op.create_index(
        "uq_consult_bookings_slot", BOOKINGS, ["centre_id", "slot_id"], unique=True,
        postgresql_where=sa.text("status NOT IN ('cancelled', 'changed')"),
    )
    op.create_index(
        "uq_consult_bookings_ahead", BOOKINGS, ["centre_id", "referral_id"], unique=True,
        postgresql_where=sa.text("status IN ('booked', 'confirmed')"),
    )
    op.create_index("ix_consult_bookings_referral", BOOKINGS, ["centre_id", "referral_id", "id"])


def _wall(table: str, whose: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY wall ON {table} USING (centre_id = app_centre() AND {whose})")
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO contactcenter_app;"
        f" GRANT USAGE ON SEQUENCE {table}_id_seq TO contactcenter_app; END IF; END $$"
    )


def downgrade() -> None:
    op.drop_table(BOOKINGS)
    op.drop_table(SLOTS)
    op.drop_column("referrals", "is_booked")
