"""journal, clock, languages of people"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

# The journal is only ever added to, whoever asks.
SQLITE = """
CREATE TRIGGER journal_entry_stays_{when} BEFORE {when} ON journal_entry
BEGIN SELECT RAISE(ABORT, 'journal_entry_stays'); END
"""
POSTGRESQL = """
CREATE FUNCTION journal_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'journal_entry_stays' USING ERRCODE = 'integrity_constraint_violation'; END $$;
CREATE TRIGGER journal_entry_stays BEFORE UPDATE OR DELETE ON journal_entry
FOR EACH ROW EXECUTE FUNCTION journal_entry_stays();
CREATE TRIGGER journal_entry_stays_whole BEFORE TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION journal_entry_stays();
"""


def upgrade() -> None:
    op.create_table(
        "clock_job",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("ran_at", MOMENT, nullable=True),
        sa.Column("failure", sa.String(60), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_clock_job")),
    )
    op.create_table(
        "journal_entry",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("by_role", sa.String(12), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=True),
        sa.Column("house_id", sa.String(26), nullable=True),
        sa.Column("club_id", sa.String(26), nullable=True),
        sa.Column("about_key", sa.String(64), nullable=True),
        sa.Column("subject_id", sa.String(26), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "by_role IN ('lead', 'member', 'facilitator', 'manager', 'house')", name=op.f("ck_journal_entry_by_role")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_journal_entry")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_journal_entry_about_key"), "journal_entry", ["about_key"])
    op.create_index(op.f("ix_journal_entry_club_id_number"), "journal_entry", ["club_id", "number"])
    op.add_column("job", sa.Column("parked_at", MOMENT, nullable=True))
    op.add_column("job", sa.Column("failure", sa.String(60), nullable=True))
    op.add_column("account", sa.Column("locale", sa.String(2), nullable=False, server_default=""))
    op.add_column("staff_post", sa.Column("name", sa.String(40), nullable=False, server_default=""))
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRESQL)
        return
    for when in ("UPDATE", "DELETE"):
        op.execute(SQLITE.format(when=when))


def downgrade() -> None:
    op.drop_column("staff_post", "name")
    op.drop_column("account", "locale")
    op.drop_column("job", "failure")
    op.drop_column("job", "parked_at")
    op.drop_table("journal_entry")
    op.drop_table("clock_job")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_entry_stays")
