"""Reads for the team that acts for a club: what stands in the rooms of its house, never the club's inside."""

from dataclasses import dataclass

from sqlalchemy import select

from app.clubs.models import Club
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.houses.models import House
from app.houses.queries import houses_of_staff
from app.rooms.behalf.policy import can_act_for_club
from app.rooms.models import Claim, Room
from app.rooms.queries import Slot, find_slot
from app.rooms.series.models import ClaimSwap
from app.rooms.series.swap_queries import waiting_swaps
from app.rooms.staff.queries import Standing


@dataclass(frozen=True)
class AtDesk:
    """A claim as the team may know it, in a house where it works."""

    standing: Standing
    house: House

    @property
    def claim(self) -> Claim:
        return self.standing.claim

    @property
    def club(self) -> Club:
        return self.standing.club

    @property
    def room(self) -> Room:
        return self.standing.room


def _houses(actor: Actor) -> list[str]:
    return [house.id for house in houses_of_staff(actor)] if can_act_for_club(actor) else []


def slot_at_desk(actor: Actor, slot_id: str) -> Slot:
    """A slot of a house where the actor works. Raises NotFound."""
    slot = find_slot(slot_id)
    if slot.house.id not in _houses(actor):
        raise NotFound()
    return slot


def claim_at_desk(actor: Actor, claim_id: str, *, lock: bool = False) -> AtDesk:
    """A claim that stands, and is not over, in a house where the actor works. Raises NotFound."""
    houses = _houses(actor)
    wanted = select(Claim).where(
        Claim.id == claim_id, Claim.released_at.is_(None), Claim.ends_at > now(),
        Claim.room_id.in_(select(Room.id).where(Room.house_id.in_(houses))),
    )  # fmt: skip
    claim = db.session.scalars(wanted.with_for_update() if lock else wanted).first()
    if claim is None:
        raise NotFound()
    room, house, club = db.session.execute(
        select(Room, House, Club)
        .join(House, House.id == Room.house_id)
        .join(Club, Club.id == claim.club_id)
        .where(Room.id == claim.room_id)
    ).one()
    return AtDesk(Standing(claim, room, club), house)


def swap_at_desk(actor: Actor, swap_id: str, whose: str) -> tuple[ClaimSwap, AtDesk]:
    """A proposal, with the claim of the club for which it is answered: ``ours`` asked, ``theirs`` was asked."""
    swap = db.session.get(ClaimSwap, swap_id)
    mine = (swap.ours_id if whose == "ours" else swap.theirs_id) if swap else ""
    found = claim_at_desk(actor, mine)
    if swap is None:
        raise NotFound()
    return swap, found


def swaps_of(found: AtDesk) -> list[tuple[ClaimSwap, str]]:
    """The proposals that wait around a claim, each with its side of it."""
    return [
        (swap, side)
        for swap, side in waiting_swaps(found.club)
        if found.claim.id == (swap.ours_id if side == "ours" else swap.theirs_id)
    ]
