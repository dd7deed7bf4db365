"""What the pages of an emergency show: discussions, messages and names, to be read and nothing else."""

from typing import Any

from sqlalchemy import select

from app.clubs.cards import plant_name
from app.clubs.models import Club, Membership
from app.clubs.queries import members_of
from app.core.db import db
from app.core.errors import NotFound
from app.core.ids import ID
from app.messaging.models import Thread
from app.messaging.queries import LAST_SEQ, Place, page_of_threads
from app.messaging.views import entries_to_read

SHOWN = 50


def club_page(club: Club, before: int | None) -> dict[str, Any]:
    """The discussions of a club, and the names used in it; the caller has a row that opens it."""
    rows = page_of_threads(club, _nobody(club), before, SHOWN + 1)
    return {
        **_of(club),
        "threads": rows[:SHOWN],
        "older": rows[SHOWN - 1][1] if len(rows) > SHOWN else None,
        "members": members_of(club),
    }


def thread_page(club: Club, thread_id: str, before: int | None) -> dict[str, Any]:
    """A stretch of messages; the caller has a row that opens their club. Raises NotFound."""
    query = select(Thread, LAST_SEQ).where(Thread.id == thread_id, Thread.club_id == club.id)
    row = db.session.execute(query).first() if ID.fullmatch(thread_id) else None
    if row is None or row[1] is None:
        raise NotFound()
    entries, older, oldest = entries_to_read(Place(row[0], club, _nobody(club), row[1]), before)
    return {**_of(club), "thread": row[0], "entries": entries, "older": older, "oldest": oldest}


def _nobody(club: Club) -> Membership:
    """Where a reader stands who belongs to no club: it is not stored, and no door knows it."""
    return Membership(id="", club_id=club.id, role="member", first_seq=1)


def _of(club: Club) -> dict[str, Any]:
    return {"club": club, "plant": plant_name(club), "nav_current": "desk"}
