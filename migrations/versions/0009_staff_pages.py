"""setting a house up, rooms closed for good, since when somebody is of the team"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "setup_code",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=True),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_setup_code_code_hash")),
    )
    op.create_table(
        "first_opening",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("number = 1", name=op.f("ck_first_opening_number")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_first_opening")),
    )
    op.add_column("room", sa.Column("closed_at", MOMENT, nullable=True))
    op.add_column("staff_post", sa.Column("since", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("staff_post", "since")
    op.drop_column("room", "closed_at")
    op.drop_table("first_opening")
    op.drop_table("setup_code")
