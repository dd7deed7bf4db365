"""Fair sharing: how many future claims a club may hold (PRODUCT 5)."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs.models import Club
from app.core.clock import is_evening, now
from app.core.db import db
from app.core.errors import QuotaReached
from app.houses.models import House
from app.rooms.calendar import Stretch
from app.rooms.models import Claim, Room

LAST_MINUTE = timedelta(hours=72)


def check_quota(club: Club, stretch: Stretch) -> None:
    """Raises QuotaReached. The caller holds the club's lock, so that two claims cannot both be the last one."""
    if stretch.start - now() <= LAST_MINUTE:
        return
    house = db.session.get_one(House, club.house_id)
    held, evenings = count_held(_future_claims(club.id))
    if held >= house.claim_quota:
        raise QuotaReached()
    if stretch.evening and evenings >= house.evening_quota:
        raise QuotaReached(detail=_l("Votre club a déjà toutes ses soirées à venir. Prenez un moment en journée."))


def _future_claims(club_id: str) -> list[tuple[Claim, str]]:
    rows = db.session.execute(
        select(Claim, House.timezone)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .where(Claim.club_id == club_id, Claim.released_at.is_(None), Claim.ends_at > now())
    )
    return [(claim, zone) for claim, zone in rows]


def count_held(claims: Iterable[tuple[Claim, str]]) -> tuple[int, int]:
    """How many count, and how many of them in the evening: a session as one, a last-minute claim as none."""
    all_of_them: set[str] = set()
    evenings: set[str] = set()
    for claim, zone in claims:
        if not claim.session_id and claim.starts_at - claim.made_at <= LAST_MINUTE:
            continue
        counted_as = claim.session_id or claim.id
        all_of_them.add(counted_as)
        if is_evening(claim.starts_at.astimezone(ZoneInfo(zone))):
            evenings.add(counted_as)
    return len(all_of_them), len(evenings)
