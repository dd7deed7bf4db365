"""slots that are held for a while, and who came to a claim"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ONE_OF_THREE = (
    "CASE WHEN claim_id IS NULL THEN 0 ELSE 1 END + CASE WHEN closure_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN hold_id IS NULL THEN 0 ELSE 1 END = 1"
)
ONE_OF_TWO = "(claim_id IS NULL) <> (closure_id IS NULL)"
TRIGGER = """
CREATE TRIGGER span_overlaps_{when} BEFORE {when} ON span
WHEN EXISTS (
    SELECT 1 FROM span
    WHERE room_id = NEW.room_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at {others}
)
BEGIN SELECT RAISE(ABORT, 'span_overlaps'); END
"""


def upgrade() -> None:
    op.add_column("claim", sa.Column("checked_in_at", MOMENT, nullable=True))
    op.add_column("claim", sa.Column("unused_at", MOMENT, nullable=True))
    op.create_table(
        "hold",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.String(26), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_hold_order")),
        sa.CheckConstraint("kind IN ('form', 'offer', 'series')", name=op.f("ck_hold_kind")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_hold_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_hold_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["membership.id"], name=op.f("fk_hold_made_by_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_room_id_starts_at"), "hold", ["room_id", "starts_at"])
    op.create_index(op.f("ix_hold_club_id"), "hold", ["club_id"])
    op.create_index(op.f("ix_hold_until"), "hold", ["until"])
    op.create_index(op.f("ix_hold_made_by_id"), "hold", ["made_by_id"])
    _span(ONE_OF_THREE, holds=True)


def _span(subject: str, *, holds: bool) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("ck_span_subject"), "span", type_="check")
        if holds:
            op.add_column("span", sa.Column("hold_id", sa.String(26), nullable=True))
            op.create_unique_constraint(op.f("uq_span_hold_id"), "span", ["hold_id"])
            op.create_foreign_key(op.f("fk_span_hold_id"), "span", "hold", ["hold_id"], ["id"], ondelete="CASCADE")
        else:
            op.drop_column("span", "hold_id")
        op.create_check_constraint(op.f("ck_span_subject"), "span", subject)
        return
    _make_span_again(subject, holds=holds)


def _make_span_again(subject: str, *, holds: bool) -> None:
    """SQLite changes no check: the table is made anew beside the old one. Nothing refers to it."""
    held = [sa.Column("hold_id", sa.String(26), nullable=True)] if holds else []
    keys = [
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_span_hold_id"), ondelete="CASCADE"),
        sa.UniqueConstraint("hold_id", name=op.f("uq_span_hold_id")),
    ]
    op.create_table(
        "new_span",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("claim_id", sa.String(26), nullable=True),
        sa.Column("closure_id", sa.String(26), nullable=True),
        *held,
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_span_order")),
        sa.CheckConstraint(subject, name=op.f("ck_span_subject")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_span_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_span_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["closure_id"], ["closure.id"], name=op.f("fk_span_closure_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_span")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_span_claim_id")),
        *(keys if holds else []),
    )
    columns = "id, room_id, starts_at, ends_at, claim_id, closure_id"
    op.execute(f"INSERT INTO new_span ({columns}) SELECT {columns} FROM span")
    op.drop_table("span")
    op.rename_table("new_span", "span")
    op.create_index(op.f("ix_span_room_id_starts_at"), "span", ["room_id", "starts_at"])
    op.create_index(op.f("ix_span_closure_id"), "span", ["closure_id"])
    op.execute(TRIGGER.format(when="INSERT", others=""))
    op.execute(TRIGGER.format(when="UPDATE", others="AND id <> OLD.id"))


def downgrade() -> None:
    op.execute("DELETE FROM span WHERE hold_id IS NOT NULL")
    _span(ONE_OF_TWO, holds=False)
    op.drop_table("hold")
    op.drop_column("claim", "unused_at")
    op.drop_column("claim", "checked_in_at")
