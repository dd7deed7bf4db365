"""whose each line of a closing review is; from which row of the log on goals and reviews are read"""

import base64
import secrets

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OLD = (
    sa.Column("reached", sa.String(1000), nullable=False),
    sa.Column("ahead", sa.String(1000), nullable=False),
    sa.Column("by_id", sa.String(26), nullable=True),
    sa.Column("written_at", MOMENT, nullable=True),
)
KEPT = ("session_id", "places", "version", "rest_until")
LINES = sa.table(
    "review_line",
    *(sa.column(name) for name in ("id", "session_id", "kind", "place", "text", "by_id", "seq")),
    sa.column("written_at", MOMENT),
)


def upgrade() -> None:
    op.create_table(
        "review_line",
        sa.Column("id", sa.String(26), nullable=False),
        sa.Column("session_id", sa.String(26), nullable=False),
        sa.Column("kind", sa.String(7), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("by_id", sa.String(26), nullable=True),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('reached', 'ahead')", name=op.f("ck_review_line_kind")),
        _session("review_line"),
        _member("review_line"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_line")),
    )
    op.create_index(op.f("ix_review_line_by_id"), "review_line", ["by_id"])
    op.create_index(op.f("ix_review_line_session_id_place"), "review_line", ["session_id", "place"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute('ALTER TABLE "review_line" ALTER COLUMN "text" SET STATISTICS 0')
    op.add_column("session_goal", sa.Column("seq", sa.Integer(), server_default="1", nullable=False))
    # When a goal was written nobody knows: not before the first change of its session.
    op.execute(
        "UPDATE session_goal SET seq = coalesce((SELECT min(change.seq) FROM change"
        " WHERE change.kind = 'session:changed' AND change.subject_id = session_goal.session_id), 1)"
    )
    rows = _path(*OLD)
    found = op.get_bind().execute(sa.select(rows)).mappings().all()
    _make_path(found)
    lines = [line for row in found for line in _lines(row)]
    if lines:
        op.get_bind().execute(sa.insert(LINES), lines)


def downgrade() -> None:
    rows = _path()
    found = [dict(row) for row in op.get_bind().execute(sa.select(rows)).mappings()]
    lines = op.get_bind().execute(sa.select(LINES).order_by(LINES.c.place)).mappings().all()
    for row in found:
        mine = [line for line in lines if line["session_id"] == row["session_id"]]
        for kind in ("reached", "ahead"):
            row[kind] = "\n".join(line["text"] for line in mine if line["kind"] == kind)[:1000]
        row["written_at"] = max((line["written_at"] for line in mine), default=None)
        row["by_id"] = mine[-1]["by_id"] if mine else None
    _make_path(found, *OLD, _member("session_path"))
    op.create_index(op.f("ix_session_path_by_id"), "session_path", ["by_id"])
    if op.get_bind().dialect.name == "postgresql":
        for column in ("reached", "ahead"):
            op.execute(f'ALTER TABLE "session_path" ALTER COLUMN "{column}" SET STATISTICS 0')
    op.drop_column("session_goal", "seq")
    op.drop_table("review_line")


def _path(*more: sa.Column) -> sa.TableClause:
    told = [sa.column(each.name, each.type) for each in more]
    return sa.table("session_path", *(sa.column(name) for name in KEPT), *told)


def _make_path(rows: list, *more: sa.Column | sa.Constraint) -> None:
    """Anew, with what it held: SQLite drops no column that is a key."""
    op.drop_table("session_path")
    columns = [each.copy() if isinstance(each, sa.Column) else each for each in more]
    op.create_table(
        "session_path",
        sa.Column("session_id", sa.String(26), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("rest_until", sa.Date(), nullable=True),
        *columns,
        sa.CheckConstraint("places BETWEEN 2 AND 200", name=op.f("ck_session_path_places")),
        _session("session_path"),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_session_path")),
    )
    op.create_index(op.f("ix_session_path_rest_until"), "session_path", ["rest_until"])
    names = [*KEPT, *(each.name for each in more if isinstance(each, sa.Column))]
    if rows:
        op.get_bind().execute(
            sa.insert(_path(*(each for each in more if isinstance(each, sa.Column)))),
            [{name: row[name] for name in names} for row in rows],
        )


def _lines(row: sa.RowMapping) -> list[dict]:
    """All are of who wrote last: nobody knows more of them."""
    if row["written_at"] is None:
        return []
    told = {"session_id": row["session_id"], "by_id": row["by_id"], "written_at": row["written_at"]}
    texts = [
        (kind, place, line.strip())
        for kind in ("reached", "ahead")
        for place, line in enumerate(row[kind].split("\n"))
        if line.strip()
    ]
    seq = _seq_at(row)
    return [
        {"id": _new_id(), "kind": kind, "place": place, "text": text, "seq": seq, **told} for kind, place, text in texts
    ]


def _seq_at(row: sa.RowMapping) -> int:
    change = sa.table("change", sa.column("seq"), sa.column("kind"), sa.column("subject_id"), sa.column("at", MOMENT))
    said = change.c.kind == "session:changed", change.c.subject_id == row["session_id"]
    last = sa.select(sa.func.max(change.c.seq)).where(*said, change.c.at <= row["written_at"])
    return op.get_bind().scalar(last) or 1


def _new_id() -> str:
    return base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=").lower()


def _session(table: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(
        ["session_id"], ["meeting_session.id"], name=op.f(f"fk_{table}_session_id"), ondelete="CASCADE"
    )


def _member(table: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint(["by_id"], ["membership.id"], name=op.f(f"fk_{table}_by_id"), ondelete="SET NULL")
