"""partners of a house, who gives advice for them, hours of advice and who comes"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "partner",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("sentence", sa.String(160), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("place", sa.String(160), nullable=False),
        sa.Column("link", sa.String(300), nullable=False),
        sa.Column("needs", sa.JSON(), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("hidden_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["house_id"], ["house.id"], name=op.f("fk_partner_house_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner")),
    )
    op.create_index(op.f("ix_partner_house_id"), "partner", ["house_id"])
    op.create_table(
        "adviser",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("partner_id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["partner_id"], ["partner.id"], name=op.f("fk_adviser_partner_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_adviser_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser")),
        sa.UniqueConstraint("partner_id", "account_id", name=op.f("uq_adviser_partner_id_account_id")),
    )
    op.create_index(op.f("ix_adviser_account_id"), "adviser", ["account_id"])
    op.create_table(
        "adviser_code",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("partner_id", sa.String(26), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_adviser_code_partner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adviser_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_adviser_code_code_hash")),
    )
    op.create_index(op.f("ix_adviser_code_partner_id"), "adviser_code", ["partner_id"])
    op.create_index(op.f("ix_adviser_code_until"), "adviser_code", ["until"])
    _hours()
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        for table in ("adviser", "advice_booking"):
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "name" SET STATISTICS 0')


def _hours() -> None:
    op.create_table(
        "advice_hour",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("partner_id", sa.String(26), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(6), nullable=False),
        sa.Column("room", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_advice_hour_order")),
        sa.CheckConstraint("places BETWEEN 1 AND 30", name=op.f("ck_advice_hour_places")),
        sa.CheckConstraint("way IN ('here', 'phone', 'online')", name=op.f("ck_advice_hour_way")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_advice_hour_partner_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_hour")),
    )
    op.create_index(op.f("ix_advice_hour_ends_at"), "advice_hour", ["ends_at"])
    op.create_index(
        "ix_advice_hour_once",
        "advice_hour",
        ["partner_id", "starts_at", "room"],
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )
    op.create_table(
        "advice_booking",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("hour_id", sa.String(26), nullable=False),
        sa.Column("partner_id", sa.String(26), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=True),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("slip", sa.String(8), nullable=True),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(account_id IS NULL) = (slip IS NOT NULL)", name=op.f("ck_advice_booking_one_way")),
        sa.ForeignKeyConstraint(
            ["hour_id"], ["advice_hour.id"], name=op.f("fk_advice_booking_hour_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_advice_booking_partner_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_advice_booking_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advice_booking")),
        sa.UniqueConstraint("hour_id", "place", name=op.f("uq_advice_booking_hour_id_place")),
        sa.UniqueConstraint("slip", name=op.f("uq_advice_booking_slip")),
    )
    op.create_index(op.f("ix_advice_booking_account_id"), "advice_booking", ["account_id"])
    op.create_index(
        "ix_advice_booking_one_open",
        "advice_booking",
        ["partner_id", "account_id"],
        unique=True,
        sqlite_where=sa.text("NOT over"),
        postgresql_where=sa.text("NOT over"),
    )


def downgrade() -> None:
    for table in ("advice_booking", "advice_hour", "adviser_code", "adviser", "partner"):
        op.drop_table(table)
