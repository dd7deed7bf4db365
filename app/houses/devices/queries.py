"""Reads of devices: which one asks, those of a house, who is called."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.sealed import keyed_hash
from app.houses.devices.models import Device, DeviceCall, PairingCode
from app.houses.devices.walls import names_of
from app.houses.models import House
from app.houses.queries import house_of_staff

# Every page of a kiosk and the page of a door give a sign of life each minute or two, by themselves.
SILENT = timedelta(minutes=5)


@dataclass(frozen=True)
class Screen:
    """A device as the desk lists it, with its rank in its house. place: where it hangs, if not in the hall."""

    id: str
    number: int
    place: str
    paired_at: datetime
    seen_at: datetime

    @property
    def silent(self) -> bool:
        return now() - self.seen_at > SILENT


def device_key(secret: str) -> str:
    return keyed_hash("device", secret)


def device_by_secret(secret: str) -> tuple[Device, House] | None:
    """Whom the cookie of a device speaks for, and where it stands."""
    found = select(Device, House).join(House, House.id == Device.house_id)
    row = db.session.execute(found.where(Device.secret_hash == device_key(secret))).first()
    return (row[0], row[1]) if row else None


def screens_of(actor: Actor, slug: str) -> tuple[House, list[Screen]]:
    """The devices of a house, the oldest first, for its team. Raises NotFound for others."""
    house = house_of_staff(actor, slug)
    mine = select(Device).where(Device.house_id == house.id).order_by(Device.paired_at, Device.id)
    rows = db.session.scalars(mine).all()
    places = names_of([each.id for each in rows])
    return house, [
        Screen(each.id, number, places.get(each.id, ""), each.paired_at, each.seen_at)
        for number, each in enumerate(rows, 1)
    ]


def open_code(actor: Actor, house: House) -> PairingCode | None:
    """The letters that this person of the team is showing, while they open something."""
    mine = select(PairingCode).where(PairingCode.account_id == actor.account_id, PairingCode.house_id == house.id)
    return db.session.scalars(mine.where(PairingCode.expires_at > now())).first()


def call_from(device_id: str) -> DeviceCall | None:
    """Who is called from a device, while it lasts."""
    found = db.session.get(DeviceCall, device_id)
    return found if found is not None and found.ends_at > now() else None


def calls_in(houses: Sequence[House]) -> list[tuple[DeviceCall, House]]:
    """Who is called in some houses and has no answer yet."""
    by_id = {house.id: house for house in houses}
    rows = db.session.execute(
        select(DeviceCall, Device.house_id)
        .join(Device, Device.id == DeviceCall.device_id)
        .where(Device.house_id.in_(by_id), DeviceCall.coming_at.is_(None), DeviceCall.ends_at > now())
        .order_by(DeviceCall.called_at)
    )
    return [(call, by_id[house_id]) for call, house_id in rows]
