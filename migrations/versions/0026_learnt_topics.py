"""What finished requests taught is kept by processes like the rest of a centre's directory."""

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE TRIGGER renew_directory AFTER INSERT OR UPDATE OR DELETE ON triage_learnt_topics"
        " FOR EACH ROW EXECUTE FUNCTION renew_directory()"
    )


def downgrade() -> None:
    op.execute("DROP TRIGGER renew_directory ON triage_learnt_topics")
