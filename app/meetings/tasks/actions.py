"""Verbs of tasks. Each is one transaction; the club's log says that something moved, never what."""

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.clubs import live
from app.clubs.models import Club, Membership
from app.clubs.queries import IN_CLUB, settled_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.ids import new_id
from app.core.limits import Bucket, spend
from app.meetings.tasks import policy
from app.meetings.tasks.models import MAX_TASK, Task
from app.meetings.tasks.queries import task_for
from app.web.forms import checked

# Open at once in a club: more is a list that nobody reads.
MOST_OPEN = 100
FURTHEST = timedelta(days=366)
MOVE = Bucket("task", 30, 20)


def make_task(actor: Actor, slug: str, text: Any, holder: str = "", due: date | None = None) -> Task:
    """A member says what is to be done. holder: empty, or a membership: one's own takes it, another is only asked."""
    with transaction():
        club, me = settled_club_for(actor, slug)
        live.hold(club.id)
        db.session.refresh(me)
        if not me.active:
            raise NotFound()
        line = checked(text, "text", MAX_TASK, empty=_l("Écrivez ce qu’il y a à faire."))
        if due is not None and not now().date() - timedelta(days=1) <= due <= now().date() + FURTHEST:
            raise Invalid("due_out_of_range", _l("Choisissez un jour de l’année qui vient."), field="due")
        who = _holder(club, holder)
        spend(MOVE, me.id)
        leave_room(club)
        return add_task(club, me.id, line, who, due)


def add_task(
    club: Club, made_by_id: str | None, line: str, holder_id: str | None = None, due: date | None = None
) -> Task:
    """In the present transaction, of a text that was checked, by whose author it is."""
    taken = now() if holder_id and holder_id == made_by_id else None
    seq = live.next_seq(club.id)
    task = Task(
        id=new_id(), club_id=club.id, text=line, due=due, made_by_id=made_by_id, holder_id=holder_id, taken_at=taken,
        moved_at=now(), seq=seq,
    )  # fmt: skip
    db.session.add(task)
    live.record(club.id, "task:made", task.id, seq=seq)
    return task


def take_task(actor: Actor, task_id: str) -> Task:
    """A member takes what is nobody's, or says yes to what they are asked. Of two at once, one; twice is once."""
    with transaction():
        task, me, held = _open_task(actor, task_id)
        if held and task.holder_id != me.id:
            raise Taken("task_taken", _l("Quelqu’un vient de prendre cette tâche."))
        if task.holder_id != me.id or task.taken_at is None:
            spend(MOVE, me.id)
            task.holder_id, task.taken_at = me.id, now()
            _moved(task)
        return task


def leave_task(actor: Actor, task_id: str) -> Task:
    """Who does it, or is asked to, gives it back without a reason: it is for whoever wants it."""
    with transaction():
        task, me, _held = _open_task(actor, task_id)
        if task.holder_id is None:
            return task
        if not policy.can_leave_task(me, task):
            raise NotAllowed()
        spend(MOVE, me.id)
        task.holder_id = task.taken_at = None
        _moved(task)
        return task


def finish_task(actor: Actor, task_id: str) -> Task:
    """It is done: in one tap. Twice is once."""
    return _set_done(actor, task_id, done=True)


def reopen_task(actor: Actor, task_id: str) -> Task:
    """It is not done yet: the tap is taken back."""
    return _set_done(actor, task_id, done=False)


def drop_task(actor: Actor, task_id: str) -> Task:
    """Who asked for it, or a lead, takes it away for good."""
    with transaction():
        task, me, _held = task_for(actor, task_id, lock=True)
        if not policy.can_drop_task(me, task):
            raise NotAllowed()
        spend(MOVE, me.id)
        db.session.delete(task)
        live.record(task.club_id, "task:gone", task.id)
        return task


def _set_done(actor: Actor, task_id: str, *, done: bool) -> Task:
    with transaction():
        task, me, held = task_for(actor, task_id, lock=True)
        if not policy.can_finish_task(me, task, held):
            raise NotAllowed()
        if (task.done_at is not None) != done:
            spend(MOVE, me.id)
            task.done_at = now() if done else None
            _moved(task)
        return task


def _open_task(actor: Actor, task_id: str) -> tuple[Task, Membership, bool]:
    task, me, held = task_for(actor, task_id, lock=True)
    if task.done_at is not None:
        raise Gone("task_done", _l("Cette tâche est déjà faite."))
    return task, me, held


def _moved(task: Task) -> None:
    task.moved_at = now()
    live.record(task.club_id, "task:changed", task.id)


def _holder(club: Club, holder: str) -> str | None:
    if not holder:
        return None
    there = select(Membership.id).where(Membership.id == holder, Membership.club_id == club.id, IN_CLUB)
    found = db.session.scalar(there)
    if found is None:
        raise Invalid("holder_unknown", _l("Cette personne n’est plus dans le club."), field="holder")
    return found


def leave_room(club: Club) -> None:
    """Is there room for one more? The club is held: nobody adds one meanwhile."""
    waiting = select(func.count()).where(Task.club_id == club.id, Task.done_at.is_(None))
    if int(db.session.scalar(waiting) or 0) >= MOST_OPEN:
        detail = _l("Ce club a déjà 100 tâches. Terminez ou enlevez-en une d’abord.")
        raise DomainError("tasks_full", detail, status=409)
