"""sessions that clubs ask for, and one at a time that runs"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
# Of the sessions that a club has, only the last that was granted may still run.
ENDED = """
UPDATE meeting_session SET ended_at = granted_at WHERE EXISTS (
    SELECT 1 FROM meeting_session AS later WHERE later.club_id = meeting_session.club_id
    AND (later.granted_at > meeting_session.granted_at
         OR (later.granted_at = meeting_session.granted_at AND later.id > meeting_session.id))
)
"""


def upgrade() -> None:
    op.add_column("meeting_session", sa.Column("ended_at", MOMENT, nullable=True))
    op.execute(ENDED)
    _one_each("ix_meeting_session_running", "meeting_session", "ended_at IS NULL")
    op.create_table(
        "session_request",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("dates", sa.JSON(), nullable=False),
        sa.Column("asked_by_id", sa.String(26), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("lost", sa.JSON(), nullable=False),
        sa.Column("session_id", sa.String(26), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('granted', 'refused', 'withdrawn', 'lapsed')", name=op.f("ck_session_request_outcome")
        ),
        sa.CheckConstraint("size IN (1, 5, 10, 20)", name=op.f("ck_session_request_size")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_session_request_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_session_request_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["membership.id"], name=op.f("fk_session_request_asked_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["meeting_session.id"], name=op.f("fk_session_request_session_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_request")),
    )
    _one_each("ix_session_request_waiting", "session_request", "outcome IS NULL")
    op.create_index(op.f("ix_session_request_club_id_asked_at"), "session_request", ["club_id", "asked_at"])
    for column in ("room_id", "asked_by_id", "session_id"):
        op.create_index(op.f(f"ix_session_request_{column}"), "session_request", [column])
    _sample(("session_request", "name"), ("session_request", "reason"), ("meeting_session", "name"), target="0")


def downgrade() -> None:
    op.drop_table("session_request")
    op.drop_index("ix_meeting_session_running", "meeting_session")
    op.drop_column("meeting_session", "ended_at")
    _sample(("meeting_session", "name"), target="-1")


def _one_each(name: str, table: str, where: str) -> None:
    op.create_index(
        name, table, ["club_id"], unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
    )


def _sample(*columns: tuple[str, str], target: str) -> None:
    """PostgreSQL keeps no sample of what people write."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column in columns:
        op.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" SET STATISTICS {target}')
