"""What every page knows: who reads, the house, the way out, the times of a shared device."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, g, request

from app.core.clock import now
from app.houses.devices.here import kiosk_here
from app.houses.models import House
from app.houses.places import hours_in_words
from app.houses.queries import houses_of_staff, main_house
from app.web.filters import use_zone
from app.web.guard import actor_or_none
from app.web.same_session import page_session

# Four quiet minutes on a shared device, then a dialog of one; a kiosk where nobody is signed in has nine.
IDLE = {"quiet": 240, "left": 60}
IDLE_NOBODY = {"quiet": 540, "left": 60}
ROOMS = ("rooms", "series", "waiting", "sessions", "draw", "evenings", "behalf")
ENTRIES = {"accounts": "home", "clubs": "clubs", "messaging": "clubs", "meetings": "agenda"} | dict.fromkeys(
    ROOMS, "rooms"
)


def page_context() -> dict[str, Any]:
    """The part of the template context that no page has to give."""
    who, kiosk = actor_or_none(), kiosk_here()
    return {
        "actor": who,
        "kiosk": kiosk,
        "house": house_shown(kiosk.house) if kiosk else main_house_shown(),
        "exit_url": "" if kiosk else current_app.config["EXIT_URL"],
        "shared_device": who is None or who.shared,
        "page_session": page_session(who),
        "idle": IDLE if who is not None and who.shared else IDLE_NOBODY if who is None and kiosk else None,
        "nav_current": nav_current(),
        "staff_place": next(iter(houses_of_staff(who)), None) if who is not None and who.is_staff else None,
    }


def nav_current() -> str:
    """Which word of the menu this page stands under."""
    feature, _, view = (request.endpoint or "").partition(".")
    if feature == "pages":
        return {"home": "home", "help": "help"}.get(view, "")
    return ENTRIES.get(feature, "")


def main_house_shown() -> dict[str, Any] | None:
    """The main house; the page that says that the database is away shows it as last known."""
    house = g.main_house if "main_house" in g else main_house()
    current_app.extensions["house_shown"] = _shown(house) if house else None
    return house_shown(house) if house else None


def house_shown(house: House) -> dict[str, Any]:
    """A house at the top of a page, whose clock the page shows."""
    known = _shown(house)
    if "zone" not in g:
        use_zone(known["timezone"])
    return known | {"open_tonight_until": open_tonight_until(known)}


def _shown(house: House) -> dict[str, Any]:
    names = ("slug", "name", "timezone", "address", "phone", "access", "open_evenings", "evening_until")
    told = {"hours": hours_in_words(house), "phone_href": phone_href(house.phone, house.country)}
    return {name: getattr(house, name) for name in names} | told


PREFIXES = {"FR": "+33", "NZ": "+64", "IT": "+39", "BE": "+32", "CH": "+41", "ES": "+34", "PT": "+351", "CA": "+1"}


def phone_href(phone: str, country: str) -> str:
    """A telephone number as a link: international where the country is known."""
    digits = "".join(c for c in phone if c.isdigit() or c == "+")
    prefix = PREFIXES.get(country)
    if not digits or digits.startswith("+") or prefix is None:
        return f"tel:{digits}"
    # Italian numbers keep their zero.
    return f"tel:{prefix}{digits if country in ('IT', 'ES', 'PT') else digits.removeprefix('0')}"


def open_tonight_until(house: dict[str, Any]) -> datetime | None:
    """The moment the house closes this evening, on the days when it is open late and until then."""
    here = now().astimezone(ZoneInfo(house["timezone"]))
    if not house["evening_until"] or here.weekday() not in house["open_evenings"]:
        return None
    until = datetime.combine(here.date(), time.fromisoformat(house["evening_until"]), here.tzinfo)
    return until if here < until else None
