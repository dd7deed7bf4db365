"""meetings"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rsvp",
        sa.Column("claim_id", sa.String(26), nullable=False),
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.Column("answer", sa.String(3), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_rsvp_answer")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_rsvp_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_rsvp_membership_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("claim_id", "membership_id", name=op.f("pk_rsvp")),
    )
    op.create_index(op.f("ix_rsvp_membership_id"), "rsvp", ["membership_id"])


def downgrade() -> None:
    op.drop_table("rsvp")
