"""rooms"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)

EXCLUSION = """
ALTER TABLE span ADD CONSTRAINT ex_span_overlaps
EXCLUDE USING gist (room_id WITH =, tstzrange(starts_at, ends_at) WITH &&)
"""
TRIGGER = """
CREATE TRIGGER span_overlaps_{when} BEFORE {when} ON span
WHEN EXISTS (
    SELECT 1 FROM span
    WHERE room_id = NEW.room_id AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at {others}
)
BEGIN SELECT RAISE(ABORT, 'span_overlaps'); END
"""


def upgrade() -> None:
    _rooms()
    _claims()
    _spans()
    _one_holder()


def _rooms() -> None:
    op.create_table(
        "room",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("floor", sa.String(60), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column("step_free", sa.Boolean(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_room_capacity")),
        sa.CheckConstraint("buffer_minutes >= 0", name=op.f("ck_room_buffer")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_room_house_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_room")),
        sa.UniqueConstraint("id", name=op.f("uq_room_id")),
        sa.UniqueConstraint("house_id", "slug", name=op.f("uq_room_house_id_slug")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "opening_window",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.String(5), nullable=False),
        sa.Column("ends", sa.String(5), nullable=False),
        sa.Column("scarce", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_opening_window_weekday")),
        sa.CheckConstraint("starts < ends", name=op.f("ck_opening_window_order")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_opening_window_room_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_window")),
    )
    op.create_index(op.f("ix_opening_window_room_id"), "opening_window", ["room_id"])
    op.create_table(
        "closure",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(80), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_closure_order")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_closure_house_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_closure_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closure")),
    )
    op.create_index(op.f("ix_closure_house_id"), "closure", ["house_id"])


def _claims() -> None:
    op.create_table(
        "meeting_session",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["club_id"], ["club.id"], name=op.f("fk_meeting_session_club_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_session")),
    )
    op.create_index(op.f("ix_meeting_session_club_id"), "meeting_session", ["club_id"])
    op.create_table(
        "claim",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("session_id", sa.String(26), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("door_word", sa.String(30), nullable=False),
        sa.Column("made_by_id", sa.String(26), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("released_at", MOMENT, nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_claim_order")),
        sa.CheckConstraint("size IN (1, 5, 10, 20)", name=op.f("ck_claim_size")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_claim_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_claim_room_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["meeting_session.id"], name=op.f("fk_claim_session_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["membership.id"], name=op.f("fk_claim_made_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_club_id_ends_at"), "claim", ["club_id", "ends_at"])
    op.create_index(op.f("ix_claim_room_id_starts_at"), "claim", ["room_id", "starts_at"])
    op.create_table(
        "claim_request",
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("claim_id", sa.String(26), nullable=False),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_claim_request_membership_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["claim_id"], ["claim.id"], name=op.f("fk_claim_request_claim_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("membership_id", "key_hash", name=op.f("pk_claim_request")),
    )


def _spans() -> None:
    op.create_table(
        "span",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("claim_id", sa.String(26), nullable=True),
        sa.Column("closure_id", sa.String(26), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_span_order")),
        sa.CheckConstraint("(claim_id IS NULL) <> (closure_id IS NULL)", name=op.f("ck_span_subject")),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_span_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_span_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["closure_id"], ["closure.id"], name=op.f("fk_span_closure_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_span")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_span_claim_id")),
    )
    op.create_index(op.f("ix_span_room_id_starts_at"), "span", ["room_id", "starts_at"])
    op.create_index(op.f("ix_span_closure_id"), "span", ["closure_id"])


def _one_holder() -> None:
    """Two overlapping spans of a room: refused by the database, on both engines."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        op.execute(EXCLUSION)
        return
    op.execute(TRIGGER.format(when="INSERT", others=""))
    op.execute(TRIGGER.format(when="UPDATE", others="AND id <> OLD.id"))


def downgrade() -> None:
    # The extension stays: it may serve others.
    for table in ("span", "claim_request", "claim", "meeting_session", "closure", "opening_window", "room"):
        op.drop_table(table)
