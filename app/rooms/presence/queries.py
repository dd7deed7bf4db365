"""Reads of presence: which claims are under way, who may say that they are there, what counts of a claim."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, select

from app.clubs.models import Membership
from app.clubs.queries import membership_of
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.plain_text import normalized
from app.houses.models import House
from app.rooms.doors.queries import rooms_with_a_door
from app.rooms.models import Claim, Room, Span

# From so long before its start on somebody may say that a club is there; so long after it, it is judged.
BEFORE = timedelta(minutes=15)
AFTER = timedelta(minutes=15)
# Given back so long before, a claim does not count.
EARLY = timedelta(hours=72)


@dataclass(frozen=True)
class Standing:
    """A claim in its room. me: the reader's membership in its club, or none."""

    claim: Claim
    room: Room
    house: House
    me: Membership | None = None


def is_asked(claim: Claim) -> bool:
    """May somebody say now that they are there?"""
    return claim.released_at is None and claim.starts_at - BEFORE <= now() < claim.ends_at


def asks_here(claim: Claim, room: Room) -> bool:
    """Is somebody waited for, in a room where it is of use to say so?"""
    return is_asked(claim) and claim.checked_in_at is None and bool(rooms_with_a_door([room]))


def _under_way() -> ColumnElement[bool]:
    return and_(Claim.starts_at <= now() + BEFORE, Claim.ends_at > now())


def _standing() -> Select[Claim, Room, House]:
    return (
        select(Claim, Room, House).join(Room, Room.id == Claim.room_id).join(House, House.id == Room.house_id)
    ).execution_options(populate_existing=True)


def standing_at(actor: Actor | None, claim_id: str) -> Standing | None:
    """A claim by its id; what does not exist costs the same. me is there only for its club's members."""
    row = db.session.execute(
        select(Claim, Room, House)
        .join(Room, Room.id == Claim.room_id)
        .join(House, House.id == Room.house_id)
        .where(Claim.id == claim_id)
    ).first()
    me = membership_of(actor, row[0].club_id if row else "")
    return Standing(*row, me=me if me is not None and me.active else None) if row else None


def claims_with_word(house: House, word: str) -> list[str]:
    """The ids of the claims of a house that are under way and have this door word."""
    rows = db.session.execute(_standing().where(Room.house_id == house.id, Claim.released_at.is_(None), _under_way()))
    return [claim.id for claim, _room, _house in rows if fold(claim.door_word) == fold(word)]


def fold(word: str) -> str:
    """As it is heard: capitals, accents and spaces do not count."""
    return "".join(sign for sign in normalized(word, "NFKD").casefold() if sign.isalnum())


def awaited(houses: Iterable[House]) -> list[Standing]:
    """Claims that have begun, where nobody has said yet that they are there and somebody could."""
    rows = _of_houses(houses, Claim.released_at.is_(None), Claim.checked_in_at.is_(None), Claim.starts_at <= now())
    working = rooms_with_a_door([one.room for one in rows]) if rows else set()
    return [one for one in rows if one.room.id in working]


def given_back(houses: Iterable[House]) -> list[Standing]:
    """Claims under way that were given back for nobody came, where no other club has a claim now."""
    rows = _of_houses(houses, Claim.unused_at.is_not(None), Claim.released_at.is_not(None))
    if not rows:
        return []
    taken = select(Span.room_id).where(
        Span.room_id.in_({one.room.id for one in rows}), Span.claim_id.is_not(None),
        Span.starts_at <= now(), Span.ends_at > now(),
    )  # fmt: skip
    full = set(db.session.scalars(taken))
    return [one for one in rows if one.room.id not in full]


def _of_houses(houses: Iterable[House], *which: ColumnElement[bool]) -> list[Standing]:
    wanted = _standing().where(Room.house_id.in_([house.id for house in houses]), _under_way(), *which)
    return [Standing(*row) for row in db.session.execute(wanted.order_by(Claim.starts_at, Room.number))]


def counted_as(claim: Claim) -> int:
    """How often a claim counts for its club: a no-show twice, what was given back 72 hours before not at all.

    Given back only once it had begun, where a door worked and nobody was there, it is a no-show too.
    """
    if claim.unused_at is not None:
        return 2
    seen_empty = claim.watched_since is not None and claim.checked_in_at is None
    if claim.released_at is not None and claim.released_at >= claim.starts_at and seen_empty:
        return 2
    if claim.released_at is not None and claim.released_at <= claim.starts_at - EARLY:
        return 0
    return 1


def judged_before() -> datetime:
    """Claims that began before this moment are judged now."""
    return now() - AFTER
