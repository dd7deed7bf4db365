"""what is sent, and when"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("job", sa.Column("set_at", MOMENT, nullable=True))
    op.add_column("job", sa.Column("key", sa.String(64), nullable=True))
    op.create_index(op.f("ix_job_key"), "job", ["key"], unique=True)
    op.add_column("rsvp", sa.Column("reminded_at", MOMENT, nullable=True))
    op.create_table(
        "mail_choice",
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("stopped", sa.JSON(), nullable=False),
        sa.Column("digest_hour", sa.Integer(), nullable=False),
        sa.Column("quiet_from", sa.Integer(), nullable=False),
        sa.Column("quiet_until", sa.Integer(), nullable=False),
        sa.Column("digest_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "digest_hour BETWEEN 0 AND 23 AND quiet_from BETWEEN 0 AND 23 AND quiet_until BETWEEN 0 AND 23",
            name=op.f("ck_mail_choice_hours"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_mail_choice_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_mail_choice")),
    )


def downgrade() -> None:
    op.drop_table("mail_choice")
    op.drop_column("rsvp", "reminded_at")
    op.drop_index(op.f("ix_job_key"), "job")
    op.drop_column("job", "key")
    op.drop_column("job", "set_at")
