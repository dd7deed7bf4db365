"""What becomes of a person's tasks when they leave for good, and what they take away of them."""

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select

from app.clubs import live
from app.clubs.leaving import club_names
from app.clubs.models import Membership
from app.clubs.partings import Messages, parting
from app.core.clock import now
from app.core.db import db
from app.core.privacy import Rows, take_away
from app.meetings.tasks.models import Task


def part_from_tasks(membership_id: str, messages: Messages) -> None:
    """What they did is for others to do. What they asked for goes with their messages, or stays without a name."""
    theirs = select(Task).where(or_(Task.holder_id == membership_id, Task.made_by_id == membership_id))
    gone = []
    for task in db.session.scalars(theirs.order_by(Task.seq)).all():
        if task.made_by_id == membership_id and messages == "blank":
            gone.append(task)
            continue
        if task.holder_id == membership_id:
            task.holder_id = task.taken_at = None
            task.moved_at = now()
        if task.made_by_id == membership_id:
            task.made_by_id = None
        live.record(task.club_id, "task:changed", task.id)
    db.session.execute(delete(Task).where(Task.id.in_([task.id for task in gone])))
    for task in gone:
        live.record(task.club_id, "task:gone", task.id)


def task_rows(account_id: str) -> Rows:
    """What a person asked for, in their words; what they do for others is told without the words."""
    names = club_names(account_id)
    mine = select(Membership.id).where(Membership.account_id == account_id)
    rows = db.session.scalars(
        select(Task).where(or_(Task.made_by_id.in_(mine), Task.holder_id.in_(mine))).order_by(Task.club_id, Task.seq)
    ).all()
    own = set(db.session.scalars(mine))
    return [
        {
            "what": "task_asked" if task.made_by_id in own else "task_held",
            "club": names[task.club_id],
            "text": task.text if task.made_by_id in own else None,
            "due": task.due,
            "done": task.done_at,
        }
        for task in rows
    ]


parting.append(part_from_tasks)
take_away("tasks", _l("Mes tâches"), task_rows, ("task", "made_by_id"), ("task", "holder_id"))
