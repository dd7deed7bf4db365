"""What the club's log says of a reading in an emergency, from the moment that the club knows."""

from collections.abc import Sequence

from sqlalchemy import select

from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.db import db
from app.facilitation.break_glass.models import BreakGlass
from app.facilitation.break_glass.queries import TOLD
from app.web.api import stamp


@renders("emergency:pinned", "emergency:ended")
def _break_glass(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.scalars(select(BreakGlass).where(BreakGlass.id.in_(ids), BreakGlass.club_id == club.id, TOLD))
    return {one.id: Shown({"id": one.id, "since": stamp(one.began_at), "until": stamp(one.ends)}) for one in rows}
