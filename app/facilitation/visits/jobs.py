"""The clock's door of visits: one that is over is written down as such. Every door judged so by the clock already."""

from typing import Any

from app.clubs import live
from app.clubs.models import Club
from app.core import jobs
from app.core.clock import now
from app.core.db import db, transaction
from app.facilitation.models import Visit
from app.facilitation.visits.actions import close
from app.houses.journal import note


@jobs.handler("visits:end")
def end_visit_in_time(payload: dict[str, Any]) -> None:
    """At the end that was set beforehand."""
    with transaction():
        visit = db.session.get(Visit, payload["visit"])
        if visit is None:
            return
        live.hold(visit.club_id)
        db.session.refresh(visit)
        if visit.ended_at is None and visit.until <= now():
            club = db.session.get_one(Club, visit.club_id)
            note("visit:ended", None, house_id=club.house_id, club_id=club.id, subject_id=visit.id)
            close(club, visit)
