"""ballots that were opened before they bore a row of the log: from the one that opened them, or the first"""

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "UPDATE ballot SET seq = coalesce((SELECT min(change.seq) FROM change"
        " WHERE change.kind = 'ballot:opened' AND change.subject_id = ballot.id), 1) WHERE seq = 0"
    )


def downgrade() -> None:
    """Nothing reads the number 0 as anything else."""
