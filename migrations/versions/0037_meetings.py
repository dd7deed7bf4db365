"""a meeting of its own: every claim has one, and one may stand outside the rooms"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
CLAIMED = (
    "CASE WHEN claim_id IS NULL THEN title IS NOT NULL AND starts_at IS NOT NULL AND ends_at IS NOT NULL"
    " AND made_at IS NOT NULL"
    " ELSE title IS NULL AND starts_at IS NULL AND ends_at IS NULL AND cancelled_at IS NULL END"
)


def upgrade() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("claim_id", sa.String(26), nullable=True),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("title", sa.String(80), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=True),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.String(26), nullable=True),
        sa.Column("made_at", MOMENT, nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=True),
        sa.CheckConstraint(CLAIMED, name=op.f("ck_meeting_claimed")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_meeting_order")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_meeting_seats")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_meeting_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_meeting_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_meeting_house_id")),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["membership.id"], name=op.f("fk_meeting_made_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_meeting_claim_id")),
    )
    for column in ("club_id", "ends_at", "made_by_id"):
        op.create_index(op.f(f"ix_meeting_{column}"), "meeting", [column])
    op.execute(
        "INSERT INTO meeting (id, club_id, claim_id, house_id, revision)"
        " SELECT claim.id, claim.club_id, claim.id, room.house_id, 0 FROM claim JOIN room ON room.id = claim.room_id"
    )
    op.execute("CREATE TABLE answer_before AS SELECT * FROM rsvp")
    op.drop_table("rsvp")
    op.create_table(
        "rsvp",
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.Column("answer", sa.String(7), nullable=False),
        sa.Column("guests", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("held_until", MOMENT, nullable=True),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.CheckConstraint("answer IN ('yes', 'no', 'maybe', 'waiting')", name=op.f("ck_rsvp_answer")),
        sa.CheckConstraint("guests IN (0, 1)", name=op.f("ck_rsvp_guests")),
        sa.CheckConstraint("held_until IS NULL OR answer = 'waiting'", name=op.f("ck_rsvp_held")),
        *_keys("meeting_id", "meeting"),
    )
    op.execute(
        "INSERT INTO rsvp (meeting_id, membership_id, answer, guests, at, reminded_at)"
        " SELECT claim_id, membership_id, answer, 0, at, reminded_at FROM answer_before"
    )
    op.drop_table("answer_before")
    op.create_index(op.f("ix_rsvp_membership_id"), "rsvp", ["membership_id"])
    op.create_index(op.f("ix_rsvp_held_until"), "rsvp", ["held_until"])
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        op.execute('ALTER TABLE "meeting" ALTER COLUMN "title" SET STATISTICS 0')


def downgrade() -> None:
    op.execute(
        "CREATE TABLE answer_before AS SELECT * FROM rsvp"
        " WHERE answer IN ('yes', 'no') AND meeting_id IN (SELECT id FROM claim)"
    )
    op.drop_table("rsvp")
    op.create_table(
        "rsvp",
        sa.Column("claim_id", sa.String(26), nullable=False),
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.Column("answer", sa.String(3), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("reminded_at", MOMENT, nullable=True),
        sa.CheckConstraint("answer IN ('yes', 'no')", name=op.f("ck_rsvp_answer")),
        *_keys("claim_id", "claim"),
    )
    op.execute(
        "INSERT INTO rsvp (claim_id, membership_id, answer, at, reminded_at)"
        " SELECT meeting_id, membership_id, answer, at, reminded_at FROM answer_before"
    )
    op.drop_table("answer_before")
    op.create_index(op.f("ix_rsvp_membership_id"), "rsvp", ["membership_id"])
    op.drop_table("meeting")


def _keys(column: str, table: str) -> list[sa.Constraint]:
    return [
        sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_rsvp_{column}"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_rsvp_membership_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(column, "membership_id", name=op.f("pk_rsvp")),
    ]
