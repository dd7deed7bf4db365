"""screens on doors"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "door",
        sa.Column("device_id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_door_device_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_door_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_door")),
    )
    op.create_index(op.f("ix_door_room_id"), "door", ["room_id"])
    op.add_column("pairing_code", sa.Column("place", sa.String(26), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("pairing_code", "place")
    op.drop_table("door")
