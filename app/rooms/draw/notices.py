"""What the leads of a club are told of a draw: house, day, time and room, and no club's name."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.accounts.notices import notify
from app.houses.models import House
from app.rooms.draw.models import DrawBid
from app.rooms.leads import accounts_leading
from app.rooms.queries import Slot


def tell_leads(bid: DrawBid, house: House, zone: ZoneInfo, slot: Slot | None) -> None:
    """The draw is made: what was won, or that nothing was. The page says why."""
    won: dict[str, Any] = {}
    if slot is not None:
        start, end = slot.start.astimezone(zone), slot.end.astimezone(zone)
        won = {"room": slot.room.name, "start": start, "end": end}
    path = f"/claims/{bid.claim_id}" if bid.claim_id else f"/houses/{house.slug}/slots"
    for account_id in accounts_leading(bid.club_id):
        notify(account_id, "request", _l("Le tirage est fait"), "draw_done", path=path, house=house.name, won=won)
