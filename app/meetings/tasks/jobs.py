"""How long tasks are kept: as long as the messages of their club after the last thing that happened to them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from app.clubs.models import Club
from app.core.retention import by_key
from app.meetings.tasks import leaving as leaving
from app.meetings.tasks import parts as parts
from app.meetings.tasks.models import Task
from app.messaging.keeping.jobs import MESSAGES, oldest


def _old_tasks(moment: datetime) -> Select[Any]:
    """One that is not done waits for its day first."""
    over = or_(Task.done_at.is_not(None), Task.due.is_(None), Task.due < moment.date())
    club = select(Club.id).where(Club.id == Task.club_id, Task.moved_at < oldest(moment))
    return select(Task.id).where(over, club.exists())


by_key("tasks:old", ("task",), MESSAGES, Task.id, _old_tasks)
