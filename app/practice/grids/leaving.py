"""What a person takes away of their grids."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.core.db import db
from app.core.privacy import Rows, declare, take_away
from app.practice.grids.models import PracticeGrid
from app.practice.grids.words import ANSWERS, LINES


def grid_rows(account_id: str) -> Rows:
    """Every line of every grid, before and after, in words."""
    grids = select(PracticeGrid).where(PracticeGrid.account_id == account_id).order_by(PracticeGrid.made_at)
    return [
        {"at": grid.made_at, "title": str(line), "text": _in_words(grid, number)}
        for grid in db.session.scalars(grids)
        for number, line in enumerate(LINES)
    ]


def _in_words(grid: PracticeGrid, number: int) -> str:
    before, after = ANSWERS[grid.before[number]], ANSWERS[grid.after[number]] if grid.after else "–"
    return str(_("Avant : %(before)s. Après : %(after)s", before=before, after=after))


declare("practice_grid", "account_id", "what the person notes of themselves around an interview")
take_away("grids", _l("Mes grilles d’entretien"), grid_rows, ("practice_grid", "account_id"))
