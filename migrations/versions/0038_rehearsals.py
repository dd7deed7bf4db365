"""who listens, who rehearses with whom, and with whom not again"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
STANDS = sa.text("cancelled_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "practice_offer",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("house_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("in_house", sa.Boolean(), nullable=False),
        sa.Column("by_phone", sa.Boolean(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('peer', 'adviser')", name=op.f("ck_practice_offer_kind")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_practice_offer_span")),
        sa.CheckConstraint("in_house OR by_phone", name=op.f("ck_practice_offer_way")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_practice_offer_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["house_id"], ["house.id"], name=op.f("fk_practice_offer_house_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_practice_offer")),
    )
    op.create_index(op.f("ix_practice_offer_account_id"), "practice_offer", ["account_id"])
    op.create_index(op.f("ix_practice_offer_ends_at"), "practice_offer", ["ends_at"])
    op.create_table(
        "rehearsal",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("offer_id", sa.String(26), nullable=False),
        sa.Column("listener_id", sa.String(26), nullable=False),
        sa.Column("asker_id", sa.String(26), nullable=False),
        sa.Column("asker_name", sa.String(40), nullable=False),
        sa.Column("trade", sa.String(20), nullable=False),
        sa.Column("way", sa.String(5), nullable=False),
        sa.Column("phone_sealed", sa.String(200), nullable=True),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("cancelled_at", MOMENT, nullable=True),
        sa.Column("cancelled_by", sa.String(8), nullable=True),
        sa.CheckConstraint("way IN ('house', 'phone')", name=op.f("ck_rehearsal_way")),
        sa.CheckConstraint("cancelled_by IN ('asker', 'listener')", name=op.f("ck_rehearsal_cancelled_by")),
        sa.CheckConstraint("asker_id <> listener_id", name=op.f("ck_rehearsal_two")),
        sa.ForeignKeyConstraint(
            ["offer_id"], ["practice_offer.id"], name=op.f("fk_rehearsal_offer_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listener_id"], ["account.id"], name=op.f("fk_rehearsal_listener_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asker_id"], ["account.id"], name=op.f("fk_rehearsal_asker_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal")),
    )
    op.create_index(op.f("ix_rehearsal_offer_id"), "rehearsal", ["offer_id"])
    op.create_index(op.f("ix_rehearsal_ends_at"), "rehearsal", ["ends_at"])
    for who in ("listener", "asker"):
        op.create_index(
            f"uq_rehearsal_{who}", "rehearsal", [f"{who}_id", "starts_at"], unique=True, sqlite_where=STANDS,
            postgresql_where=STANDS,
        )  # fmt: skip
    op.create_table(
        "practice_refusal",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("other_id", sa.String(26), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_practice_refusal_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["other_id"], ["account.id"], name=op.f("fk_practice_refusal_other_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "other_id", name=op.f("pk_practice_refusal")),
    )
    op.create_index(op.f("ix_practice_refusal_other_id"), "practice_refusal", ["other_id"])
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        op.execute('ALTER TABLE "practice_offer" ALTER COLUMN "name" SET STATISTICS 0')
        op.execute('ALTER TABLE "rehearsal" ALTER COLUMN "asker_name" SET STATISTICS 0')


def downgrade() -> None:
    for table in ("practice_refusal", "rehearsal", "practice_offer"):
        op.drop_table(table)
