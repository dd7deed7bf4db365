"""whose words an address is, and where a meeting is outside the rooms"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None

COLUMNS = (("meeting", "area_by_id"), ("meeting_place", "written_by_id"))


def upgrade() -> None:
    for table, column in COLUMNS:
        # Both engines take a key that stands with its column; SQLite knows no other way to add one.
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(26)"
            f" CONSTRAINT fk_{table}_{column} REFERENCES membership (id) ON DELETE SET NULL"
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.execute("UPDATE meeting SET area_by_id = made_by_id WHERE area <> ''")
    # Of a meeting that was changed since, nobody knows who wrote the address: it is in nobody's archive.
    op.execute(
        "UPDATE meeting_place SET written_by_id = (SELECT made_by_id FROM meeting WHERE meeting.id = meeting_id)"
        " WHERE address_sealed IS NOT NULL AND meeting_id IN (SELECT id FROM meeting WHERE revision = 0)"
    )


def downgrade() -> None:
    for table, column in COLUMNS:
        op.drop_index(op.f(f"ix_{table}_{column}"), table)
        op.drop_column(table, column)
