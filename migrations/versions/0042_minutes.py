"""minutes of meetings, version after version, and what is decided"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TEXTS = ("minutes_version", "noted_decision")


def _key(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "minutes_version",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.String(26), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_minutes_version_number")),
        _key("minutes_version", "meeting_id", "meeting"),
        _key("minutes_version", "club_id", "club"),
        _key("minutes_version", "written_by_id", "membership", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_version")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_minutes_version_meeting_id_number")),
    )
    op.create_table(
        "noted_decision",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("meeting_id", sa.String(26), nullable=True),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("written_by_id", sa.String(26), nullable=True),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        _key("noted_decision", "club_id", "club"),
        _key("noted_decision", "meeting_id", "meeting", "SET NULL"),
        _key("noted_decision", "written_by_id", "membership", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_noted_decision")),
    )
    for table, columns in (
        ("minutes_version", ["club_id"]), ("minutes_version", ["written_by_id"]),
        ("noted_decision", ["club_id", "seq"]), ("noted_decision", ["meeting_id"]),
        ("noted_decision", ["written_by_id"]),
    ):  # fmt: skip
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        for table in TEXTS:
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "text" SET STATISTICS 0')


def downgrade() -> None:
    op.drop_table("noted_decision")
    op.drop_table("minutes_version")
