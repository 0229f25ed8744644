"""Citizens' identifiers, sealed; which kinds concern which organisation."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = "identifiers"
PARTNER = (
    "EXISTS (SELECT 1 FROM tickets t JOIN ticket_access a"
    " ON a.centre_id = t.centre_id AND a.ticket_id = t.id"
    " WHERE t.centre_id = identifiers.centre_id AND t.citizen_id = identifiers.citizen_id"
    " AND a.organisation_id = app_organisation() AND a.valid_until > app_now())"
    " AND EXISTS (SELECT 1 FROM organisations o WHERE o.centre_id = identifiers.centre_id"
    " AND o.id = app_organisation() AND identifiers.kind = ANY (o.identifiers))"
)


def upgrade() -> None:
    op.add_column(
        "organisations",
        sa.Column(
            "identifiers",
            postgresql.ARRAY(sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    kinds = sa.Enum(
        "nir", "tax_fr", "national_be", name="identifierkind", native_enum=False, length=32
    )
    op.create_table(
        TABLE,
        sa.Column("centre_id", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("citizen_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("noted_by", sa.BigInteger(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["centre_id"], ["centres.id"], name="fk_identifiers_centre_id"),
        sa.ForeignKeyConstraint(
            ["centre_id", "citizen_id"],
            ["citizens.centre_id", "citizens.id"],
            name="fk_identifiers_centre_id_citizen_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["centre_id", "noted_by"],
            ["persons.centre_id", "persons.id"],
            name="fk_identifiers_centre_id_noted_by",
        ),
        sa.PrimaryKeyConstraint("centre_id", "id", name="pk_identifiers"),
    )
    op.create_index("ix_identifiers_citizen", TABLE, ["centre_id", "citizen_id"])
    op.execute(f"ALTER TABLE {TABLE} ENABLE ROW LEVEL SECURITY")
    op.execute(
        f"CREATE POLICY wall ON {TABLE}"
        " USING (centre_id = app_centre() AND app_organisation() IS NULL)"
    )
    op.execute(
        f"CREATE POLICY partner ON {TABLE} FOR SELECT"
        f" USING (centre_id = app_centre() AND ({PARTNER}))"
    )
    op.execute(
        "DO $$ BEGIN IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'contactcenter_app') THEN"
        f" GRANT SELECT, INSERT, UPDATE, DELETE ON {TABLE} TO contactcenter_app;"
        f" GRANT USAGE ON SEQUENCE {TABLE}_id_seq TO contactcenter_app; END IF; END $$"
    )


def downgrade() -> None:
    op.drop_table(TABLE)
    op.drop_column("organisations", "identifiers")
