"""Reads of grids: one's own, or by the secret of a link that still opens."""

from dataclasses import dataclass

from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.core.sealed import keyed_hash, unseal
from app.practice.grids.models import PracticeGrid
from app.practice.grids.words import yes_in

MOST_SHOWN = 12


@dataclass(frozen=True)
class Step:
    """One grid in the picture of one's progress: how many yes of eight, before and after."""

    grid: PracticeGrid
    before: int
    after: int | None


def hash_of(secret: str) -> str:
    return keyed_hash("practice-grid", secret)


def grid_for(actor: Actor, grid_id: str, *, lock: bool = False) -> PracticeGrid:
    """One's own. Raises NotFound."""
    query = select(PracticeGrid).where(PracticeGrid.id == grid_id, PracticeGrid.account_id == actor.account_id)
    found = db.session.scalars(query.with_for_update() if lock else query).first() if ID.fullmatch(grid_id) else None
    if found is None:
        raise NotFound()
    return found


def grid_by_link(secret: str) -> PracticeGrid:
    """What somebody was given to read. Raises NotFound once it is over, or taken back."""
    query = select(PracticeGrid).where(PracticeGrid.shared_hash == hash_of(secret), PracticeGrid.shared_until > now())
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound()
    return found


def secret_of(grid: PracticeGrid) -> str:
    """The secret of the link that opens now, for who made it; empty for none."""
    open_now = grid.shared_until is not None and grid.shared_until > now()
    return unseal(grid.shared_sealed or "") or "" if open_now else ""


def steps_of(actor: Actor) -> list[Step]:
    """One's last grids, the oldest first."""
    mine = select(PracticeGrid).where(PracticeGrid.account_id == actor.account_id)
    last = db.session.scalars(mine.order_by(PracticeGrid.made_at.desc(), PracticeGrid.id).limit(MOST_SHOWN)).all()
    return [Step(grid, yes_in(grid.before) or 0, yes_in(grid.after)) for grid in reversed(last)]
