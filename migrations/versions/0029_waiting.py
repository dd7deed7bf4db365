"""the waiting list and its offers; since when a claim's door could have seen who came"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("claim", sa.Column("watched_since", MOMENT, nullable=True))
    op.add_column("claim", sa.Column("watched_at", MOMENT, nullable=True))
    op.create_table(
        "waiting",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("hold_id", sa.String(26), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_waiting_order")),
        sa.CheckConstraint("size IN (1, 5, 10, 20)", name=op.f("ck_waiting_size")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_waiting_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_waiting_house_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_waiting_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_waiting_hold_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_waiting_hold_id")),
    )
    op.create_index(op.f("ix_waiting_house_id_starts_at"), "waiting", ["house_id", "starts_at"])
    op.create_index(op.f("ix_waiting_club_id"), "waiting", ["club_id"])
    op.create_index(op.f("ix_waiting_ends_at"), "waiting", ["ends_at"])


def downgrade() -> None:
    op.drop_table("waiting")
    op.drop_column("claim", "watched_at")
    op.drop_column("claim", "watched_since")
