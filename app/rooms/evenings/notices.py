"""What the leads of a club are told of an evening with a condition: house, day, time and room, and no club's name."""

from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from app.houses.models import House
from app.rooms.evenings.hopes import Hope
from app.rooms.evenings.models import EveningRule
from app.rooms.leads import tell_club, tell_leads
from app.rooms.queries import Slot
from app.rooms.staff.queries import Standing


def asked(one: Standing, house: House, rule: EveningRule) -> None:
    """What they booked now waits for other clubs; they keep it or give it back."""
    when = rule.decides_at.astimezone(ZoneInfo(house.timezone))
    words = _l("Votre soirée attend d’autres clubs")
    tell_leads(one, house, "request", words, "evening_asked", clubs=rule.clubs, when=when)


def opens(one: Standing, house: House) -> None:
    """It takes place: enough clubs come, or the team opens anyway."""
    tell_leads(one, house, "reminder", _l("Votre soirée ouvre"), "evening_opens")


def dropped(one: Standing, house: House, choices: list[Slot]) -> None:
    """It does not take place; other moments are free."""
    free = [_moment(slot, house) for slot in choices]
    path, words = f"/houses/{house.slug}/slots", _l("Votre soirée n’ouvre pas")
    tell_leads(one, house, "request", words, "evening_dropped", path=path, choices=free, what="claim")


def hoped(hope: Hope, choices: list[Slot]) -> None:
    """What they waited for does not open, or a session loses that date; other moments are free."""
    house = hope.slot.house
    free = [_moment(slot, house) for slot in choices]
    what = "session" if hope.left is not None else "evening" if hope.any_room else "slot"
    words = _l("Une soirée n’ouvre pas")
    tell_club(
        hope.club.id, house, hope.slot.room, hope.slot.start, hope.slot.end, "request", words, "evening_dropped",
        hope.path, choices=free, what=what, left=hope.left,
    )  # fmt: skip


def _moment(slot: Slot, here: House) -> dict[str, Any]:
    zone = ZoneInfo(slot.house.timezone)
    return {
        "start": slot.start.astimezone(zone),
        "end": slot.end.astimezone(zone),
        "room": slot.room.name,
        "house": "" if slot.house.id == here.id else slot.house.name,
    }
