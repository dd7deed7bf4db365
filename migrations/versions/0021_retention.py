"""how long things are kept"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Who goes must find at once what refers to them.
INDEXES = (
    ("thread", ["opened_by_id"]),
    ("message", ["club_id", "posted_at"]),
    ("message", ["reply_to_id"]),
    ("reaction", ["message_id"]),
    ("reaction", ["membership_id"]),
    ("reading_mark", ["thread_id"]),
)


def upgrade() -> None:
    op.add_column("club", sa.Column("log_from", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("club", _months("keep_months", nullable=False, server_default="12"))
    op.add_column("club", _months("keep_next", nullable=True))
    op.add_column("club", sa.Column("keep_next_at", MOMENT, nullable=True))
    op.add_column("account", sa.Column("warned_at", MOMENT, nullable=True))
    for table, columns in INDEXES:
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    op.create_table(
        "passage",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("account_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(3), nullable=False),
        sa.Column("way", sa.String(12), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.CheckConstraint("kind IN ('in', 'out')", name=op.f("ck_passage_kind")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passage_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage")),
    )
    op.create_index(op.f("ix_passage_account_id_at"), "passage", ["account_id", "at"])
    op.create_index(op.f("ix_passage_at"), "passage", ["at"])
    _archives()


def _months(name: str, **told: object) -> sa.Column:
    check = sa.CheckConstraint(f"{name} BETWEEN 1 AND 24", name=op.f(f"ck_club_{name}"))
    return sa.Column(name, sa.Integer(), check, **told)


def _archives() -> None:
    op.create_table(
        "club_archive",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("asked_by_id", sa.String(26), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("confirmed_by_id", sa.String(26), nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column("opens_at", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=True),
        sa.CheckConstraint("confirmed_by_id <> asked_by_id", name=op.f("ck_club_archive_two_leads")),
        sa.CheckConstraint(
            "(told_at IS NULL) = (opens_at IS NULL) AND (told_at IS NULL) = (until IS NULL)",
            name=op.f("ck_club_archive_told"),
        ),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_club_archive_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["membership.id"], name=op.f("fk_club_archive_asked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["membership.id"], name=op.f("fk_club_archive_confirmed_by_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_club_archive")),
        sa.UniqueConstraint("club_id", name=op.f("uq_club_archive_club_id")),
    )
    op.create_index(op.f("ix_club_archive_asked_by_id"), "club_archive", ["asked_by_id"])
    op.create_index(op.f("ix_club_archive_confirmed_by_id"), "club_archive", ["confirmed_by_id"])
    op.create_table(
        "archive_refusal",
        sa.Column("archive_id", sa.String(26), nullable=False),
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["archive_id"], ["club_archive.id"], name=op.f("fk_archive_refusal_archive_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_archive_refusal_membership_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("archive_id", "membership_id", name=op.f("pk_archive_refusal")),
    )
    op.create_index(op.f("ix_archive_refusal_membership_id"), "archive_refusal", ["membership_id"])


def downgrade() -> None:
    op.drop_table("archive_refusal")
    op.drop_table("club_archive")
    op.drop_table("passage")
    for table, columns in INDEXES:
        op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table)
    op.drop_column("account", "warned_at")
    for name in ("keep_next_at", "keep_next", "keep_months", "log_from"):
        op.drop_column("club", name)
