"""Time zones and countries to choose from, in the reader's language; hours of a house in words."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import time
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

import holidays
from babel import Locale
from babel.core import get_global
from babel.dates import format_time, get_day_names, get_timezone_location
from babel.lists import format_list
from flask_babel import gettext as _

from app.houses.models import House
from app.web.filters import NBSP, date_locale, upper_first

# The first part of a zone's name, and the territory by whose name its group is called.
REGIONS = {
    "Europe": "150", "Africa": "002", "America": "019", "Asia": "142", "Australia": "009", "Pacific": "009",
    "Indian": "002", "Atlantic": "150", "Arctic": "150", "Antarctica": "AQ",
}  # fmt: skip
# From so many days in a row on, a stretch is said by its first and its last.
A_STRETCH = 3


def is_zone(name: str) -> bool:
    """Is that a time zone of the IANA, offered or not?"""
    return name in available_timezones()


def is_country(code: str) -> bool:
    """Do we know that country's public holidays?"""
    return code in _countries()


def zone_choices() -> dict[str, list[tuple[str, str]]]:
    """Every zone of today, by part of the world: ``{"Europe": [("Europe/Paris", "Paris (France)"), …]}``."""
    return _zones(date_locale())


def country_choices() -> list[tuple[str, str]]:
    """Every country whose holidays we know, by name: ``[("FR", "France"), …]``."""
    return _named_countries(date_locale())


@lru_cache(maxsize=8)
def _zones(locale: str) -> dict[str, list[tuple[str, str]]]:
    territories, known = Locale.parse(locale).territories, get_global("zone_territories")
    found: dict[str, list[tuple[str, str]]] = {territories[code]: [] for code in REGIONS.values()}
    for name in available_timezones() & set(known):
        region = REGIONS.get(name.partition("/")[0])
        if region is not None:
            place = get_timezone_location(name, locale=locale, return_city=True)
            country = territories.get(known[name], "")
            label = place if country in ("", place) else f"{place} ({country})"
            found[territories[region]].append((name, label))
    return {region: _by_name(zones) for region, zones in found.items()} | {"UTC": [("UTC", "UTC")]}


@lru_cache(maxsize=1)
def _countries() -> frozenset[str]:
    return frozenset(code for code in holidays.list_supported_countries() if len(code) == 2)


@lru_cache(maxsize=8)
def _named_countries(locale: str) -> list[tuple[str, str]]:
    territories = Locale.parse(locale).territories
    return _by_name((code, territories[code]) for code in _countries() if code in territories)


def _by_name(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda choice: _as_in_a_dictionary(choice[1]))


def _as_in_a_dictionary(name: str) -> tuple[str, str]:
    """By letters first, accents only between equals: Belgique, Bénin, Bolivie."""
    full = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in full if not unicodedata.combining(sign)), full


def day_choices() -> list[tuple[int, str]]:
    """``[(0, "Lundi"), …]``."""
    names = get_day_names("wide", "stand-alone", locale=date_locale())
    return [(number, upper_first(names[number])) for number in range(7)]


def days_in_words(days: Sequence[int]) -> str:
    """``lundi à vendredi``, ``lundi, mardi et jeudi``."""
    names = get_day_names("wide", "stand-alone", locale=date_locale())
    wanted = sorted(set(days))
    if not wanted:
        return ""
    if len(wanted) >= A_STRETCH and wanted[-1] - wanted[0] == len(wanted) - 1:
        return str(_("%(first)s à %(last)s", first=names[wanted[0]], last=names[wanted[-1]]))
    return str(format_list([names[day] for day in wanted], locale=date_locale()))


def clock_in_words(clock: str) -> str:
    """``18 h 30`` for ``18:30``."""
    moment = time.fromisoformat(clock)
    if date_locale() == "fr":
        return f"{moment.hour}{NBSP}h" + (f"{NBSP}{moment.minute:02d}" if moment.minute else "")
    return str(format_time(moment, "short", locale=date_locale()))


def hours_in_words(house: House) -> list[dict[str, str]]:
    """When a house is open, line by line in the reader's language; a line that was written as a text stays as it is."""
    lines = [_line(told) for told in house.hours]
    if house.open_evenings and house.evening_until and not any("text" in told for told in house.hours):
        until = _("le soir, jusqu’à %(time)s", time=clock_in_words(house.evening_until))
        lines.append({"days": upper_first(days_in_words(house.open_evenings)), "text": until})
    return lines


def _line(told: dict[str, Any]) -> dict[str, str]:
    if "text" in told:
        return {"days": told["days"], "text": told["text"]}
    return {
        "days": upper_first(days_in_words(told["days"])),
        "text": f"{clock_in_words(told['opens'])} – {clock_in_words(told['closes'])}",
    }
