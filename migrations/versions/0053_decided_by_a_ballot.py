"""what a ballot decided, kept among what was decided at a meeting"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Both engines take a key that stands with its column; SQLite knows no other way to add one.
    op.execute(
        "ALTER TABLE noted_decision ADD COLUMN ballot_id VARCHAR(26)"
        " CONSTRAINT fk_noted_decision_ballot_id REFERENCES ballot (id) ON DELETE CASCADE"
    )
    op.create_index(op.f("ix_noted_decision_ballot_id"), "noted_decision", ["ballot_id"])
    # The same decision is kept once for a meeting, whoever picks it at the same moment.
    op.create_index("uq_noted_decision_meeting_id_ballot_id", "noted_decision", ["meeting_id", "ballot_id"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_noted_decision_meeting_id_ballot_id", "noted_decision")
    op.drop_index(op.f("ix_noted_decision_ballot_id"), "noted_decision")
    op.execute("DELETE FROM noted_decision WHERE ballot_id IS NOT NULL")
    op.drop_column("noted_decision", "ballot_id")
