"""who put a question of a club anew, which one, and whose the words of its proposal are"""

from alembic import op

revision = "0064"
down_revision = "0063"
branch_labels = None
depends_on = None

COLUMNS = (("put_by_id", "membership"), ("body_by_id", "membership"), ("again_of_id", "ballot"))


def upgrade() -> None:
    for column, table in COLUMNS:
        # Both engines take a key that stands with its column; SQLite knows no other way to add one.
        op.execute(
            f"ALTER TABLE ballot ADD COLUMN {column} VARCHAR(26)"
            f" CONSTRAINT fk_ballot_{column} REFERENCES {table} (id) ON DELETE SET NULL"
        )
        op.create_index(op.f(f"ix_ballot_{column}"), "ballot", [column])
    # Which one puts which anew was not written down: a question was its author's until now.
    op.execute("UPDATE ballot SET put_by_id = opened_by_id, body_by_id = opened_by_id")


def downgrade() -> None:
    for column, _table in COLUMNS:
        op.drop_index(op.f(f"ix_ballot_{column}"), "ballot")
        op.drop_column("ballot", column)
