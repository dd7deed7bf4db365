"""What the team does with its rooms: rooms, lines of the week, days more, a room closed for good."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from app.core.db import db
from app.core.errors import Invalid, NotFound, Taken
from app.houses.journal import all_entries
from app.rooms.actions import Wish, claim_slot
from app.rooms.queries import find_slot, rooms_of, slots_between
from app.rooms.sessions.actions import SessionWish, ask_session
from app.rooms.sessions.answers import grant_session
from app.rooms.staff.actions import Pattern, RoomSaid, add_room, change_windows, close_for_good, open_day, open_windows
from app.rooms.staff.queries import claims_beside, groups_of, holidays_ahead
from tests.rooms.places import TUESDAY, claims, house, room, slot
from tests.support.cast import Cast

ARMISTICE = date(2026, 11, 11)
MORNING = (("10:00", "12:00"),)
one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def said() -> list[tuple[list[str], tuple[int, ...], int]]:
    canal = house("canal")
    found = groups_of(canal, rooms_of(canal))
    return [([each.slug for each in one.rooms], one.weekdays, len(one.times)) for one in found]


@one_engine
@pytest.mark.usefixtures("context")
def test_the_week_is_said_in_few_lines(places: Cast) -> None:
    every_day = tuple(range(7))
    assert said() == [(["salle-1", "atelier"], every_day, 2), (["salle-1", "atelier"], every_day, 1)]
    open_windows(places.denis.actor, "canal", Pattern(("atelier",), (5,), (("08:00", "09:00"),), scarce=True))
    assert said()[-1] == (["atelier"], (5,), 1)


@one_engine
@pytest.mark.usefixtures("context")
def test_a_room_lists_slots_once_it_has_a_window(places: Cast) -> None:
    verte = add_room(places.denis.actor, "canal", RoomSaid("Salle verte", "", 8, 0, step_free=True))
    again = add_room(places.elise.actor, "canal", RoomSaid("Salle-verte", "", 8, 0, step_free=True))
    assert (verte.slug, again.slug) == ("salle-verte", "salle-verte-2")
    open_windows(places.denis.actor, "canal", Pattern(("salle-verte",), (1,), MORNING))
    assert slot("salle-verte", TUESDAY, "10:00").open
    assert [entry.act for entry in all_entries()] == ["windows:opened", "room:added", "room:added"]


@one_engine
@pytest.mark.usefixtures("context")
def test_a_day_more_opens_on_a_public_holiday(places: Cast) -> None:
    open_day(places.denis.actor, "canal", ARMISTICE, ("salle-1",), MORNING)
    assert (slot("salle-1", ARMISTICE, "10:00").state, slot("salle-1", ARMISTICE, "14:00").state) == ("free", "closed")
    claim_slot(places.bruno.actor, Wish(slot("salle-1", ARMISTICE, "10:00").id, "tilleul", "Jouer"))
    assert slot("salle-1", ARMISTICE, "10:00").state == "claimed"


@one_engine
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 2), (date(2026, 10, 25), 4)])
def test_a_day_more_on_the_night_when_clocks_change(
    places: Cast, monday: time_machine.Traveller, day: date, hours: int
) -> None:
    """From 1:30 to 4:30: two hours in spring, four in autumn."""
    monday.move_to(datetime(day.year, day.month, day.day - 3, 8, 0, tzinfo=ZoneInfo("UTC")))
    open_day(places.denis.actor, "canal", day, ("salle-1",), (("01:30", "04:30"),))
    found = slot("salle-1", day, "01:30")
    assert (found.open, (found.end - found.start).total_seconds() / 3600) == (True, hours)


@one_engine
@pytest.mark.usefixtures("context")
def test_a_claim_stays_where_no_slot_is_listed_any_more(places: Cast) -> None:
    taken = claim_slot(places.bruno.actor, Wish(slot().id, "tilleul", "Jouer")).claim
    canal = house("canal")
    evening = groups_of(canal, rooms_of(canal))[1]
    change_windows(places.denis.actor, "canal", evening.key, Pattern(("atelier",), (1,), (("19:00", "21:00"),)))
    assert [one.claim.id for one in claims_beside(canal, rooms_of(canal))] == [taken.id] == [c.id for c in claims()]


@one_engine
@pytest.mark.usefixtures("context")
def test_a_session_is_not_beside_the_slots_it_stands_in(places: Cast) -> None:
    """Its last dates lie beyond what a club can claim today."""
    days = [TUESDAY + number * timedelta(weeks=2) for number in range(10)]
    ids = [slot("salle-1", day, "10:00").id for day in days]
    asked = ask_session(places.bruno.actor, SessionWish(ids[0], "tilleul", "Dix mardis", 5, 2, 10, ids))
    grant_session(places.denis.actor, asked.id)
    canal = house("canal")
    assert (len(claims()), claims_beside(canal, rooms_of(canal))) == (10, [])


@one_engine
@pytest.mark.usefixtures("context")
def test_patterns_that_make_no_sense_are_refused(places: Cast) -> None:
    for times in (((("12:00", "10:00"),)), (("10:00", "12:00"), ("11:00", "13:00")), ()):
        with pytest.raises(Invalid):
            open_windows(places.denis.actor, "canal", Pattern(("salle-1",), (1,), times))
    with pytest.raises(NotFound):
        open_windows(places.denis.actor, "canal", Pattern(("quai",), (1,), MORNING))


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"], indirect=True)
@pytest.mark.usefixtures("context")
def test_a_room_is_closed_for_good_once_nothing_is_claimed(places: Cast) -> None:
    free = slot("atelier").id
    claim_slot(places.bruno.actor, Wish(slot().id, "tilleul", "Jouer"))
    with pytest.raises(Taken):
        close_for_good(places.denis.actor, "canal", "salle-1")
    close_for_good(places.denis.actor, "canal", "atelier")
    assert [each.slug for each in rooms_of(house("canal"))] == ["salle-1"]
    with pytest.raises(NotFound):
        find_slot(free)
    closed = db.session.get_one(type(room("atelier")), room("atelier").id)
    assert slots_between(house("canal"), [closed], TUESDAY, date(2026, 11, 12)) == []


@one_engine
def test_holidays_are_named_in_the_reader_s_language(app: Flask, places: Cast) -> None:
    named = {}
    for language in ("fr", "en", "ar"):
        with app.test_request_context("/", headers={"Accept-Language": language}):
            named[language] = dict(holidays_ahead(house("canal")))[ARMISTICE]
    assert named == {"fr": "Armistice", "en": "Armistice Day", "ar": ""}


@one_engine
def test_the_pages_make_a_room_a_line_and_a_day(places: Cast, client_of: Callable[..., Any]) -> None:
    denis = client_of(places.denis)
    said = {"name": "Salle verte", "places": "8", "buffer": "15"}
    made = denis.send("/houses/canal/rooms/new", said)
    again = denis.send("/houses/canal/rooms/new", said)
    assert (again.status_code, "Une autre salle porte ce nom." in again.page.main) == (409, True)
    assert denis.send("/houses/canal/rooms/salle-verte/edit", said).status_code == 303
    assert made.location == "/houses/canal/windows/new?room=salle-verte"
    line = {"rooms": "salle-verte", "days": ["5", "6"], "times": "9 h 30 – 11 h\n14:00-15:00", "scarce": "y"}
    assert denis.send("/houses/canal/windows/new", line).location == "/houses/canal/rooms"
    wrong = denis.send("/houses/canal/windows/new", {**line, "times": "le matin"})
    assert (wrong.status_code, wrong.page.main.count("Écrivez chaque créneau comme 9:30-11:30.")) == (422, 2)
    day = {"day": "2026-11-11", "rooms": "salle-1", "kits": "morning"}
    assert denis.send("/houses/canal/openings/new", day).location == "/houses/canal/rooms"
    shown = denis.get("/houses/canal/rooms").page.main
    for text in ("Salle verte", "samedi et dimanche", "9 h 30 – 15 h", "Mercredi 11 novembre", "Noël"):
        assert text in shown
