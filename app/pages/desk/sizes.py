"""How large clubs are, in bands. A band moves after two weeks in the new one, so that nobody is counted in or out."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from app.clubs.models import Club, Membership
from app.clubs.queries import IN_CLUB
from app.core.clock import now
from app.core.db import db, transaction
from app.houses.models import House
from app.houses.queries import OF_PEOPLE
from app.pages.desk.models import ClubSize

BANDS = (1, 5, 10, 20)
TWO_WEEKS = timedelta(days=14)
MEMBERS: dict[int, Any] = {
    1: _l("moins de 5 membres"),
    5: _l("5 à 9 membres"),
    10: _l("10 à 19 membres"),
    20: _l("20 membres et plus"),
}
PEOPLE: dict[int, Any] = {
    1: _l("moins de 5 personnes"),
    5: _l("5 à 9 personnes"),
    10: _l("10 à 19 personnes"),
    20: _l("20 personnes et plus"),
}


def band_of(number: int) -> int:
    return max(band for band in BANDS if band <= max(number, 1))


def shown_bands(clubs: Sequence[Club]) -> dict[str, int]:
    """The band of each club as the team sees it; one that was not measured yet counts as the smallest."""
    rows = select(ClubSize.club_id, ClubSize.band).where(ClubSize.club_id.in_([club.id for club in clubs]))
    found = {row.club_id: row.band for row in db.session.execute(rows)}
    return {club.id: found.get(club.id, BANDS[0]) for club in clubs}


def measure_clubs() -> None:
    """Once a day: note the band that each club is in, and show it when it has lasted."""
    with transaction():
        counted = (
            select(Club, House.timezone, func.count(Membership.id))
            .join(House, House.id == Club.house_id)
            .outerjoin(Membership, (Membership.club_id == Club.id) & IN_CLUB)
            .where(OF_PEOPLE)
            .group_by(Club.id, House.timezone)
        )
        for club, zone, number in db.session.execute(counted).all():
            _measure(club.id, band_of(number), now().astimezone(ZoneInfo(zone)).date())


def _measure(club_id: str, band: int, today: date) -> None:
    size = db.session.get(ClubSize, club_id)
    if size is None:
        db.session.add(ClubSize(club_id=club_id, band=band))
    elif band == size.band:
        size.next_band = size.next_since = None
    elif band != size.next_band or size.next_since is None:
        size.next_band, size.next_since = band, today
    elif today - size.next_since >= TWO_WEEKS:
        size.band, size.next_band, size.next_since = band, None, None
