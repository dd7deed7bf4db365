"""the day of a meeting: who is on their way, and where it stands instead"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("moved_to", sa.String(80), nullable=False, server_default=""))
    # Both engines take a key that stands with its column; SQLite knows no other way to add one.
    op.execute(
        "ALTER TABLE meeting ADD COLUMN moved_by_id VARCHAR(26)"
        " CONSTRAINT fk_meeting_moved_by_id REFERENCES membership (id) ON DELETE SET NULL"
    )
    op.create_index(op.f("ix_meeting_moved_by_id"), "meeting", ["moved_by_id"])
    op.create_table(
        "arrival",
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_arrival_meeting_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_arrival_membership_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", "membership_id", name=op.f("pk_arrival")),
    )
    op.create_index(op.f("ix_arrival_membership_id"), "arrival", ["membership_id"])
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        op.execute('ALTER TABLE "meeting" ALTER COLUMN "moved_to" SET STATISTICS 0')


def downgrade() -> None:
    op.drop_table("arrival")
    op.drop_index(op.f("ix_meeting_moved_by_id"), "meeting")
    op.drop_column("meeting", "moved_by_id")
    op.drop_column("meeting", "moved_to")
