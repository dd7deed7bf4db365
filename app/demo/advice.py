"""Partners of the demo with their hours, and what lies on the shelf."""

import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.core.ids import new_id
from app.demo.places import today_in
from app.houses.advice.actions import book_hour
from app.houses.advice.models import AdviceHour
from app.houses.models import House
from app.houses.partners.models import Partner
from app.houses.shelf.models import ShelfItem

FILE = Path(__file__).parent / "advice.toml"
SAID = ("name", "sentence", "about", "place", "needs", "ways", "languages")


def load_advice(houses: dict[str, House], account_of: Callable[[str], str]) -> None:
    """Tell the file into the database. account_of: gives the account of a key of the files."""
    told = tomllib.loads(FILE.read_text(encoding="utf-8"))
    for partner in told["partner"]:
        _add_partner(partner, houses[partner["house"]])
    for item in told["item"]:
        texts = {name: item.get(name, "").strip() for name in ("title", "purpose", "link", "body")}
        kept = {"needs": item["needs"], "language": "fr", "trade": "", "state": "shown", "checked_on": now().date()}
        db.session.add(ShelfItem(id=new_id(), house_id=houses["canal"].id, **texts, **kept))
    for booking in told["booking"]:
        _book(booking, Actor(account_of(booking["person"]), "demo"))


def _add_partner(told: dict[str, Any], house: House) -> None:
    said = {name: told[name].strip() if isinstance(told[name], str) else told[name] for name in SAID}
    partner = Partner(id=new_id(), house_id=house.id, link="", **said)
    db.session.add(partner)
    db.session.flush()
    for hours in told["hour"]:
        for week in range(hours["weeks"]):
            _add_hours(hours, week, partner, house)


def _add_hours(told: dict[str, Any], week: int, partner: Partner, house: House) -> None:
    zone = ZoneInfo(house.timezone)
    tomorrow = today_in(zone) + timedelta(days=1)
    day = tomorrow + timedelta(days=(told["weekday"] - tomorrow.weekday()) % 7, weeks=week)
    start = datetime.combine(day, time.fromisoformat(told["starts"]), zone).astimezone(UTC)
    for _number in range(told.get("row", 1)):
        end = start + timedelta(minutes=told["minutes"])
        kept = {name: told[name] for name in ("way", "room", "language")}
        more = {"title": told.get("title", ""), "places": told.get("places", 1)}
        db.session.add(AdviceHour(id=new_id(), partner_id=partner.id, starts_at=start, ends_at=end, **kept, **more))
        start = end


def _book(told: dict[str, Any], actor: Actor) -> None:
    """A place in the first hour of that partner."""
    hours = select(AdviceHour.id).join(Partner).where(Partner.name == told["partner"]).order_by(AdviceHour.starts_at)
    book_hour(actor, db.session.scalars(hours.limit(1)).one(), told["name"])
