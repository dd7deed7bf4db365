"""The doors of a house as places where a screen may hang: told to the floor that pairs screens."""

from collections.abc import Sequence

from sqlalchemy import select

from app.core.db import db
from app.houses.devices.walls import walls
from app.houses.models import House
from app.rooms.doors.models import Door
from app.rooms.models import Room
from app.rooms.queries import rooms_of


class Doors:
    """Every room has one."""

    page = "door_screens.show_door"

    def choices(self, house: House) -> list[tuple[str, str]]:
        return [(room.id, room.name) for room in rooms_of(house)]

    def names(self, device_ids: Sequence[str]) -> dict[str, str]:
        found = select(Door.device_id, Room.name).join(Room, Room.id == Door.room_id)
        rows = db.session.execute(found.where(Door.device_id.in_(device_ids)))
        return {row.device_id: row.name for row in rows}

    def hang(self, device_id: str, place: str) -> None:
        db.session.add(Door(device_id=device_id, room_id=place))


walls.append(Doors())
