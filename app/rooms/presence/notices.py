"""What the leads of a club are told when its room was given back: house, day, time and room, and no club's name."""

from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.accounts.notices import notify
from app.houses.models import House
from app.rooms.leads import accounts_leading
from app.rooms.models import Claim, Room


def given_back(claim: Claim, room: Room, house: House) -> None:
    """Nobody said that they were there: calm words, and what to do."""
    zone = ZoneInfo(house.timezone)
    start, end = claim.starts_at.astimezone(zone), claim.ends_at.astimezone(zone)
    for account_id in accounts_leading(claim.club_id):
        notify(
            account_id, "request", _l("La salle est rendue"), "unused", path=f"/claims/{claim.id}",
            house=house.name, room=room.name, start=start, end=end,
        )  # fmt: skip
