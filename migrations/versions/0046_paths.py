"""a session as a path: what its club says of it, goals, who takes part"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "session_path",
        sa.Column("session_id", sa.String(26), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("reached", sa.String(1000), nullable=False),
        sa.Column("ahead", sa.String(1000), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=True),
        sa.Column("written_at", MOMENT, nullable=True),
        sa.Column("rest_until", sa.Date(), nullable=True),
        sa.CheckConstraint("places BETWEEN 2 AND 200", name=op.f("ck_session_path_places")),
        _session("session_path"),
        _member("session_path", "by_id", "SET NULL"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_path")),
    )
    op.create_index(op.f("ix_session_path_by_id"), "session_path", ["by_id"])
    op.create_index(op.f("ix_session_path_rest_until"), "session_path", ["rest_until"])
    op.create_table(
        "session_goal",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("session_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(120), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=True),
        sa.Column("reached", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 5", name=op.f("ck_session_goal_number")),
        _session("session_goal"),
        _member("session_goal", "by_id", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_goal")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_session_goal_session_id_number")),
    )
    op.create_index(op.f("ix_session_goal_by_id"), "session_goal", ["by_id"])
    op.create_table(
        "session_seat",
        sa.Column("session_id", sa.String(26), nullable=False),
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 200", name=op.f("ck_session_seat_number")),
        _session("session_seat"),
        _member("session_seat", "membership_id", "CASCADE"),
        sa.PrimaryKeyConstraint("session_id", "membership_id", name=op.f("pk_session_seat")),
        sa.UniqueConstraint("session_id", "number", name=op.f("uq_session_seat_session_id_number")),
    )
    op.create_index(op.f("ix_session_seat_membership_id"), "session_seat", ["membership_id"])
    if op.get_bind().dialect.name == "postgresql":
        # What people write is in no sample.
        for table, column in (("session_path", "reached"), ("session_path", "ahead"), ("session_goal", "text")):
            op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS 0')


def downgrade() -> None:
    for table in ("session_seat", "session_goal", "session_path"):
        op.drop_table(table)


def _session(table: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["session_id"], ["meeting_session.id"], name=op.f(f"fk_{table}_session_id"), ondelete="CASCADE"
    )


def _member(table: str, column: str, gone: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint([column], ["membership.id"], name=op.f(f"fk_{table}_{column}"), ondelete=gone)
