"""Verbs of grids: begin one, finish it, keep it, share it for a day, end that, erase it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l

from app.core import jobs
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import Invalid
from app.core.ids import new_id, new_secret
from app.core.limits import Bucket, Window, spend
from app.core.sealed import seal
from app.practice.grids.models import PracticeGrid
from app.practice.grids.queries import grid_for, hash_of
from app.practice.grids.words import ANSWERS, LINES

SHARED_FOR = timedelta(hours=24)
BEGUN = Window("practice:grid", 20, 24 * 60)
CHANGED = Bucket("practice:grid-change", 20, 20)


def begin_grid(actor: Actor, answers: Sequence[Any]) -> PracticeGrid:
    """A person notes eight lines of themselves, before."""
    before = _checked(answers)
    spend(BEGUN, actor.account_id)
    with transaction():
        grid = PracticeGrid(id=new_id(), account_id=actor.account_id, made_at=now(), before=before)
        db.session.add(grid)
        return grid


def finish_grid(actor: Actor, grid_id: str, answers: Sequence[Any]) -> PracticeGrid:
    """The same lines after; noted again, they replace what was noted."""
    after = _checked(answers)
    spend(CHANGED, actor.account_id)
    with transaction():
        grid = grid_for(actor, grid_id, lock=True)
        grid.after = after
        return grid


def _checked(answers: Sequence[Any]) -> list[int]:
    known = [str(number) for number in range(len(ANSWERS))]
    if len(answers) != len(LINES) or any(each not in known for each in answers):
        raise Invalid("answers_missing", _l("Choisissez un mot pour chaque ligne."), field="line0")
    return [int(each) for each in answers]


def keep_grid(actor: Actor, grid_id: str, *, kept: bool) -> None:
    """A person keeps a grid beyond its thirty days, or no longer."""
    spend(CHANGED, actor.account_id)
    with transaction():
        grid_for(actor, grid_id, lock=True).kept = kept


def share_grid(actor: Actor, grid_id: str) -> str:
    """A secret address by which somebody reads it for 24 hours; one that was made before opens no more."""
    spend(CHANGED, actor.account_id)
    secret = new_secret()
    with transaction():
        grid = grid_for(actor, grid_id, lock=True)
        grid.shared_hash, grid.shared_sealed = hash_of(secret), seal(secret)
        grid.shared_until = now() + SHARED_FOR
        jobs.enqueue("practice:end_sharing", {"grid": grid.id}, grid.shared_until)
    return secret


def end_sharing(actor: Actor, grid_id: str) -> None:
    """The address opens no more, at once. Twice is once."""
    with transaction():
        forget_link(grid_for(actor, grid_id, lock=True))


def forget_link(grid: PracticeGrid) -> None:
    """Nothing of a link is kept."""
    grid.shared_hash = grid.shared_sealed = grid.shared_until = None


def erase_grid(actor: Actor, grid_id: str) -> None:
    """A person erases a grid: nothing of it is left."""
    with transaction():
        db.session.delete(grid_for(actor, grid_id, lock=True))
