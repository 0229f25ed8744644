"""Words of a centre that its staff set on requests."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tags",
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("colour", sa.String(length=32), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name="fk_tags_centre_id"),
        sa.PrimaryKeyConstraint("centre_id", "id", name="pk_tags"),
        sa.UniqueConstraint("centre_id", "name", name="uq_tags_centre_id_name"),
    )
    op.create_table(
        "ticket_tags",
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("tag_id", sa.BigInteger(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("tagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name="fk_ticket_tags_centre_id"),
        *(
            sa.ForeignKeyConstraint(
                ["centre_id", column],
                [f"{table}.centre_id", f"{table}.id"],
                name=f"fk_ticket_tags_centre_id_{column}",
                ondelete=ondelete,
            )
            for column, table, ondelete in (
                ("ticket_id", "tickets", "CASCADE"),
                ("tag_id", "tags", None),
                ("person_id", "persons", None),
            )
        ),
        sa.PrimaryKeyConstraint("centre_id", "ticket_id", "tag_id", name="pk_ticket_tags"),
    )
    op.create_index("ix_ticket_tags_tag", "ticket_tags", ["centre_id", "tag_id", "ticket_id"])
    for table in ("tags", "ticket_tags"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(
            f"CREATE POLICY wall ON {table}"
            " USING (centre_id = app_centre() AND app_organisation() IS NULL)"
        )
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
        " GRANT SELECT, INSERT, UPDATE, DELETE ON tags, ticket_tags TO contactcenter_app;"
        " GRANT USAGE ON SEQUENCE tags_id_seq TO contactcenter_app; END IF; END $$"
    )
    op.execute(
        "CREATE TRIGGER renew_directory AFTER INSERT OR UPDATE OR DELETE ON tags"
        " FOR EACH ROW EXECUTE FUNCTION renew_directory()"
    )


def downgrade() -> None:
    op.drop_table("ticket_tags")
    op.drop_table("tags")
