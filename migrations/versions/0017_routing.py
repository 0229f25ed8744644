"""Who can serve what, how a queue gives its work out, and for whom a visit waits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = (
    "skills",
    "person_skills",
    "queue_levels",
    "needs",
    "routing_rules",
    "work_limits",
    "loans",
)
# What every arrival reads of them is kept by the processes until they change.
VERSIONED = ("skills", "needs", "routing_rules")
MOMENT = sa.DateTime(timezone=True)
PLACE = sa.text("coalesce(virtual_entered_at, entered_at)")


def upgrade() -> None:
    _people()
    _queues()
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
    for table in VERSIONED:
        op.execute(
            f"CREATE TRIGGER renew_directory AFTER INSERT OR UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION renew_directory()"
        )
    _visits()


def _people() -> None:
    op.create_table(
        "skills",
        *_keys("skills"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=True),
        sa.UniqueConstraint("centre_id", "name", name="uq_skills_centre_id_name"),
        sa.UniqueConstraint("centre_id", "language", name="uq_skills_centre_id_language"),
    )
    op.create_table(
        "person_skills",
        *_keys("person_skills"),
        _id("person_id"),
        _id("skill_id"),
        _number("level"),
        sa.Column("until_at", MOMENT, nullable=True),
        _of("person_skills", "person_id", "persons"),
        _of("person_skills", "skill_id", "skills"),
        sa.UniqueConstraint(
            "centre_id", "person_id", "skill_id", name="uq_person_skills_centre_id_person_id_skill_id"
        ),
        _check("person_skills", "three_levels", "level BETWEEN 1 AND 3"),
    )
    op.create_index("ix_person_skills_skill", "person_skills", ["centre_id", "skill_id"])
    op.create_table(
        "queue_levels",
        *_keys("queue_levels"),
        _id("person_id"),
        _id("queue_id"),
        _number("level"),
        _of("queue_levels", "person_id", "persons"),
        _of("queue_levels", "queue_id", "queues"),
        sa.UniqueConstraint(
            "centre_id", "person_id", "queue_id", name="uq_queue_levels_centre_id_person_id_queue_id"
        ),
        _check("queue_levels", "three_levels", "level BETWEEN 1 AND 3"),
    )
    op.create_table(
        "work_limits",
        *_keys("work_limits"),
        _id("person_id"),
        sa.Column("kind", _queue_kind(), nullable=False),
        _number("most"),
        _of("work_limits", "person_id", "persons"),
        sa.UniqueConstraint(
            "centre_id", "person_id", "kind", name="uq_work_limits_centre_id_person_id_kind"
        ),
        _check("work_limits", "a_number_of_things", "most BETWEEN 0 AND 100"),
    )
    op.create_table(
        "loans",
        *_keys("loans"),
        _id("person_id"),
        _id("queue_id"),
        _number("level"),
        sa.Column("begins_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        _id("lent_by"),
        sa.Column("gave_access", sa.Boolean(), nullable=False),
        sa.Column("began_at", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        _of("loans", "person_id", "persons"),
        _of("loans", "queue_id", "queues"),
        _of("loans", "lent_by", "persons"),
        _check("loans", "lasts_a_while", "ends_at > begins_at"),
    )
    op.create_index(
        "uq_loans_one_at_a_time",
        "loans",
        ["centre_id", "person_id", "queue_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _queues() -> None:
    op.create_table(
        "needs",
        *_keys("needs"),
        _id("skill_id"),
        _id("queue_id", nullable=True),
        _id("topic_id", nullable=True),
        _of("needs", "skill_id", "skills"),
        _of("needs", "queue_id", "queues"),
        _of("needs", "topic_id", "topics"),
        _check("needs", "of_one_thing", "num_nonnulls(queue_id, topic_id) = 1"),
        sa.UniqueConstraint(
            "centre_id",
            "skill_id",
            "queue_id",
            "topic_id",
            name="uq_needs_once",
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_table(
        "routing_rules",
        *_keys("routing_rules"),
        _id("queue_id"),
        sa.Column("asks_language", sa.Boolean(), nullable=False),
        sa.Column("opens_after", postgresql.ARRAY(sa.Integer()), nullable=False),
        sa.Column("weight", sa.Float(), nullable=False),
        sa.Column("priority_weight", sa.Float(), nullable=True),
        _number("most_overtakes", nullable=True),
        _number("same_agent_seconds"),
        _number("rest_seconds"),
        _number("held_seconds", nullable=True),
        _id("overflow_to", nullable=True),
        _number("overflow_after_seconds", nullable=True),
        sa.Column("overflow_level", sa.Text(), nullable=True),
        _of("routing_rules", "queue_id", "queues"),
        _of("routing_rules", "overflow_to", "queues"),
        sa.UniqueConstraint("centre_id", "queue_id", name="uq_routing_rules_centre_id_queue_id"),
        _check("routing_rules", "weight_counts", "weight > 0"),
        _check("routing_rules", "priority_is_no_penalty", "priority_weight >= 1"),
        _check("routing_rules", "overtakes_are_counted", "most_overtakes >= 0"),
        _check("routing_rules", "overflow_goes_elsewhere", "overflow_to <> queue_id"),
        _check(
            "routing_rules",
            "overflow_is_whole",
            "(overflow_to IS NULL) = (overflow_after_seconds IS NULL)",
        ),
    )


def _visits() -> None:
    needs = sa.Column(
        "needs", postgresql.ARRAY(sa.BigInteger()), nullable=False, server_default="{}"
    )
    op.add_column("visits", needs)
    op.add_column("visits", _id("wanted_person_id", nullable=True))
    op.add_column("visits", sa.Column("wanted_until", MOMENT, nullable=True))
    op.add_column("visits", sa.Column("why", postgresql.JSONB(), nullable=True))
    op.create_foreign_key(
        "fk_visits_centre_id_wanted_person_id",
        "visits",
        "persons",
        ["centre_id", "wanted_person_id"],
        ["centre_id", "id"],
    )
    # What is already in somebody's hands is given to nobody else.
    op.execute(
        "UPDATE visits v SET wanted_person_id = t.assigned_to FROM tickets t, queues q"
        " WHERE v.state = 'waiting' AND t.centre_id = v.centre_id AND t.id = v.ticket_id"
        " AND t.assigned_to IS NOT NULL AND q.centre_id = v.centre_id AND q.id = v.queue_id"
        " AND q.kind = 'written'"
    )
    op.create_index(
        "ix_visits_line",
        "visits",
        ["centre_id", "queue_id", "needs", "priority_class", PLACE, "id"],
        postgresql_where=sa.text("state = 'waiting' AND wanted_person_id IS NULL"),
    )
    op.create_index(
        "ix_visits_wanted",
        "visits",
        ["centre_id", "wanted_person_id", "wanted_until"],
        postgresql_where=sa.text("state = 'waiting' AND wanted_person_id IS NOT NULL"),
    )


def _queue_kind() -> sa.Enum:
    kinds = ("counter", "phone", "written", "referral", "consult")
    return sa.Enum(*kinds, name="queuekind", native_enum=False, length=32)


def _id(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _number(name: str, *, nullable: bool = False) -> "sa.Column[int]":
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _keys(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name=f"fk_{table}_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", "id", name=f"pk_{table}"),
    ]


def _of(table: str, column: str, other: str) -> sa.schema.SchemaItem:
    return sa.ForeignKeyConstraint(
        ["centre_id", column],
        [f"{other}.centre_id", f"{other}.id"],
        name=f"fk_{table}_centre_id_{column}",
    )


def downgrade() -> None:
    for index in ("ix_visits_wanted", "ix_visits_line"):
        op.drop_index(index, "visits")
    op.drop_constraint("fk_visits_centre_id_wanted_person_id", "visits")
    for column in ("why", "wanted_until", "wanted_person_id", "needs"):
        op.drop_column("visits", column)
    for table in reversed(TABLES):
        op.drop_table(table)
