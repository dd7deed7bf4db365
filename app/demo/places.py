"""Rooms, windows and closures of the demo; days and hours in the house's own time."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.core.clock import now
from app.core.db import db
from app.core.ids import new_id
from app.houses.models import House
from app.rooms.actions import close_room
from app.rooms.models import OpeningWindow, Room


def today_in(zone: ZoneInfo) -> date:
    return now().astimezone(zone).date()


def at(zone: ZoneInfo, day: date, clock: str) -> datetime:
    """A local ``HH:MM`` of a day, in UTC."""
    return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)


def load_rooms(house: House, rooms: list[dict[str, Any]], closures: list[dict[str, Any]]) -> None:
    """The rooms of a house with their weekly pattern, then what shuts them."""
    by_slug = {told["slug"]: _load_room(house, told) for told in rooms}
    for told in closures:
        _load_closure(house, by_slug.get(told.get("room", "")), told)


def _load_room(house: House, told: dict[str, Any]) -> Room:
    room = Room(
        id=new_id(),
        house_id=house.id,
        buffer_minutes=told["buffer"],
        **{key: told[key] for key in ("slug", "name", "floor", "capacity", "step_free")},
    )
    db.session.add(room)
    db.session.flush()
    for window in told["window"]:
        for weekday in window["weekdays"]:
            for slot in window["slots"]:
                starts, ends = slot.split("-")
                db.session.add(
                    OpeningWindow(
                        id=new_id(), room_id=room.id, weekday=weekday, starts=starts, ends=ends,
                        scarce=window.get("scarce", False),
                    )
                )  # fmt: skip
    db.session.flush()
    return room


def _load_closure(house: House, room: Room | None, told: dict[str, Any]) -> None:
    zone = ZoneInfo(house.timezone)
    day = today_in(zone) + timedelta(days=told["in_days"])
    day += timedelta(days=(told.get("weekday", day.weekday()) - day.weekday()) % 7)
    if "start" in told:
        start, end = at(zone, day, told["start"]), at(zone, day, told["end"])
    else:
        start, end = at(zone, day, "00:00"), at(zone, day + timedelta(days=told["days"]), "00:00")
    close_room(house, room, start, end, told["reason"])
