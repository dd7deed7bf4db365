"""Reads of exchanges, always for a member of one of the two clubs; of the other club no more than the week shows."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.clubs.models import Club, Membership
from app.clubs.queries import LEADS, clubs_of, member_club_by_id
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.rooms.calendar import Stretch, stretch_at
from app.rooms.models import Claim, Room
from app.rooms.series.models import ClaimSwap
from app.rooms.slot_ids import slot_id


@dataclass(frozen=True)
class Side:
    """One of the two claims with where it stands."""

    claim: Claim
    room: Room
    house: House
    club: Club
    stretch: Stretch

    @property
    def slot_id(self) -> str:
        return slot_id(self.room.number, self.stretch.start, self.stretch.end)


@dataclass(frozen=True)
class Seen:
    """A proposal as one of its clubs sees it. side: ``ours`` asked, ``theirs`` was asked."""

    swap: ClaimSwap
    side: str
    membership: Membership


def side_of(claim: Claim) -> Side:
    """Where a claim stands now; the stretch stays as it was read."""
    room, house = db.session.execute(select(Room, House).join(House).where(Room.id == claim.room_id)).one()
    club = db.session.get_one(Club, claim.club_id)
    zone = ZoneInfo(house.timezone)
    stretch = stretch_at(room, claim.starts_at, claim.ends_at, zone, scarce=claim.scarce)
    return Side(claim, room, house, club, stretch)


def swap_for(actor: Actor | None, swap_id: str, whose: str = "") -> Seen:
    """A proposal to or by one of the actor's own clubs; whose: only as one of that side. Raises NotFound."""
    ours, theirs = aliased(Claim), aliased(Claim)
    mine = clubs_of(actor)
    row = db.session.execute(
        select(ClaimSwap, ours.club_id, theirs.club_id, ours.club_id.in_(mine), theirs.club_id.in_(mine))
        .join(ours, ours.id == ClaimSwap.ours_id)
        .join(theirs, theirs.id == ClaimSwap.theirs_id)
        .where(ClaimSwap.id == swap_id, or_(ours.club_id.in_(mine), theirs.club_id.in_(mine)))
    ).first()
    if row is None:
        raise NotFound()
    swap, *clubs = row[0], row[1], row[2]
    found = {name: club for name, club, there in zip(("ours", "theirs"), clubs, row[3:], strict=True) if there}
    side = whose or ("theirs" if "theirs" in found else "ours")
    if side not in found:
        raise NotFound()
    return Seen(swap, side, member_club_by_id(actor, found[side])[1])


def waiting_swaps(club: Club) -> list[tuple[ClaimSwap, str]]:
    """What waits for an answer, with the club's side of it; the caller has proved to lead it."""
    ours, theirs = aliased(Claim), aliased(Claim)
    # What waits ends a day before its first claim: those that are over are not looked at.
    own = select(Claim.id).where(Claim.club_id == club.id, Claim.ends_at > now())
    rows = db.session.execute(
        select(ClaimSwap, ours.club_id)
        .join(ours, ours.id == ClaimSwap.ours_id)
        .join(theirs, theirs.id == ClaimSwap.theirs_id)
        .where(ClaimSwap.outcome.is_(None), ClaimSwap.until > now())
        .where(ours.released_at.is_(None), theirs.released_at.is_(None))
        .where(or_(ClaimSwap.ours_id.in_(own), ClaimSwap.theirs_id.in_(own)))
        .order_by(ClaimSwap.asked_at, ClaimSwap.id)
    )
    return [(swap, "ours" if asking == club.id else "theirs") for swap, asking in rows]


def swaps_asked_of(actor: Actor) -> list[tuple[Club, str, datetime]]:
    """What other clubs propose to those that the actor leads: the proposal and until when, the soonest first."""
    ours, theirs = aliased(Claim), aliased(Claim)
    rows = db.session.execute(
        select(Club, ClaimSwap.id, ClaimSwap.until, House.timezone)
        .join(theirs, theirs.club_id == Club.id)
        .join(ClaimSwap, ClaimSwap.theirs_id == theirs.id)
        .join(ours, ours.id == ClaimSwap.ours_id)
        .join(Room, Room.id == theirs.room_id)
        .join(House, House.id == Room.house_id)
        .where(Club.id.in_(clubs_of(actor, LEADS)), theirs.ends_at > now())
        .where(ClaimSwap.outcome.is_(None), ClaimSwap.until > now())
        .where(ours.released_at.is_(None), theirs.released_at.is_(None))
        .order_by(ClaimSwap.until, ClaimSwap.id)
    )
    return [(club, swap, until.astimezone(ZoneInfo(zone))) for club, swap, until, zone in rows]
