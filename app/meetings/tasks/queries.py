"""Reads of tasks, always for someone: a member reads those made since they may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased

from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.meetings.tasks import policy
from app.meetings.tasks.models import Task
from app.web.filters import wall

# What was done lately is still shown, to be undone.
SHOWN_DONE = timedelta(days=7)
MOST_DONE = 10
# For so long the day's summary says that a task is proposed: then it is enough.
TOLD_FOR = timedelta(days=7)
HOLDER = aliased(Membership)
STILL_THERE = and_(
    HOLDER.id == Task.holder_id,
    HOLDER.began_at.is_not(None),
    HOLDER.ended_at.is_(None),
    HOLDER.visit_until.is_(None),
)


@dataclass(frozen=True)
class TaskView:
    """A task as one member sees it. holder: the name used in the club of who does it, None when nobody does any more.

    mine: the reader does it, or is asked to · asked: whom it is proposed to has not said yes.
    """

    task: Task
    holder: str | None
    mine: bool
    asked: bool
    late: bool
    may_take: bool
    may_leave: bool
    may_finish: bool
    may_drop: bool

    @property
    def id(self) -> str:
        return self.task.id

    @property
    def text(self) -> str:
        return self.task.text

    @property
    def done(self) -> bool:
        return self.task.done_at is not None


@dataclass(frozen=True)
class Duty:
    """A task in a person's agenda: its club by plant name, the text, the day if there is one."""

    task: Task
    club: Club
    asked: bool

    @property
    def plant(self) -> str:
        return plant_name(self.club)

    @property
    def due(self) -> date | None:
        return self.task.due


def tasks_of(club: Club, me: Membership, limit: int | None = None) -> list[TaskView]:
    """What there is to do, what has a day first; the caller has proved to be a member."""
    query = _seen(club, me).where(Task.done_at.is_(None)).order_by(Task.due.is_(None), Task.due, Task.seq)
    return _views(db.session.execute(query.limit(limit)).all(), me)


def done_of(club: Club, me: Membership, since: timedelta = SHOWN_DONE) -> list[TaskView]:
    """What was done lately, the last first."""
    query = _seen(club, me).where(Task.done_at > now() - since).order_by(Task.done_at.desc(), Task.seq.desc())
    return _views(db.session.execute(query.limit(MOST_DONE)).all(), me)


def number_of(club: Club, me: Membership) -> int:
    """How many things there are to do, as far as this member may read."""
    query = select(func.count()).where(Task.club_id == club.id, Task.seq >= me.first_seq, Task.done_at.is_(None))
    return int(db.session.scalar(query) or 0)


def tasks_for_agenda(actor: Actor) -> list[Duty]:
    """What a person does or is asked to do in all their clubs, what has a day first. None of a staff account."""
    rows = db.session.execute(
        select(Task, Club)
        .join(Club, Club.id == Task.club_id)
        .join(Membership, Membership.id == Task.holder_id)
        .where(Membership.account_id == actor.account_id, ACTIVE, IN_CLUB, Task.done_at.is_(None))
        .order_by(Task.due.is_(None), Task.due, Club.plant, Task.seq)
    )
    return [Duty(task, club, task.taken_at is None) for task, club in rows]


def number_proposed(actor: Actor) -> int:
    """How many tasks somebody was asked to do of late, in all their clubs, without a yes or a no yet."""
    waiting = (
        select(func.count())
        .select_from(Task)
        .join(Membership, Membership.id == Task.holder_id)
        .where(Membership.account_id == actor.account_id, ACTIVE, IN_CLUB)
        .where(Task.taken_at.is_(None), Task.done_at.is_(None), Task.moved_at > now() - TOLD_FOR)
    )
    return int(db.session.scalar(waiting) or 0)


def task_for(actor: Actor, task_id: str, *, lock: bool = False) -> tuple[Task, Membership, bool]:
    """A task of a club that the actor belongs to, their membership, and whether somebody there holds it.

    Raises NotFound, for who is on a visit too.
    """
    query = (
        select(Task, Membership, HOLDER.id)
        .join(Membership, Membership.club_id == Task.club_id)
        .outerjoin(HOLDER, STILL_THERE)
        .where(Task.id == task_id, Task.seq >= Membership.first_seq)
        .where(Membership.account_id == actor.account_id, ACTIVE, IN_CLUB)
        .execution_options(populate_existing=True)
    )
    found = db.session.execute(query.with_for_update(of=Task) if lock else query).first()
    if found is None or not ID.fullmatch(task_id):
        raise NotFound()
    return found[0], found[1], found[2] is not None


def _seen(club: Club, me: Membership) -> Select[Task, str | None, str]:
    query = select(Task, HOLDER.name, HOLDER.id).outerjoin(HOLDER, STILL_THERE)
    return query.where(Task.club_id == club.id, Task.seq >= me.first_seq)


def _views(rows: Sequence[Any], me: Membership) -> list[TaskView]:
    today = wall(now()).date()
    return [_view(task, name, holder_id is not None, me, today) for task, name, holder_id in rows]


def _view(task: Task, name: str | None, held: bool, me: Membership, today: date) -> TaskView:
    belongs, mine, asked = me.visit_until is None, held and task.holder_id == me.id, held and task.taken_at is None
    return TaskView(
        task,
        name if held else None,
        mine,
        asked,
        late=task.done_at is None and task.due is not None and task.due < today,
        may_take=belongs and (not held or (mine and asked)),
        may_leave=belongs and held and policy.can_leave_task(me, task),
        may_finish=belongs and not (mine and asked) and policy.can_finish_task(me, task, held),
        may_drop=belongs and policy.can_drop_task(me, task),
    )
