"""evenings that open only if, and who is known to the team for one"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "evening_rule",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("clubs", sa.Integer(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("decides_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("opens", sa.Boolean(), nullable=True),
        sa.CheckConstraint("clubs >= 2", name=op.f("ck_evening_rule_clubs")),
        sa.CheckConstraint("(decided_at IS NULL) = (opens IS NULL)", name=op.f("ck_evening_rule_decided")),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_evening_rule_house_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evening_rule")),
        sa.UniqueConstraint("house_id", "day", name=op.f("uq_evening_rule_house_id_day")),
    )
    op.create_index(op.f("ix_evening_rule_decides_at"), "evening_rule", ["decides_at"])
    op.create_table(
        "key_holder",
        sa.Column("claim_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("said_by_id", sa.String(26), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_key_holder_claim_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["said_by_id"], ["membership.id"], name=op.f("fk_key_holder_said_by_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("claim_id", name=op.f("pk_key_holder")),
    )
    op.create_index(op.f("ix_key_holder_said_by_id"), "key_holder", ["said_by_id"])
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        op.execute('ALTER TABLE "key_holder" ALTER COLUMN "name" SET STATISTICS 0')


def downgrade() -> None:
    op.drop_table("key_holder")
    op.drop_table("evening_rule")
