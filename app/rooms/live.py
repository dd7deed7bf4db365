"""What the club's log says of claims, read when it is sent; and what is hidden with a club."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from app.clubs.doors.actions import hidden
from app.clubs.live import Shown, renders
from app.clubs.models import Club
from app.core.db import db
from app.houses.models import House
from app.rooms import leaving as leaving
from app.rooms.models import Claim, Room
from app.rooms.slot_ids import slot_id


def wall_stamp(moment: datetime, house: House) -> str:
    """RFC 3339 with the house's offset at that moment."""
    return moment.astimezone(ZoneInfo(house.timezone)).isoformat(timespec="seconds")


@renders("claim:made")
def _claim_made(club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    rows = db.session.execute(
        select(Claim, Room, House)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .where(Claim.id.in_(ids), Claim.club_id == club.id)
    )
    return {claim.id: Shown(_made(claim, room, house)) for claim, room, house in rows}


def _made(claim: Claim, room: Room, house: House) -> dict[str, Any]:
    return {
        "claim": claim.id,
        "slot": slot_id(room.number, claim.starts_at, claim.ends_at),
        "room": room.slug,
        "start": wall_stamp(claim.starts_at, house),
        "end": wall_stamp(claim.ends_at, house),
        "title": claim.title,
        "door_word": claim.door_word,
    }


@renders("claim:released")
def _claim_released(_club: Club, ids: Sequence[str]) -> dict[str, Shown]:
    return {claim_id: Shown({"claim": claim_id}) for claim_id in ids}


def close_meetings(club: Club) -> None:
    """The meetings of a club that turns discreet are not open to all any more, not even if it is listed again."""
    db.session.execute(update(Claim).where(Claim.club_id == club.id).values(public=False))


hidden.append(close_meetings)
