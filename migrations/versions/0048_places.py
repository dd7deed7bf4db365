"""where a meeting is outside the rooms: an address and a link, sealed; what links look like in a house"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("area", sa.String(80), nullable=False, server_default=""))
    op.add_column("meeting", sa.Column("online", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "meeting_place",
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("address_sealed", sa.String(2400), nullable=True),
        sa.Column("code_sealed", sa.String(400), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_place_meeting_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("meeting_id", name=op.f("pk_meeting_place")),
    )
    op.create_table(
        "house_link",
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("pattern", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_house_link_house_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("house_id", name=op.f("pk_house_link")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        op.execute('ALTER TABLE "meeting" ALTER COLUMN "area" SET STATISTICS 0')


def downgrade() -> None:
    op.drop_table("house_link")
    op.drop_table("meeting_place")
    op.drop_column("meeting", "online")
    op.drop_column("meeting", "area")
