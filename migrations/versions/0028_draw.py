"""draws, wishes and their results"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OUTCOMES = "outcome IN ('won', 'shared', 'lost', 'full', 'void')"


def upgrade() -> None:
    op.add_column("claim", sa.Column("scarce", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "draw",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("seed_sealed", sa.String(400), nullable=False),
        sa.Column("seed_hash", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("drawn_at", MOMENT, nullable=True),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_draw_house_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draw")),
        sa.UniqueConstraint("house_id", "week", name=op.f("uq_draw_house_id_week")),
    )
    op.create_index(op.f("ix_draw_closes_at"), "draw", ["closes_at"])
    _bids()
    _splits()


def _bids() -> None:
    op.create_table(
        "draw_bid",
        sa.Column("draw_id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("label", sa.String(12), nullable=False),
        sa.Column("wishes", sa.JSON(), nullable=False),
        sa.Column("on_paper", sa.Boolean(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(6), nullable=True),
        sa.Column("claim_id", sa.String(26), nullable=True),
        sa.CheckConstraint(OUTCOMES, name=op.f("ck_draw_bid_outcome")),
        sa.ForeignKeyConstraint(["draw_id"], ["draw.id"], name=op.f("fk_draw_bid_draw_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_draw_bid_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_draw_bid_claim_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("draw_id", "club_id", name=op.f("pk_draw_bid")),
        sa.UniqueConstraint("draw_id", "label", name=op.f("uq_draw_bid_draw_id_label")),
    )
    op.create_index(op.f("ix_draw_bid_club_id"), "draw_bid", ["club_id"])
    op.create_index(op.f("ix_draw_bid_claim_id"), "draw_bid", ["claim_id"])


def _splits() -> None:
    op.create_table(
        "club_split",
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("from_id", sa.String(26), nullable=False),
        sa.Column("declared_at", MOMENT, nullable=False),
        sa.Column("agreed_at", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=False),
        sa.CheckConstraint("club_id <> from_id", name=op.f("ck_club_split_two")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_club_split_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["from_id"], ["club.id"], name=op.f("fk_club_split_from_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("club_id", name=op.f("pk_club_split")),
    )
    op.create_index(op.f("ix_club_split_from_id"), "club_split", ["from_id"])
    op.create_index(op.f("ix_club_split_until"), "club_split", ["until"])


def downgrade() -> None:
    op.drop_table("club_split")
    op.drop_table("draw_bid")
    op.drop_table("draw")
    op.drop_column("claim", "scarce")
