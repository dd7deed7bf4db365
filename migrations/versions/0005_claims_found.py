"""claims found by their session and by their end"""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_claim_session_id"), "claim", ["session_id"])
    op.create_index(op.f("ix_claim_ends_at"), "claim", ["ends_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_claim_ends_at"), "claim")
    op.drop_index(op.f("ix_claim_session_id"), "claim")
