"""Reads of draws: the one to come, a past one, the slots of a week that are drawn, a club's bid."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from app.clubs.actions import not_a_lead
from app.clubs.models import Club, Membership
from app.clubs.queries import member_club_for
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.errors import NotFound
from app.core.sealed import keyed_hash
from app.houses.models import House
from app.rooms.draw.models import Draw, DrawBid
from app.rooms.draw.policy import can_rank_wishes
from app.rooms.draw.weeks import SEVEN_DAYS
from app.rooms.queries import Slot, rooms_of, slots_between
from app.rooms.week import WEEK

PAST_SHOWN = 12


def scarce_slots(house: House, week: date) -> list[Slot]:
    """What a week has for its draw: scarce, and neither shut nor held nor past."""
    found = slots_between(house, rooms_of(house), week, week + SEVEN_DAYS)
    return [slot for slot in found if slot.stretch.scarce and slot.state == "free" and not slot.past]


def coming_draw(house: House) -> Draw | None:
    """The draw in which clubs may wish now."""
    ahead = select(Draw).where(Draw.house_id == house.id, Draw.drawn_at.is_(None), Draw.closes_at > now())
    return db.session.scalars(ahead.order_by(Draw.week).limit(1)).first()


def past_draws(house: House) -> list[Draw]:
    """The last ones, the newest first."""
    drawn = select(Draw).where(Draw.house_id == house.id, Draw.drawn_at.is_not(None))
    return list(db.session.scalars(drawn.order_by(Draw.week.desc()).limit(PAST_SHOWN)))


def draw_of_week(house: House, text: str) -> Draw:
    """``2026-W48``. Raises NotFound."""
    found = WEEK.fullmatch(text)
    try:
        monday = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        monday = None
    draw = db.session.scalars(select(Draw).where(Draw.house_id == house.id, Draw.week == monday)).first()
    if draw is None:
        raise NotFound()
    return draw


def label_of(draw: Draw, club_id: str) -> str:
    """What stands for a club in one draw: the same at every change of its wishes, and of no use in another draw."""
    return keyed_hash("draw-label", f"{draw.id}:{club_id}")[:10]


def bid_of(draw: Draw, club_id: str) -> DrawBid | None:
    return db.session.get(DrawBid, (draw.id, club_id))


def bids_of(draw: Draw) -> list[tuple[DrawBid, Club]]:
    """Who wishes something, by plant name; the caller works in the house."""
    rows = db.session.execute(
        select(DrawBid, Club).join(Club, Club.id == DrawBid.club_id).where(DrawBid.draw_id == draw.id)
    )
    return sorted(((bid, club) for bid, club in rows if bid.wishes), key=lambda row: row[1].plant)


def last_bid(club_id: str) -> tuple[Draw, DrawBid] | None:
    """The last draw in which a club took part, once it is drawn."""
    row = db.session.execute(
        select(Draw, DrawBid)
        .join(DrawBid, DrawBid.draw_id == Draw.id)
        .where(DrawBid.club_id == club_id, DrawBid.outcome.is_not(None))
        .order_by(Draw.week.desc())
        .limit(1)
    ).first()
    return (row[0], row[1]) if row else None


def led_club_for(actor: Actor, slug: str) -> tuple[Club, Membership]:
    """A club, for who leads it. Raises NotFound for who is not in it, NotAllowed for its other members."""
    club, membership = member_club_for(actor, slug)
    if not can_rank_wishes(membership):
        raise not_a_lead()
    return club, membership


def clubs_of_house(house: House) -> Sequence[Club]:
    """By plant name; the caller works in the house."""
    return db.session.scalars(select(Club).where(Club.house_id == house.id).order_by(Club.plant)).all()
