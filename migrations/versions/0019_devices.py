"""paired devices, calls to the desk"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "device",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("paired_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('kiosk')", name=op.f("ck_device_kind")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_device_house_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_device_secret_hash")),
    )
    op.create_index(op.f("ix_device_house_id"), "device", ["house_id"])
    op.create_table(
        "pairing_code",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_pairing_code_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_pairing_code_house_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_code")),
        sa.UniqueConstraint("house_id", "account_id", name=op.f("uq_pairing_code_house_id_account_id")),
    )
    op.create_index(op.f("ix_pairing_code_account_id"), "pairing_code", ["account_id"])
    op.create_index(op.f("ix_pairing_code_code_hash"), "pairing_code", ["code_hash"])
    op.create_index(op.f("ix_pairing_code_expires_at"), "pairing_code", ["expires_at"])
    op.create_table(
        "device_call",
        sa.Column("device_id", sa.String(26), nullable=False),
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("called_at", MOMENT, nullable=False),
        sa.Column("coming_at", MOMENT, nullable=True),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_device_call_device_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("device_id", name=op.f("pk_device_call")),
        sa.UniqueConstraint("id", name=op.f("uq_device_call_id")),
    )
    op.create_index(op.f("ix_device_call_ends_at"), "device_call", ["ends_at"])


def downgrade() -> None:
    op.drop_table("device_call")
    op.drop_table("pairing_code")
    op.drop_table("device")
