"""dates that a club votes on, and the slots that are kept for it meanwhile"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
KIND = "kind IN ('form', 'offer', 'series'{more})"
PLACE = "(kind = 'poll') = (place IS NOT NULL) AND COALESCE(place, 1) BETWEEN 1 AND 3"
HANGING = ("span", "waiting")


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("hold", sa.Column("place", sa.Integer(), nullable=True))
        op.drop_constraint(op.f("ck_hold_kind"), "hold", type_="check")
        op.create_check_constraint(op.f("ck_hold_kind"), "hold", KIND.format(more=", 'poll'"))
        op.create_check_constraint(op.f("ck_hold_place"), "hold", PLACE)
        op.create_unique_constraint(op.f("uq_hold_club_id_place"), "hold", ["club_id", "place"])
    else:
        _make_hold_again(", 'poll'", places=True)
    _polls()


def _make_hold_again(more: str, *, places: bool) -> None:
    """SQLite changes no check: the table is made anew. What hangs on the old one waits beside it meanwhile."""
    for name in HANGING:
        op.execute(f"CREATE TEMPORARY TABLE {name}_beside AS SELECT * FROM {name} WHERE hold_id IS NOT NULL")
    op.execute("CREATE TEMPORARY TABLE hold_beside AS SELECT * FROM hold")
    op.drop_table("hold")
    kept = [
        sa.CheckConstraint(PLACE, name=op.f("ck_hold_place")),
        sa.UniqueConstraint("club_id", "place", name=op.f("uq_hold_club_id_place")),
    ]
    op.create_table(
        "hold",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.String(26), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        *([sa.Column("place", sa.Integer(), nullable=True)] if places else []),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_hold_order")),
        sa.CheckConstraint(KIND.format(more=more), name=op.f("ck_hold_kind")),
        *(kept if places else []),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_hold_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_hold_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["membership.id"], name=op.f("fk_hold_made_by_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index(op.f("ix_hold_room_id_starts_at"), "hold", ["room_id", "starts_at"])
    for column in ("club_id", "until", "made_by_id"):
        op.create_index(op.f(f"ix_hold_{column}"), "hold", [column])
    same = "id, club_id, room_id, kind, starts_at, ends_at, until, made_by_id, made_at"
    op.execute(f"INSERT INTO hold ({same}) SELECT {same} FROM hold_beside")  # noqa: S608 names of columns
    for name in HANGING:
        # Deleted with the hold, by its key.
        op.execute(f"INSERT INTO {name} SELECT * FROM {name}_beside")  # noqa: S608 names of tables
    for name in ("hold", *HANGING):
        op.execute(f"DROP TABLE {name}_beside")


def _polls() -> None:
    op.create_table(
        "poll",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("club_id", sa.String(26), nullable=False),
        sa.Column("opened_by_id", sa.String(26), nullable=True),
        sa.Column("thread_id", sa.String(26), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("outcome", sa.String(9), nullable=True),
        sa.CheckConstraint("opened_at < ends_at", name=op.f("ck_poll_order")),
        sa.CheckConstraint("outcome IN ('chosen', 'over', 'cancelled')", name=op.f("ck_poll_outcome")),
        sa.CheckConstraint("(outcome IS NULL) = (ended_at IS NULL)", name=op.f("ck_poll_ended")),
        sa.ForeignKeyConstraint(["club_id"], ["club.id"], name=op.f("fk_poll_club_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["membership.id"], name=op.f("fk_poll_opened_by_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["thread_id"], ["thread.id"], name=op.f("fk_poll_thread_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll")),
    )
    for column in ("club_id", "opened_by_id", "thread_id", "ends_at"):
        op.create_index(op.f(f"ix_poll_{column}"), "poll", [column])
    op.create_table(
        "poll_date",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("poll_id", sa.String(26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(9), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("place", sa.String(80), nullable=False),
        sa.Column("room_id", sa.String(26), nullable=True),
        sa.Column("hold_id", sa.String(26), nullable=True),
        sa.Column("chosen_at", MOMENT, nullable=True),
        sa.Column("meeting_id", sa.String(26), nullable=True),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_poll_date_order")),
        sa.CheckConstraint("number BETWEEN 1 AND 12", name=op.f("ck_poll_date_number")),
        sa.CheckConstraint("kind IN ('room', 'elsewhere', 'online')", name=op.f("ck_poll_date_kind")),
        sa.CheckConstraint("(kind = 'room') = (room_id IS NOT NULL)", name=op.f("ck_poll_date_room")),
        sa.ForeignKeyConstraint(["poll_id"], ["poll.id"], name=op.f("fk_poll_date_poll_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_poll_date_room_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_poll_date_hold_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_poll_date_meeting_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_poll_date")),
        sa.UniqueConstraint("poll_id", "number", name=op.f("uq_poll_date_poll_id_number")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_poll_date_hold_id")),
    )
    op.create_index(
        op.f("ix_poll_date_chosen"), "poll_date", ["poll_id"], unique=True,
        sqlite_where=sa.text("chosen_at IS NOT NULL"), postgresql_where=sa.text("chosen_at IS NOT NULL"),
    )  # fmt: skip
    op.create_index(op.f("ix_poll_date_meeting_id"), "poll_date", ["meeting_id"])
    op.create_table(
        "poll_answer",
        sa.Column("date_id", sa.String(26), nullable=False),
        sa.Column("membership_id", sa.String(26), nullable=False),
        sa.Column("answer", sa.String(5), nullable=False),
        sa.CheckConstraint("answer IN ('yes', 'maybe', 'no')", name=op.f("ck_poll_answer_answer")),
        sa.ForeignKeyConstraint(
            ["date_id"], ["poll_date.id"], name=op.f("fk_poll_answer_date_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name=op.f("fk_poll_answer_membership_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("date_id", "membership_id", name=op.f("pk_poll_answer")),
    )
    op.create_index(op.f("ix_poll_answer_membership_id"), "poll_answer", ["membership_id"])
    if op.get_bind().dialect.name == "postgresql":
        # What a person wrote leaves no sample behind.
        op.execute('ALTER TABLE "poll" ALTER COLUMN "title" SET STATISTICS 0')
        op.execute('ALTER TABLE "poll_date" ALTER COLUMN "place" SET STATISTICS 0')


def downgrade() -> None:
    for name in ("poll_answer", "poll_date", "poll"):
        op.drop_table(name)
    op.execute("DELETE FROM hold WHERE kind = 'poll'")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(op.f("uq_hold_club_id_place"), "hold", type_="unique")
        op.drop_constraint(op.f("ck_hold_place"), "hold", type_="check")
        op.drop_constraint(op.f("ck_hold_kind"), "hold", type_="check")
        op.create_check_constraint(op.f("ck_hold_kind"), "hold", KIND.format(more=""))
        op.drop_column("hold", "place")
    else:
        _make_hold_again("", places=False)
