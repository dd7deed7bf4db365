"""What the leads of a club are told when a closure hits a claim: house, day, time and room, and no club's name."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.houses.models import House
from app.rooms.leads import tell_leads
from app.rooms.queries import Slot
from app.rooms.staff.queries import Standing


def told(one: Standing, house: House, reason: str, until: datetime) -> None:
    """They keep it for now, and choose by themselves until then."""
    when = until.astimezone(ZoneInfo(house.timezone))
    tell_leads(one, house, "request", _l("La salle ferme ce jour-là"), "closure_told", reason=reason, deadline=when)


def cancelled(one: Standing, house: House, reason: str, choices: list[Slot]) -> None:
    """It does not take place; three other moments are free."""
    zone = ZoneInfo(house.timezone)
    free = [{"start": s.start.astimezone(zone), "end": s.end.astimezone(zone), "room": s.room.name} for s in choices]
    path = f"/houses/{house.slug}/slots"
    words = _l("La salle est fermée")
    tell_leads(one, house, "request", words, "closure_cancelled", path=path, reason=reason, choices=free)


def moved(one: Standing, house: House, reason: str, slot: Slot) -> None:
    """It takes place elsewhere or at another time."""
    zone = ZoneInfo(house.timezone)
    new = {"start": slot.start.astimezone(zone), "end": slot.end.astimezone(zone), "room": slot.room.name}
    tell_leads(one, house, "request", _l("Le rendez-vous change"), "closure_moved", reason=reason, new=new)


def lifted(one: Standing, house: House) -> None:
    """It takes place after all."""
    tell_leads(one, house, "reminder", _l("La salle reste ouverte"), "closure_lifted")
