"""How a club is drawn in a list: its words and signs, the same on every page."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.clubs.models import Club
from app.core.clock import is_evening, now
from app.web.filters import day_name, day_short, hm, language_name, near_day, wall, weekday
from app.web.reading import current_reading

A_WEEK = timedelta(days=7)
Fact = tuple[str, str] | tuple[str, str, bool]


def plant_name(club: Club) -> str:
    """``Club Tilleul``: what stands in titles and wherever a glance may fall."""
    return str(_("Club %(plant)s", plant=club.plant))


def club_name(club: Club) -> str:
    """The name of a club as this reader wants it on screen: the plant's alone, for who chose to be discreet."""
    return plant_name(club) if current_reading().discreet else club.name


def words_hidden() -> bool:
    """Does this reader want what clubs say of themselves off the screen? It tells as much as their names."""
    return bool(current_reading().discreet)


def door_fact(club: Club) -> tuple[str, str]:
    words = {
        "open": ("door-open", _("Entrée libre")),
        "on_request": ("key-round", _("Sur demande")),
        "discreet": ("eye-off", _("Non affiché")),
    }
    return words[club.door]


def format_fact(club: Club) -> tuple[str, str]:
    words = {
        "here": ("map-pin", _("Sur place")),
        "both": ("video", _("Sur place et en ligne")),
        "online": ("video", _("En ligne")),
        "outside": ("trees", _("Dehors")),
    }
    return words[club.format]


def languages_fact(club: Club) -> tuple[str, str]:
    names = _(", ").join(language_name(code) for code in club.languages)
    return "languages", names[:1].upper() + names[1:]


def next_fact(moment: datetime | None) -> Fact | None:
    """``ce soir, 18 h 30``, ``mardi 24, 18 h 30``; the month too, from a week on: ``jeudi 3 déc., 14 h``."""
    return None if moment is None else ("calendar-days", _("%(day)s, %(time)s", day=_day(moment), time=hm(moment)))


def _day(moment: datetime) -> str:
    if is_today(moment) and is_evening(wall(moment)):
        return str(_("ce soir"))
    near = near_day(moment)
    if near != weekday(moment):
        return near
    soon = wall(moment) - now() < A_WEEK
    return day_name(moment) if soon else f"{near} {day_short(moment)}"


def is_today(moment: datetime) -> bool:
    """Today on the clock of the house where it is."""
    return wall(moment).date() == now().astimezone(wall(moment).tzinfo).date()


def card_of(club: Club, moment: datetime | None = None) -> dict[str, Any]:
    """A club for ``club_card``. A discreet one shows its plant name alone, even to its members."""
    said = {"href": url_for("pages.show_club", slug=club.slug), "shape": club.tile, "hue": club.hue}
    if not club.listed:
        words = _("Votre club. Les autres ne le voient pas ici.")
        return {**said, "name": plant_name(club), "sentence": words, "facts": [door_fact(club)]}
    facts: list[Any] = [(*door_fact(club), True), next_fact(moment), format_fact(club), languages_fact(club)]
    return {**said, "name": club_name(club), "sentence": "" if words_hidden() else club.sentence, "facts": facts}


def cards_of(clubs: Sequence[Club], moments: Mapping[str, datetime]) -> list[dict[str, Any]]:
    return [card_of(club, moments.get(club.id)) for club in clubs]
