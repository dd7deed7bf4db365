"""a meeting's own discussion bears its day, and no title that somebody gave the meeting"""

from datetime import UTC
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    claim, meeting = _table("claim", "id"), _table("meeting", "id", "house_id", "claim_id")
    house = sa.table("house", sa.column("id"), sa.column("timezone"))
    talk = sa.table("meeting_thread", sa.column("meeting_id"), sa.column("thread_id"))
    thread = sa.table("thread", sa.column("id"), sa.column("title"))
    start = sa.func.coalesce(claim.c.starts_at, meeting.c.starts_at, type_=MOMENT)
    rows = (
        sa.select(talk.c.thread_id, start.label("start"), house.c.timezone)
        .join_from(talk, meeting, meeting.c.id == talk.c.meeting_id)
        .join(house, house.c.id == meeting.c.house_id)
        .outerjoin(claim, claim.c.id == meeting.c.claim_id)
    )
    for row in op.get_bind().execute(rows).all():
        moment = row.start if row.start.tzinfo else row.start.replace(tzinfo=UTC)
        day = moment.astimezone(ZoneInfo(row.timezone))
        told = sa.update(thread).where(thread.c.id == row.thread_id).values(title=f"Rencontre du {day:%d/%m/%Y}")
        op.get_bind().execute(told)


def downgrade() -> None:
    """What they were called before nobody knows any more, and that is what it is for."""


def _table(name: str, *columns: str) -> sa.TableClause:
    return sa.table(name, sa.column("starts_at", MOMENT), *map(sa.column, columns))
