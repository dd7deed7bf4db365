"""What the leads of a club are told of the waiting list: house, day, time and room, and no club's name."""

from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.accounts.notices import notify
from app.rooms.leads import accounts_leading
from app.rooms.models import Hold
from app.rooms.queries import Slot
from app.rooms.waiting.models import Waiting


def offered(waiting: Waiting, hold: Hold, slot: Slot) -> None:
    """A moment that they waited for is free, and kept for them until then."""
    zone = ZoneInfo(slot.house.timezone)
    for account_id in accounts_leading(hold.club_id):
        notify(
            account_id, "request", _l("Une salle est libre pour vous"), "offer", path=f"/waiting/{waiting.id}",
            until=hold.until, house=slot.house.name, room=slot.room.name, start=slot.start.astimezone(zone),
            end=slot.end.astimezone(zone), deadline=hold.until.astimezone(zone),
        )  # fmt: skip
