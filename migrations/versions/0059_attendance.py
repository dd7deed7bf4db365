"""who was at a meeting: a number, and names where a club chose so"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number BETWEEN 0 AND 500", name=op.f("ck_attendance_number")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_attendance_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_attendance")),
    )
    op.create_table(
        "attendee",
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_attendee_meeting_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_attendee_membership_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "membership_id", name=op.f("pk_attendee")),
    )
    op.create_index(op.f("ix_attendee_membership_id"), "attendee", ["membership_id"])
    op.create_table(
        "named_attendance",
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("since_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_named_attendance_club_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("club_id", name=op.f("pk_named_attendance")),
    )


def downgrade() -> None:
    op.drop_table("named_attendance")
    op.drop_table("attendee")
    op.drop_table("attendance")
