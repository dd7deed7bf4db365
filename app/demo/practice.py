"""Who listens to rehearsals in the demo, today and tomorrow."""

import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from app.accounts.models import Account
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db
from app.demo.places import at, today_in
from app.houses.models import House
from app.practice.actions import Listening, offer_to_listen
from app.practice.times import QUARTER
from app.rooms.calendar import is_holiday

FILE = Path(__file__).parent / "practice.toml"
LONGEST = timedelta(hours=2)


def load_practice(houses: dict[str, House], account_of: Callable[[str], str]) -> None:
    """Tell the file into the database: two hours at most of each span, from now on; nothing of one that is over."""
    for told in tomllib.loads(FILE.read_text(encoding="utf-8"))["offer"]:
        account, house = db.session.get_one(Account, account_of(told["person"])), houses[told["house"]]
        zone = ZoneInfo(house.timezone)
        day = today_in(zone) + timedelta(days=told["day"])
        start, end = _span(told, zone, day)
        if end - start >= 2 * QUARTER:
            actor = Actor(account.id, "demo", account.role)
            starts, ends = (f"{each.astimezone(zone):%H:%M}" for each in (start, end))
            offer_to_listen(actor, Listening(told["name"], house.slug, day, starts, ends, _ways(told, house, day)))


def _span(told: dict[str, Any], zone: ZoneInfo, day: date) -> tuple[datetime, datetime]:
    start = max(at(zone, day, told["starts"]), now())
    return start, min(at(zone, day, told["ends"]), start + LONGEST)


def _ways(told: dict[str, Any], house: House, day: date) -> tuple[str, ...]:
    """Nobody is met in a house that is shut that day."""
    opens = any(day.weekday() in each["days"] for each in house.hours) and not is_holiday(house.country, day)
    return tuple(way for way in told["ways"] if opens or way != "house")
