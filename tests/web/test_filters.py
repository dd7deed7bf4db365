"""Words on screen: French typography, dates and times in six languages, nothing finer than a minute."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from markupsafe import Markup

from app.web import filters

NOW = datetime(2026, 11, 22, 17, 5, tzinfo=UTC)  # Sunday, 18 h 05 in Paris
EVENING = datetime(2026, 11, 24, 17, 30, tzinfo=UTC)
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)

In = Callable[..., Any]


@pytest.fixture
def reading(app: Flask) -> In:
    """``with reading("es"):`` a page in that language."""

    @contextmanager
    def read_in(language: str) -> Iterator[None]:
        with app.test_request_context("/", headers={"Cookie": f"reading=m.auto..{language}"}):
            yield

    return read_in


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Qui ? Vous !", "Qui\u00a0? Vous\u00a0!"),
        ("« Bonjour » ; puis : rien", "«\u00a0Bonjour\u00a0»\u00a0; puis\u00a0: rien"),
        ("de 18 h 30 à 20 h", "de 18\u00a0h\u00a030 à 20\u00a0h"),
        ("rien à faire", "rien à faire"),
        ("", ""),
        (None, None),
    ],
)
def test_french_has_its_no_break_spaces(reading: In, typed: str | None, shown: str | None) -> None:
    with reading("fr"):
        assert filters.typo(typed) == shown
    with reading("en"):
        assert filters.typo(typed) == typed


def test_typography_keeps_what_is_safe_safe_and_the_rest_not(reading: In) -> None:
    with reading("fr"):
        assert isinstance(filters.typo(Markup("<b>Qui ?</b>")), Markup)
        assert not isinstance(filters.typo("<b>Qui ?</b>"), Markup)


SHOWN = {
    "fr": ("18\u00a0h\u00a030", "mardi 24 novembre", "24 nov.", "mardi"),
    "en": ("18:30", "Tuesday, 24 November", "24 Nov", "Tuesday"),
    "es": ("18:30", "martes, 24 de noviembre", "24 nov", "martes"),
    "pt": ("18:30", "terça-feira, 24 de novembro", "24 de nov.", "terça-feira"),
    "it": ("18:30", "martedì 24 novembre", "24 nov", "martedì"),
    "ar": ("6:30 م", "الثلاثاء، 24 نوفمبر", "24 نوفمبر", "الثلاثاء"),
}


@pytest.mark.parametrize("language", SHOWN)
def test_a_moment_is_shown_in_each_language(reading: In, language: str) -> None:
    with reading(language):
        shown = tuple(f(EVENING) for f in (filters.hm, filters.day_long, filters.day_short, filters.weekday))
    assert shown == SHOWN[language]


def test_whole_hours_have_no_minutes_in_french(reading: In) -> None:
    with reading("fr"):
        assert filters.hm(EVENING + timedelta(minutes=30)) == "19\u00a0h"
        assert filters.span(EVENING, EVENING + timedelta(hours=2)) == "18\u00a0h\u00a030 – 20\u00a0h\u00a030"


def test_the_first_of_a_month_is_an_ordinal_in_french_only(reading: In) -> None:
    first = date(2026, 12, 1)
    with reading("fr"):
        assert (filters.day_long(first), filters.daynum(first)) == ("mardi 1er décembre", "1<sup>er</sup>")
        assert (filters.day_name(first), filters.day_short(first)) == ("mardi 1er", "1er déc.")
    with reading("es"):
        assert (filters.day_long(first), filters.daynum(first)) == ("martes, 1 de diciembre", "1")
        assert filters.day_name(first) == "martes 1"


def test_a_house_shows_its_own_clock(reading: In) -> None:
    with reading("fr"):
        filters.use_zone("Pacific/Auckland")
        assert (filters.hm(EVENING), filters.day_long(EVENING)) == ("6\u00a0h\u00a030", "mercredi 25 novembre")
        assert filters.isominute(EVENING) == "2026-11-25T06:30"


@pytest.mark.parametrize(
    ("gap", "shown"),
    [
        (timedelta(0), "à l’instant"),
        (timedelta(seconds=1), "il y a 1 minute"),
        (timedelta(seconds=60), "il y a 1 minute"),
        (timedelta(seconds=61), "il y a 2 minutes"),
        (timedelta(minutes=59), "il y a 59 minutes"),
        (timedelta(hours=2), "il y a 2 heures"),
        (timedelta(hours=20), "hier"),
        (timedelta(days=4), "mercredi"),
        (timedelta(days=20), "2 nov."),
    ],
)
def test_how_long_ago_is_counted_in_minutes_of_the_clock(reading: In, gap: timedelta, shown: str) -> None:
    with time_machine.travel(NOW, tick=False), reading("fr"):
        assert filters.ago(NOW - gap) == shown


def test_a_line_begins_large_and_keeps_the_rest(reading: In) -> None:
    with reading("en"):
        assert filters.upper_first(filters.day_long(EVENING)) == "Tuesday, 24 November"
    with reading("fr"):
        assert filters.upper_first(filters.day_long(EVENING)) == "Mardi 24 novembre"


def test_near_days_have_names(reading: In) -> None:
    days = [(NOW + timedelta(days=n)) for n in (-1, 0, 1, 2)]
    with time_machine.travel(NOW, tick=False), reading("fr"):
        assert [filters.near_day(day) for day in days] == ["hier", "aujourd’hui", "demain", "mardi"]
        assert [filters.heading_day(day) for day in days] == [
            "Hier",
            "Aujourd’hui",
            "Lundi 23 novembre",
            "Mardi 24 novembre",
        ]
