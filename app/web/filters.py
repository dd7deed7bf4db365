"""Template filters: dates and times in the reader's language, French typography."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from flask import Flask, g
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from app.core.clock import now, to_the_minute

# The wide one everywhere: the page's two fonts have no narrow no-break space.
NBSP = "\u00a0"
BEFORE_MARK = re.compile(r" (?=[;?!:»])")
YEAR_AT_END = re.compile(r"[,،]?(?: de)? \d{4}$")
AFTER_OPEN = re.compile(r"« ")
FIRST = re.compile(r"\b1(?=(?:–\d+)? [a-zéû]{3,})")
HOURS = re.compile(r"(\d) h(?: (?=\d\d))?")


def house_zone() -> ZoneInfo:
    """The zone that the page speaks in: the house's."""
    return ZoneInfo(g.get("zone", "Europe/Paris"))


def use_zone(name: str) -> None:
    """Show the rest of this page in a house's wall-clock time."""
    g.zone = name


def wall(moment: datetime) -> datetime:
    """A moment as the house's clock shows it; one that bears the zone of another house keeps it."""
    return moment if isinstance(moment.tzinfo, ZoneInfo) else moment.astimezone(house_zone())


def date_locale() -> str:
    """The locale whose dates and times we write: English is read in Europe here."""
    said = str(get_locale() or "fr")
    return "en_GB" if said == "en" else said


def typo(text: Any) -> Any:
    """French no-break spaces before ``: ; ? ! »``, after ``«`` and in times; other languages are left alone."""
    if date_locale() != "fr" or text is None:
        return text
    plain = str(text)
    plain = AFTER_OPEN.sub(f"«{NBSP}", BEFORE_MARK.sub(NBSP, plain))
    plain = HOURS.sub(lambda m: m[0].replace(" ", NBSP), plain)
    return Markup(plain) if isinstance(text, Markup) else plain  # noqa: S704 only spaces were changed


def hm(moment: datetime) -> str:
    """``18 h 30``, ``19 h``; other languages by CLDR."""
    local = wall(moment)
    if date_locale() == "fr":
        return f"{local.hour}{NBSP}h" + (f"{NBSP}{local.minute:02d}" if local.minute else "")
    return str(format_time(local.time(), "short", locale=date_locale()))


def hour(number: int) -> str:
    """``18 h``: a full hour of the day, by its number."""
    # No clock changes in July: every hour has its own words.
    return hm(datetime(2001, 7, 10, number, tzinfo=house_zone()))


def span(start: datetime, end: datetime) -> str:
    """``18 h 30 – 20 h 30``."""
    return f"{hm(start)} – {hm(end)}"


def _day(value: datetime | date) -> date:
    return wall(value).date() if isinstance(value, datetime) else value


def _today(value: datetime | date) -> date:
    """The date where this moment is told."""
    zone = value.tzinfo if isinstance(value, datetime) and isinstance(value.tzinfo, ZoneInfo) else house_zone()
    return now().astimezone(zone).date()


def first(text: str) -> str:
    """French ordinal: 1 becomes 1er at the start of a month, also in ``1–6 févr.``."""
    return FIRST.sub("1er", text) if date_locale() == "fr" else text


def upper_first(text: str) -> str:
    """At the start of a line. Jinja's ``capitalize`` would make ``Monday, 2 november`` of it."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """A name inside a sentence: ``salle 1``."""
    return text[:1].lower() + text[1:]


def day_long(value: datetime | date) -> str:
    """``mardi 24 novembre``."""
    # CLDR has no skeleton for a whole weekday and month without the year: French would give "mar. 24 nov.".
    return first(YEAR_AT_END.sub("", format_date(_day(value), "full", locale=date_locale())))


def day_short(value: datetime | date) -> str:
    """``24 nov.``"""
    return first(format_skeleton("MMMd", _day(value), locale=date_locale()))


def day_name(value: datetime | date) -> str:
    """``mardi 24``, ``mardi 1er``."""
    number = _day(value).day
    return f"{weekday(value)} {'1er' if number == 1 and date_locale() == 'fr' else number}"


def weekday(value: datetime | date) -> str:
    """``mardi``."""
    return str(format_date(_day(value), "EEEE", locale=date_locale()))


def weekday_short(value: datetime | date) -> str:
    """``mar``, without its point."""
    return str(format_date(_day(value), "EEE", locale=date_locale())).rstrip(".")


def month_short(value: datetime | date) -> str:
    """``nov.``"""
    return str(format_date(_day(value), "MMM", locale=date_locale()))


def daynum(value: datetime | date) -> str | Markup:
    """The number of the day; French writes 1<sup>er</sup>."""
    number = _day(value).day
    return Markup("1<sup>er</sup>") if number == 1 and date_locale() == "fr" else str(number)


def near_day(value: datetime | date) -> str:
    """``aujourd’hui``, ``demain``, ``hier``, else the weekday."""
    gap = (_day(value) - _today(value)).days
    near = {0: _("aujourd’hui"), 1: _("demain"), -1: _("hier")}
    return near.get(gap) or weekday(value)


def heading_day(value: datetime | date) -> str:
    """The day above messages: ``Aujourd’hui``, ``Hier``, else ``Dimanche 22 novembre``."""
    gap = (_day(value) - _today(value)).days
    text = near_day(value) if gap in (0, -1) else day_long(value)
    return upper_first(text)


def ago(moment: datetime) -> str:
    """``il y a 6 minutes``, ``il y a 2 heures``, ``hier``, ``mardi``, ``24 nov.``: nothing finer than a minute."""
    # Counted in whole minutes: the moment a page turns from one to two would give the second away (PRODUCT 4.2).
    gap = to_the_minute(now()) - to_the_minute(moment)
    minutes = int(gap.total_seconds() // 60)
    if minutes < 1:
        return str(_("à l’instant"))
    if minutes < 60:
        return str(ngettext("il y a %(num)s minute", "il y a %(num)s minutes", minutes))
    if wall(moment).date() == wall(now()).date():
        hours = minutes // 60
        return str(ngettext("il y a %(num)s heure", "il y a %(num)s heures", hours))
    if gap < timedelta(days=6):
        return near_day(moment)
    return day_short(moment)


def isominute(moment: datetime) -> str:
    """For ``<time datetime>``: local time to the minute."""
    return wall(moment).strftime("%Y-%m-%dT%H:%M")


def language_name(code: str) -> str:
    """``français`` for ``fr``, in the reader's language."""
    return str(Locale.parse(date_locale()).languages.get(code, code))


FILTERS = (
    typo, hm, hour, span, day_long, day_short, day_name, weekday, weekday_short, month_short, daynum,
    near_day, heading_day, upper_first, lower_first, ago, isominute, language_name,
)  # fmt: skip


def init_filters(app: Flask) -> None:
    for each in FILTERS:
        app.jinja_env.filters[each.__name__] = each
    # Told by the floor that knows the devices of a house.
    app.jinja_env.globals.setdefault("on_kiosk", lambda: False)
    app.jinja_env.globals["has_endpoint"] = lambda name: name in app.view_functions
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
