"""The clock's door of grids: a link ends after a day, a grid after thirty, unless it is kept."""

from typing import Any

from sqlalchemy import select

from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.core.retention import Lasting, by_key
from app.practice.grids import leaving as leaving
from app.practice.grids.actions import forget_link
from app.practice.grids.models import PracticeGrid

KEPT = Lasting(days=30)


@jobs.handler("practice:end_sharing")
def end_sharing(payload: dict[str, Any]) -> None:
    """A link that has had its day; not one that was made since."""
    with transaction():
        grid = db.session.get(PracticeGrid, payload["grid"], with_for_update=True)
        if grid is not None and grid.shared_until is not None and grid.shared_until <= now():
            forget_link(grid)


by_key(
    "practice:grids", ("practice_grid",), KEPT, PracticeGrid.id,
    lambda moment: select(PracticeGrid.id).where(
        PracticeGrid.made_at < KEPT.before(moment), PracticeGrid.kept.is_(False)
    ),
)  # fmt: skip
