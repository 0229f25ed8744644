"""Figures kept by quarter hours, what marks them for a new count, and the thresholds in force.

Whatever changes a visit marks its quarter hour in the same transaction: the trigger is the one place
that every change passes. Marks are added and never met, so nobody waits for another's.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MARK = """
CREATE FUNCTION interval_of(at timestamptz) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT date_bin('15 minutes', at, '2000-01-01 00:00+00') $$;

CREATE FUNCTION mark_intervals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO interval_marks (centre_id, queue_id, begins_at)
        SELECT DISTINCT centre_id, queue_id, interval_of(entered_at) FROM came;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO interval_marks (centre_id, queue_id, begins_at)
        SELECT DISTINCT centre_id, queue_id, interval_of(entered_at) FROM went;
    ELSE
        INSERT INTO interval_marks (centre_id, queue_id, begins_at)
        SELECT centre_id, queue_id, interval_of(entered_at) FROM came
        UNION SELECT centre_id, queue_id, interval_of(entered_at) FROM went;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER mark_new AFTER INSERT ON visits REFERENCING NEW TABLE AS came
FOR EACH STATEMENT EXECUTE FUNCTION mark_intervals();
CREATE TRIGGER mark_changed AFTER UPDATE ON visits REFERENCING OLD TABLE AS went NEW TABLE AS came
FOR EACH STATEMENT EXECUTE FUNCTION mark_intervals();
CREATE TRIGGER mark_gone AFTER DELETE ON visits REFERENCING OLD TABLE AS went
FOR EACH STATEMENT EXECUTE FUNCTION mark_intervals();
"""

# A threshold holds from the moment it is changed; what arrived before keeps the one it arrived
# under. The stretch in which it changed is counted again, whoever counted it meanwhile.
REMEMBER = """
CREATE FUNCTION remember_thresholds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    since timestamptz := CASE WHEN TG_OP = 'INSERT' THEN '1970-01-01 00:00+00' ELSE app_now() END;
    number int;
BEGIN
    UPDATE queue_thresholds SET valid_until = since
    WHERE centre_id = NEW.centre_id AND queue_id = NEW.id AND valid_until IS NULL;
    SELECT coalesce(max(version), 0) + 1 INTO number FROM queue_thresholds
    WHERE centre_id = NEW.centre_id AND queue_id = NEW.id;
    INSERT INTO queue_thresholds
        (centre_id, queue_id, version, valid_from, threshold_seconds, short_seconds)
    VALUES (NEW.centre_id, NEW.id, number, since, NEW.threshold_seconds, NEW.short_seconds);
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO interval_marks (centre_id, queue_id, begins_at)
        SELECT DISTINCT centre_id, queue_id, interval_of(entered_at) FROM visits
        WHERE centre_id = NEW.centre_id AND queue_id = NEW.id AND entered_at >= interval_of(since);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER first_thresholds AFTER INSERT ON queues FOR EACH ROW
EXECUTE FUNCTION remember_thresholds();
CREATE TRIGGER other_thresholds AFTER UPDATE OF threshold_seconds, short_seconds ON queues
FOR EACH ROW WHEN ((OLD.threshold_seconds, OLD.short_seconds)
    IS DISTINCT FROM (NEW.threshold_seconds, NEW.short_seconds))
EXECUTE FUNCTION remember_thresholds();
"""

FILL = """
INSERT INTO queue_thresholds
    (centre_id, queue_id, version, valid_from, threshold_seconds, short_seconds)
SELECT centre_id, id, 1, '1970-01-01 00:00+00', threshold_seconds, short_seconds FROM queues;
INSERT INTO interval_marks (centre_id, queue_id, begins_at)
SELECT DISTINCT centre_id, queue_id, interval_of(entered_at) FROM visits;
"""

WALLS = {
    "queue_thresholds": "true",  # a partner's visits mark and are judged like any other
    "interval_marks": "true",
    "visit_intervals": "app_organisation() IS NULL",
}


def upgrade() -> None:
    _tables()
    for block in (MARK, REMEMBER, FILL):
        op.execute(block)
    for table, who in WALLS.items():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY wall ON {table} USING (centre_id = app_centre() AND {who})")
        op.execute(
            "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app')"
            f" THEN GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO contactcenter_app;"
            f" GRANT USAGE ON SEQUENCE {table}_id_seq TO contactcenter_app; END IF; END $$"
        )


def downgrade() -> None:
    for trigger in ("mark_new", "mark_changed", "mark_gone"):
        op.execute(f"DROP TRIGGER {trigger} ON visits")
    for trigger in ("first_thresholds", "other_thresholds"):
        op.execute(f"DROP TRIGGER {trigger} ON queues")
    op.execute("DROP FUNCTION remember_thresholds")
    op.execute("DROP FUNCTION mark_intervals")
    for table in WALLS:
        op.drop_table(table)
    op.execute("DROP FUNCTION interval_of")


def _tables() -> None:
    op.create_table(
        "queue_thresholds",
        *_keys(),
        _number("version", sa.Integer()),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        _number("threshold_seconds", sa.Integer()),
        _number("short_seconds", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name="fk_queue_thresholds_centre_id"
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "queue_id"],
            ["queues.centre_id", "queues.id"],
            name="fk_queue_thresholds_centre_id_queue_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name="pk_queue_thresholds"),
        sa.UniqueConstraint(
            "centre_id", "queue_id", "version", name="uq_queue_thresholds_centre_id_queue_id_version"
        ),
    )
    op.create_table(
        "interval_marks",
        *_keys(),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("centre_id", "id", name="pk_interval_marks"),
    )
    op.create_index(
        "ix_interval_marks_cell", "interval_marks", ["centre_id", "queue_id", "begins_at"]
    )
    op.create_table(
        "visit_intervals",
        *_keys(),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.String(32), nullable=False) for name in ("channel", "source")),
        sa.Column("topic_id", sa.BigInteger(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("priority_class", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=True),
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        *(
            _number(name, sa.Integer())
            for name in (
                "visits", "lined_up", "in_person", "on_time", "transferred", "in_progress", "handled",
                "returned",
            )
        ),
        *(_number(name, sa.BigInteger()) for name in ("wait_us", "longest_us", "handling_us")),
        sa.Column("waits", ARRAY(sa.Integer()), nullable=False),
        sa.ForeignKeyConstraint(
            ["centre_id"], ["centres.id"], name="fk_visit_intervals_centre_id"
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "queue_id"],
            ["queues.centre_id", "queues.id"],
            name="fk_visit_intervals_centre_id_queue_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name="pk_visit_intervals"),
    )  # fmt: skip
    op.create_index(
        "ix_visit_intervals_cell", "visit_intervals", ["centre_id", "queue_id", "begins_at"]
    )


def _keys() -> tuple[sa.Column[int], ...]:
    return (
        _number("centre_id", sa.BigInteger()),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        _number("queue_id", sa.BigInteger()),
    )


def _number(name: str, kind: sa.types.TypeEngine[int]) -> sa.Column[int]:
    return sa.Column(name, kind, nullable=False)
