"""A lead changes the door of a club; who was let in stays, and reads what they read before."""

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from app.clubs import live
from app.clubs.actions import not_a_lead
from app.clubs.doors.policy import can_change_door
from app.clubs.founding.actions import check_tile
from app.clubs.founding.models import PlantHold
from app.clubs.founding.plants import count_draw, draw_plants, held_for, retire
from app.clubs.models import DOORS, Club, Membership
from app.clubs.queries import ASKED, member_club_for
from app.core import realtime
from app.core.actor import Actor
from app.core.db import db, transaction
from app.core.errors import Invalid, NotFound, Taken
from app.core.ids import ID
from app.houses.journal import note

# What else is hidden with a club that turns discreet, in the same transaction: the floors above fill it.
hidden: list[Callable[[Club], None]] = []


@dataclass(frozen=True)
class Change:
    """What a lead asks for. before: the door they saw; plant, tile, hue: for a club that turns discreet."""

    door: str
    before: str
    plant: str = ""
    tile: str = ""
    hue: str = ""


def prepare_door(actor: Actor, slug: str, door: str) -> None:
    """Before a club turns discreet: three names are drawn for it, to choose from."""
    with transaction():
        club, membership = member_club_for(actor, slug)
        if not can_change_door(membership):
            raise not_a_lead()
        _check_door(club, door)
        # Of two leads at once, one draws.
        live.hold(club.id)
        if door == "discreet" and not held_for(club_id=club.id):
            count_draw("club", club.id)
            draw_plants(club_id=club.id)


def change_door(actor: Actor, slug: str, change: Change) -> Club:
    """Of two leads at once, the first one's change stands, and the other is told."""
    with transaction():
        club, membership = member_club_for(actor, slug)
        seq = live.next_seq(club.id)
        db.session.refresh(club)
        db.session.refresh(membership)
        if club.slug != slug or not membership.active:
            raise NotFound()
        if not can_change_door(membership):
            raise not_a_lead()
        if club.door != change.before:
            raise Taken("door_changed", _l("Quelqu’un vient de changer l’entrée du club. Regardez d’abord."))
        _check_door(club, change.door)
        if change.door == "discreet":
            _hide(club, change)
        if change.door != "open":
            # What was said before stays between those who were there; opening the door gives nothing old away either.
            club.history = "joining"
        club.door = change.door
        live.record(club.id, "club:door", club.id, seq=seq)
        note(
            "door:changed", actor, role="lead", house_id=club.house_id, club_id=club.id,
            before=change.before, after=change.door,
        )  # fmt: skip
        return club


def withdraw_hidden_request(actor: Actor, request_id: str) -> None:
    """Take back what was asked of a club that has turned discreet meanwhile, which cannot be found by its address."""
    with transaction():
        gone = (
            delete(Membership)
            .where(Membership.id == request_id, Membership.account_id == actor.account_id, ASKED)
            .where(Membership.club_id.in_(select(Club.id).where(Club.door == "discreet")))
            .returning(Membership.id)
        )
        if db.session.execute(gone).first() is None or not ID.fullmatch(request_id):
            raise NotFound()


def _check_door(club: Club, door: str) -> None:
    if door not in DOORS or door == club.door:
        raise Invalid("door_unknown", _l("Choisissez une autre entrée."), field="door")


def _hide(club: Club, change: Change) -> None:
    """A new name, tile and address; whoever watches under the old ones is told goodbye."""
    held = {one.slug: one.plant for one in held_for(club_id=club.id)}
    if change.plant not in held:
        raise Invalid("plant_unknown", _l("Choisissez un des trois noms."), field="plant")
    check_tile(change.tile, change.hue)
    if (change.tile, change.hue) == (club.tile, club.hue):
        raise Invalid(
            "tile_same", _l("Prenez un autre carreau, ou une autre couleur : l’ancien est connu."), field="tile"
        )
    retire(club.slug)
    db.session.execute(delete(PlantHold).where(PlantHold.club_id == club.id))
    club.slug, club.plant = change.plant, held[change.plant]
    club.tile, club.hue = change.tile, change.hue
    db.session.flush()
    for hide in hidden:
        hide(club)
    inside = select(Membership.id).where(
        Membership.club_id == club.id, Membership.began_at.is_not(None), Membership.ended_at.is_(None)
    )
    for membership_id in db.session.scalars(inside):
        realtime.revoke(f"membership:{membership_id}")
