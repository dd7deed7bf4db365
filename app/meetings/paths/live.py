"""What the log of a club says of the path of its session: that it changed, and nothing of what is in it.

Who came after everything that is left of it was written learns that something changed, not what.
"""

from collections.abc import Sequence

from sqlalchemy import func, select, union_all

from app.clubs import live
from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.db import db
from app.meetings.paths.models import ReviewLine, SessionGoal


@renders("session:changed")
def show_changed(_club: Club, subjects: Sequence[str]) -> dict[str, Shown]:
    written = union_all(
        *(select(each.session_id, each.seq).where(each.session_id.in_(subjects)) for each in (SessionGoal, ReviewLine))
    ).subquery()
    rows = db.session.execute(select(written.c.session_id, func.max(written.c.seq)).group_by(written.c.session_id))
    newest = dict(rows.all())
    return {subject: Shown({"id": subject}, newest.get(subject, 0)) for subject in subjects}


def changed(club_id: str, session_id: str, seq: int | None = None) -> None:
    """In the present transaction: goals, places or the review are not what they were."""
    live.record(club_id, "session:changed", session_id, seq=seq)
