"""Fair sharing: how many future claims a club may hold (PRODUCT 5)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from app.clubs.models import Club
from app.core.clock import is_evening, now
from app.core.db import db
from app.core.errors import QuotaReached
from app.houses.models import House
from app.rooms.calendar import Stretch
from app.rooms.models import Claim, Hold, Room

LAST_MINUTE = timedelta(hours=72)
PLENTY = (99, 99)


@dataclass(frozen=True)
class Moved:
    """A claim as it would be counted elsewhere."""

    id: str
    session_id: str | None
    starts_at: datetime
    made_at: datetime


Counted = tuple[Claim, str] | tuple[Moved, str]


def check_quota(club: Club, stretch: Stretch) -> None:
    """Raises QuotaReached. The caller holds the club's lock, so that two claims cannot both be the last one."""
    left, evenings_left = _left(club, stretch.start)
    if left <= 0:
        raise QuotaReached()
    if stretch.evening and evenings_left <= 0:
        raise QuotaReached(detail=_l("Votre club a déjà toutes ses soirées à venir. Prenez un moment en journée."))


def check_quota_moved(club: Club, claim: Claim, stretch: Stretch) -> None:
    """As ``check_quota``, for a claim that would stand elsewhere: the club holds what it may, or as much as before."""
    if stretch.start - now() <= LAST_MINUTE:
        return
    house = db.session.get_one(House, club.house_id)
    rows: list[Counted] = [*_future_claims(club.id)]
    there = db.session.get_one(House, stretch.room.house_id)
    moved = Moved(claim.id, claim.session_id, stretch.start, claim.made_at)
    others = [row for row in rows if row[0].id != claim.id]
    before, after = count_held(rows), count_held([*others, (moved, there.timezone)])
    asked, asked_evening = _asked(club.id)
    if after[0] > max(house.claim_quota - asked, before[0]):
        raise QuotaReached()
    if after[1] > max(house.evening_quota - asked_evening, before[1]):
        raise QuotaReached(detail=_l("Votre club a déjà toutes ses soirées à venir. Prenez un moment en journée."))


def keep_outside(claim: Claim, start: datetime) -> None:
    """A claim outside the quota that goes where anyone may have one outside of it is as if made there and then.

    Else it would come to be counted by going a little further, and then could go anywhere as one of those held. Asked
    before it goes.
    """
    if is_outside(claim) and start - now() <= LAST_MINUTE:
        claim.made_at = now()


def is_outside(claim: Claim | Moved) -> bool:
    """Was it taken in the last 72 hours before it?"""
    return not claim.session_id and claim.starts_at - claim.made_at <= LAST_MINUTE


def fits_quota(club: Club) -> Callable[[Stretch], bool]:
    """Which stretches a club may claim as things are, asked once for many."""
    far = _left(club, now() + 2 * LAST_MINUTE)

    def fits(stretch: Stretch) -> bool:
        left, evenings_left = far if stretch.start - now() > LAST_MINUTE else PLENTY
        return left > 0 and (not stretch.evening or evenings_left > 0)

    return fits


def _left(club: Club, start: datetime) -> tuple[int, int]:
    """How many more claims, and how many of them in the evening; a slot of the last 72 hours is outside the quota."""
    if start - now() <= LAST_MINUTE:
        return PLENTY
    house = db.session.get_one(House, club.house_id)
    held, evenings = count_held(_future_claims(club.id))
    asked, asked_evening = _asked(club.id)
    return house.claim_quota - held - asked, house.evening_quota - evenings - asked_evening


def _asked(club_id: str) -> tuple[int, int]:
    """What is kept for a club counts already, as one, of each kind: a session that waits for the team, which is granted
    without a look at what was claimed since; dates that are voted on, of which one becomes a claim.
    """
    rows = db.session.execute(
        select(Hold.kind, Hold.starts_at, House.timezone)
        .join(Room, Room.id == Hold.room_id)
        .join(House, House.id == Room.house_id)
        .where(Hold.club_id == club_id, Hold.kind.in_(("series", "poll")), Hold.until > now())
    ).all()
    evenings = {row.kind for row in rows if is_evening(row.starts_at.astimezone(ZoneInfo(row.timezone)))}
    return len({row.kind for row in rows}), len(evenings)


def _future_claims(club_id: str) -> list[tuple[Claim, str]]:
    rows = db.session.execute(
        select(Claim, House.timezone)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .where(Claim.club_id == club_id, Claim.released_at.is_(None), Claim.ends_at > now())
    )
    return [(claim, zone) for claim, zone in rows]


def count_held(claims: Iterable[Counted]) -> tuple[int, int]:
    """How many count, and how many of them in the evening: a session as one, a last-minute claim as none."""
    all_of_them: set[str] = set()
    evenings: set[str] = set()
    for claim, zone in claims:
        if is_outside(claim):
            continue
        counted_as = claim.session_id or claim.id
        all_of_them.add(counted_as)
        if is_evening(claim.starts_at.astimezone(ZoneInfo(zone))):
            evenings.add(counted_as)
    return len(all_of_them), len(evenings)
