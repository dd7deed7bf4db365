"""whose words the title of a claim is, and who proposed which date"""

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

COLUMNS = (("claim", "title_by_id"), ("poll_date", "added_by_id"))
CHOSEN = (
    "SELECT poll.opened_by_id FROM poll_date JOIN poll ON poll.id = poll_date.poll_id"
    " WHERE poll_date.meeting_id = {table}.id AND poll.title = {table}.title"
)


def upgrade() -> None:
    for table, column in COLUMNS:
        # Both engines take a key that stands with its column; SQLite knows no other way to add one.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(26)"
            f" CONSTRAINT fk_{table}_{column} REFERENCES membership (id) ON DELETE SET NULL"
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.execute("UPDATE claim SET title_by_id = made_by_id")
    # A date that was chosen took the title of its question, which somebody else may have written.
    for table, column in (("claim", "title_by_id"), ("meeting", "made_by_id")):
        chosen = CHOSEN.format(table=table)
        op.execute(f"UPDATE {table} SET {column} = ({chosen}) WHERE EXISTS ({chosen})")  # noqa: S608 names of tables
    # Who added one later was not written down: a question's dates were its author's until now.
    op.execute(
        "UPDATE poll_date SET added_by_id = (SELECT opened_by_id FROM poll WHERE poll.id = poll_date.poll_id)"
    )


def downgrade() -> None:
    for table, column in COLUMNS:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
        op.drop_column(table, column)
