"""What the club's log says of tasks, read when it is sent: that one moved, never what it says nor whose it is."""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.clubs.queries import rows_since
from app.core.db import db
from app.meetings.tasks.models import Task


@renders("task:made", "task:changed", "task:gone")
def _task(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    there = db.session.execute(select(Task.id, Task.seq).where(Task.id.in_(ids), Task.club_id == club.id))
    known = rows_since(club, "task:made", ids, [(row.id, row.seq) for row in there])
    return {task_id: Shown({"task": task_id}, seq) for task_id, seq in known.items()}
