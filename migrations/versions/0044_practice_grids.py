"""what a person notes of themselves before and after an interview"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "practice_grid",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("shared_hash", sa.String(64), nullable=True),
        sa.Column("shared_sealed", sa.String(300), nullable=True),
        sa.Column("shared_until", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_practice_grid_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_grid")),
        sa.UniqueConstraint("shared_hash", name=op.f("uq_practice_grid_shared_hash")),
    )
    op.create_index(op.f("ix_practice_grid_account_id"), "practice_grid", ["account_id"])
    op.create_index(op.f("ix_practice_grid_made_at"), "practice_grid", ["made_at"])


def downgrade() -> None:
    op.drop_table("practice_grid")
