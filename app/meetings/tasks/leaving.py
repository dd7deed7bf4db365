"""What becomes of a person's tasks when they leave for good, and what they take away of them."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.clubs import live
from app.clubs.leaving import club_names, still_inside
from app.clubs.models import Change, Membership
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
    """What a person asked for, in their words; what they do for others is told without the words.

    Of a club that they may not read any more, what they asked for there, and not what became of it.
    """
    names, inside = club_names(account_id), still_inside(account_id)
    made = select(Task.id).join(Membership, Membership.id == Task.made_by_id)
    made = made.where(Membership.account_id == account_id, ~_made_since(Membership.ended_at))
    own = set(db.session.scalars(made))
    rows = db.session.scalars(
        select(Task).where(or_(Task.id.in_(own), Task.holder_id.in_(inside))).order_by(Task.club_id, Task.seq)
    )
    return [_task_row(task, names, inside, asked=task.id in own) for task in rows]


def _task_row(task: Task, names: dict[str, str], inside: set[str], *, asked: bool) -> dict[str, Any]:
    here = not inside.isdisjoint({task.made_by_id, task.holder_id})
    return {
        "what": "task_asked" if asked else "task_held",
        "club": names[task.club_id],
        "text": task.text if asked else None,
        "due": task.due,
        "done": task.done_at if here else None,
    }


def _made_since(end: InstrumentedAttribute[datetime | None]) -> ColumnElement[bool]:
    """Was their line picked from minutes after they left? Of what is older than the log, nobody knows."""
    made = select(Change.seq).where(Change.club_id == Task.club_id, Change.seq == Task.seq, Change.at > end)
    return made.exists()


parting.append(part_from_tasks)
take_away("tasks", _l("Mes tâches"), task_rows, ("task", "made_by_id"), ("task", "holder_id"))
