"""what became of something that a club proposed for the shelf"""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shelf_proposal",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("item_id", sa.String(26), nullable=True),
        sa.Column("from_hash", sa.String(64), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("answer", sa.String(8), nullable=False),
        sa.Column("reason_code", sa.String(8), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.CheckConstraint("answer IN ('', 'kept', 'declined')", name=op.f("ck_shelf_proposal_answer")),
        sa.CheckConstraint("(answer = '') = (answered_on IS NULL)", name=op.f("ck_shelf_proposal_answered")),
        sa.ForeignKeyConstraint(
            ["item_id"], ["shelf_item.id"], name=op.f("fk_shelf_proposal_item_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shelf_proposal")),
        sa.UniqueConstraint("item_id", name=op.f("uq_shelf_proposal_item_id")),
    )
    for column in ("from_hash", "answered_on"):
        op.create_index(op.f(f"ix_shelf_proposal_{column}"), "shelf_proposal", [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE "shelf_proposal" ALTER COLUMN "title" SET STATISTICS 0')


def downgrade() -> None:
    op.drop_table("shelf_proposal")
