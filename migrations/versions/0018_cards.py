"""cards of the desk, locked accounts, assisted sessions"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("account", sa.Column("locked_at", MOMENT, nullable=True))
    op.create_table(
        "card",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("number_hash", sa.String(64), nullable=False),
        sa.Column("words_hash", sa.String(200), nullable=False),
        sa.Column("tries_left", sa.Integer(), nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("printed_at", MOMENT, nullable=False),
        sa.Column("blocked_at", MOMENT, nullable=True),
        sa.CheckConstraint("tries_left BETWEEN 0 AND 5", name=op.f("ck_card_tries_left")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_card_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_card")),
        sa.UniqueConstraint("number_hash", name=op.f("uq_card_number_hash")),
    )
    op.create_table(
        "assistance",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("session_id", sa.String(26), nullable=False),
        sa.Column("mark_hash", sa.String(64), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=False),
        sa.Column("by_role", sa.String(12), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=True),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_assistance_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance")),
        sa.UniqueConstraint("mark_hash", name=op.f("uq_assistance_mark_hash")),
        sa.UniqueConstraint("session_id", name=op.f("uq_assistance_session_id")),
    )
    op.create_index(op.f("ix_assistance_account_id"), "assistance", ["account_id"])
    op.create_table(
        "assisted_act",
        sa.Column("assistance_id", sa.String(26), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["assistance_id"],
            ["assistance.id"],
            name=op.f("fk_assisted_act_assistance_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("assistance_id", "rank", name=op.f("pk_assisted_act")),
    )


def downgrade() -> None:
    for table in ("assisted_act", "assistance", "card"):
        op.drop_table(table)
    op.drop_column("account", "locked_at")
