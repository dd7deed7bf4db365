"""the word by which two clubs say that one came out of the other"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "split_word",
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("word_hash", sa.String(64), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_split_word_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("club_id", name=op.f("pk_split_word")),
        sa.UniqueConstraint("word_hash", name=op.f("uq_split_word_word_hash")),
    )
    op.create_index(op.f("ix_split_word_until"), "split_word", ["until"])


def downgrade() -> None:
    op.drop_table("split_word")
