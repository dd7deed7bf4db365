"""series of claims, and exchanges between two clubs"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _series()
    _events()
    _swaps()


def _series() -> None:
    op.create_table(
        "claim_series",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("continues_id", sa.String(26), nullable=True),
        sa.Column("rule", sa.String(400), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_claim_series_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["continues_id"], ["claim_series.id"], name=op.f("fk_claim_series_continues_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_series")),
    )
    op.create_index(op.f("ix_claim_series_club_id"), "claim_series", ["club_id"])
    op.create_index(op.f("ix_claim_series_continues_id"), "claim_series", ["continues_id"])
    # Both engines take a key that stands with its column; SQLite knows no other way to add one.
    op.execute(
        "ALTER TABLE claim ADD COLUMN series_id VARCHAR(26)"
        " CONSTRAINT fk_claim_series_id REFERENCES claim_series (id)"
    )
    op.create_index(op.f("ix_claim_series_id"), "claim", ["series_id"])


def _events() -> None:
    op.create_table(
        "claim_event",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("claim_id", sa.String(26), nullable=False),
        sa.Column("series_id", sa.String(26), nullable=True),
        sa.Column("act", sa.String(10), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by_id", sa.String(26), nullable=True),
        sa.Column("from_at", MOMENT, nullable=True),
        sa.Column("from_room_id", sa.String(26), nullable=True),
        sa.Column("to_at", MOMENT, nullable=True),
        sa.Column("to_room_id", sa.String(26), nullable=True),
        sa.CheckConstraint(
            "act IN ('made', 'moved', 'released', 'changed', 'cut', 'swapped')", name=op.f("ck_claim_event_act")
        ),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_event_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["series_id"], ["claim_series.id"], name=op.f("fk_claim_event_series_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["membership.id"], name=op.f("fk_claim_event_by_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["from_room_id"], ["room.id"], name=op.f("fk_claim_event_from_room_id")),
        sa.ForeignKeyConstraint(["to_room_id"], ["room.id"], name=op.f("fk_claim_event_to_room_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_claim_event")),
        sqlite_autoincrement=True,
    )
    for column in ("claim_id", "series_id", "by_id"):
        op.create_index(op.f(f"ix_claim_event_{column}"), "claim_event", [column])


def _swaps() -> None:
    op.create_table(
        "claim_swap",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("ours_id", sa.String(26), nullable=False),
        sa.Column("theirs_id", sa.String(26), nullable=False),
        sa.Column("ours_slot", sa.String(26), nullable=False),
        sa.Column("theirs_slot", sa.String(26), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.CheckConstraint("ours_id <> theirs_id", name=op.f("ck_claim_swap_two")),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'refused', 'withdrawn', 'lapsed')", name=op.f("ck_claim_swap_outcome")
        ),
        sa.ForeignKeyConstraint(["ours_id"], ["claim.id"], name=op.f("fk_claim_swap_ours_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["theirs_id"], ["claim.id"], name=op.f("fk_claim_swap_theirs_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_swap")),
    )
    waiting = sa.text("outcome IS NULL")
    op.create_index(
        "ix_claim_swap_waiting", "claim_swap", ["ours_id"], unique=True, sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index(op.f("ix_claim_swap_ours_id"), "claim_swap", ["ours_id"])
    op.create_index(op.f("ix_claim_swap_theirs_id"), "claim_swap", ["theirs_id"])


def downgrade() -> None:
    op.drop_table("claim_swap")
    op.drop_table("claim_event")
    op.drop_index(op.f("ix_claim_series_id"), "claim")
    op.drop_column("claim", "series_id")
    op.drop_table("claim_series")
