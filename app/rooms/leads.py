"""Leads and the rooms of their clubs: for which of them one acts, and to whom it is written."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.accounts.notices import notify
from app.clubs.models import Club, Membership
from app.clubs.queries import ACTIVE, IN_CLUB, memberships_of
from app.core.actor import Actor
from app.core.db import db
from app.core.errors import NotAllowed
from app.houses.models import House
from app.rooms.actions import NOT_A_LEAD
from app.rooms.models import Room
from app.rooms.staff.queries import Standing


def led_clubs(actor: Actor, may: Callable[[Membership], bool]) -> list[Club]:
    """The clubs for which the actor may do that. Raises NotAllowed when there is none."""
    clubs = [club for club, own in memberships_of(actor) if may(own)]
    if not clubs:
        raise NotAllowed("not_a_lead", NOT_A_LEAD)
    return clubs


def accounts_leading(club_id: str) -> list[str]:
    """The accounts of who leads a club now."""
    leading = select(Membership.account_id).where(
        Membership.club_id == club_id, Membership.role == "lead", ACTIVE, IN_CLUB, Membership.account_id.is_not(None)
    )
    return [str(account_id) for account_id in db.session.scalars(leading.order_by(Membership.id))]


def tell_leads(
    one: Standing, house: House, kind: str, subject: Any, template: str, path: str = "", **values: Any
) -> None:
    """House, day, time and room of a claim, and no club's name. path: where the mail leads, if not to the claim."""
    claim, where = one.claim, path or f"/claims/{one.claim.id}"
    tell_club(
        one.club.id, house, one.room, claim.starts_at, claim.ends_at, kind, subject, template, where, **values
    )  # fmt: skip


def tell_club(
    club_id: str,
    house: House,
    room: Room,
    start: datetime,
    end: datetime,
    kind: str,
    subject: Any,
    template: str,
    path: str,
    **values: Any,
) -> None:
    """To who leads a club: house, room, day and time of what is not, or not yet, a claim."""
    zone = ZoneInfo(house.timezone)
    known = {"house": house.name, "room": room.name, "start": start.astimezone(zone), "end": end.astimezone(zone)}
    told: dict[str, Any] = {**known, **values}
    for account_id in accounts_leading(club_id):
        notify(account_id, kind, subject, template, path=path, until=start, **told)
