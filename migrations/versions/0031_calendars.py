"""secret addresses of calendars, how often a claim changed, and calendars that are brought into a room"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("claim", sa.Column("revision", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("claim", sa.Column("changed_at", MOMENT, nullable=True))
    op.create_table(
        "calendar_key",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_calendar_key_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_calendar_key")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_calendar_key_secret_hash")),
    )
    op.create_table(
        "room_import",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_room_import_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_import")),
    )
    op.create_index(op.f("ix_room_import_room_id"), "room_import", ["room_id"])
    op.create_table(
        "imported_closure",
        sa.Column("closure_id", sa.String(26), nullable=False),
        sa.Column("import_id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("entry_hash", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name=op.f("fk_imported_closure_closure_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["room_import.id"], name=op.f("fk_imported_closure_import_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_imported_closure_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("closure_id", name=op.f("pk_imported_closure")),
        sa.UniqueConstraint("room_id", "entry_hash", name=op.f("uq_imported_closure_room_id_entry_hash")),
    )
    op.create_index(op.f("ix_imported_closure_import_id"), "imported_closure", ["import_id"])


def downgrade() -> None:
    op.drop_table("imported_closure")
    op.drop_table("room_import")
    op.drop_table("calendar_key")
    op.drop_column("claim", "changed_at")
    op.drop_column("claim", "revision")
