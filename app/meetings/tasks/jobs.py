"""The clock's door of tasks: what the day's summary says of them, and how long they are kept.

That is as long as the messages of their club, after the last thing that happened to them.
"""

from datetime import datetime
from typing import Any

from flask_babel import ngettext
from sqlalchemy import Select, or_, select

from app.accounts import digests
from app.clubs.models import Club
from app.core.actor import Actor
from app.core.retention import by_key
from app.meetings.tasks import leaving as leaving
from app.meetings.tasks import parts as parts
from app.meetings.tasks.models import Task
from app.meetings.tasks.queries import number_proposed
from app.messaging.keeping.jobs import MESSAGES, oldest


def proposed_line(actor: Actor) -> list[Any]:
    """How many things somebody is asked to do: neither what they are, nor who asks, nor in which club."""
    number = number_proposed(actor)
    words = ngettext("%(num)s chose à faire vous est proposée", "%(num)s choses à faire vous sont proposées", number)
    return [words] if number else []


digests.waiting.append(proposed_line)


def _old_tasks(moment: datetime) -> Select[Any]:
    """One that is not done waits for its day first."""
    over = or_(Task.done_at.is_not(None), Task.due.is_(None), Task.due < moment.date())
    club = select(Club.id).where(Club.id == Task.club_id, Task.moved_at < oldest(moment))
    return select(Task.id).where(over, club.exists())


by_key("tasks:old", ("task",), MESSAGES, Task.id, _old_tasks)
