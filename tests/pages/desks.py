"""What the tests of the desk and of its cues share."""

from app.core.db import db, transaction
from app.pages.desk.models import ClubSize
from tests.rooms.places import club


def grow(*, band: int = 5) -> None:
    with transaction():
        db.session.merge(ClubSize(club_id=club("tilleul").id, band=band))
