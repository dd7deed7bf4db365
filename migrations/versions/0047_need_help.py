"""how often a kind of answer helped with a need"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "need_help",
        sa.Column("need", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("need", "kind", name=op.f("pk_need_help")),
    )


def downgrade() -> None:
    op.drop_table("need_help")
