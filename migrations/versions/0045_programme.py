"""the points of a meeting, and who brings what"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def _key(table: str, column: str, target: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def upgrade() -> None:
    op.create_table(
        "agenda_point",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(120), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=True),
        sa.Column("added_by_id", sa.String(26), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 240", name=op.f("ck_agenda_point_minutes")),
        _key("agenda_point", "meeting_id", "meeting"),
        _key("agenda_point", "club_id", "club"),
        _key("agenda_point", "added_by_id", "membership", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_point")),
    )
    op.create_table(
        "thing",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("meeting_id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("text", sa.String(80), nullable=False),
        sa.Column("asked_by_id", sa.String(26), nullable=True),
        sa.Column("taker_id", sa.String(26), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        _key("thing", "meeting_id", "meeting"),
        _key("thing", "club_id", "club"),
        _key("thing", "asked_by_id", "membership", "SET NULL"),
        _key("thing", "taker_id", "membership", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thing")),
    )
    for table, columns in (
        ("agenda_point", ["meeting_id", "place"]), ("agenda_point", ["club_id"]), ("agenda_point", ["added_by_id"]),
        ("thing", ["meeting_id", "seq"]), ("thing", ["club_id"]), ("thing", ["asked_by_id"]), ("thing", ["taker_id"]),
    ):  # fmt: skip
        op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        for table in ("agenda_point", "thing"):
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "text" SET STATISTICS 0')


def downgrade() -> None:
    op.drop_table("thing")
    op.drop_table("agenda_point")
