"""What a door says: free or not, until when, what comes next; of a club nothing, unless it opened that meeting."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.core.db import db, transaction
from app.houses.models import StaffPost
from app.rooms.actions import Wish, claim_slot
from app.rooms.claims import place_hold
from app.rooms.closures.actions import close
from app.rooms.closures.queries import Plan
from app.rooms.doors.codes import door_code
from app.rooms.doors.show import door_shown
from app.rooms.models import Claim
from app.rooms.queries import ONE_DAY
from app.rooms.spans import lock_rooms
from app.web.pictures import qr_of
from tests.rooms.places import club, house, make_room, room, slot
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.kiosks import door_of
from tests.support.page import Page, text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
# Monday, 2 November 2026, in Paris: one hour more than UTC.
DAY = date(2026, 11, 2)


def at(clock: str, day: date = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}+01:00").astimezone(UTC)


@pytest.fixture
def door(app: Flask, places: Cast) -> PageClient:
    return door_of(app, places.denis)


@pytest.fixture
def look(door: PageClient, monday: time_machine.Traveller) -> Callable[..., Page]:
    """``look("18:34")``: the door at that moment."""

    def open_door(clock: str, day: date = DAY) -> Page:
        monday.move_to(at(clock, day))
        answer = door.get("/door")
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
        return answer.page

    return open_door


def face(page: Page) -> str:
    return (page.by_id("main").get("class") or "").removeprefix("door").strip()  # type: ignore[union-attr]


def said(page: Page) -> list[str]:
    return [text_of(each) for each in page.all(".//div[@class='door__now']/div/*")]


def later(page: Page) -> list[str]:
    return [text_of(each) for each in page.all(".//ul[@class='door__list']/li")]


def scan(page: Page) -> str:
    return text_of(next(iter(page.all(".//div[@class='door__qr']/p")), None))


def checked_in(app: Flask, claim: str, moment: datetime) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Claim, claim).checked_in_at = moment


def word_of(app: Flask, claim: str) -> str:
    with app.app_context():
        return db.session.get_one(Claim, claim).door_word


def test_a_free_room_offers_the_next_slot(look: Any) -> None:
    page = look("13:00")
    assert (face(page), said(page)) == (
        "door--free", ["Libre jusqu’à 20 h 30", "Un club peut la prendre : 14 h – 16 h."],
    )  # fmt: skip
    assert (later(page), scan(page)) == ([], "Vous menez un club ? Scannez pour prendre la salle.")
    assert text_of(page.all(".//header/time")[0]) == "lundi 2 novembre · 13 h"
    assert page.html.count('class="qr"') == 1


def test_a_slot_that_has_begun_is_offered_to_nobody(look: Any) -> None:
    page = look("19:00")
    assert (face(page), said(page), scan(page)) == (
        "door--free", ["Libre jusqu’à 20 h 30", "Personne ne l’a réservée."], "",
    )  # fmt: skip


@pytest.mark.parametrize(("clock", "told"), [("06:00", "Fermé jusqu’à 10 h"), ("20:30", "Fermé"), ("23:59", "Fermé")])
def test_before_the_first_slot_and_after_the_last_it_is_closed(look: Any, clock: str, told: str) -> None:
    page = look(clock)
    assert (face(page), said(page)) == ("door--closed", [told])


def test_a_meeting_shows_its_word_from_its_start(app: Flask, places: Cast, claimed: Any, look: Any) -> None:
    claim = claimed(places.bruno, "tilleul", "salle-1", DAY, "14:00")
    claimed(places.dario, "romarin", "salle-1", DAY + timedelta(days=1), "10:00")
    word = word_of(app, claim)
    before = look("13:50")
    assert (said(before)[0], later(before)) == ("Libre jusqu’à 14 h", ["14 h Réservé", "Demain 10 h Réservé"])
    checked_in(app, claim, at("13:56"))
    early, begun = look("13:59"), look("14:00")
    assert (face(early), word in early.html) == ("door--free", False)
    assert (face(begun), said(begun)) == (
        "door--busy",
        ["Réservé jusqu’à 16 h", f"mot : {word}", "C’est votre mot ? Entrez, vous êtes au bon endroit."],
    )
    assert (later(begun), scan(begun)) == (["16 h Libre", "Demain 10 h Réservé"], "")
    assert face(look("16:00")) == "door--free"


def test_a_day_that_ends_says_so(places: Cast, claimed: Any, look: Any) -> None:
    claimed(places.bruno, "tilleul", "salle-1", DAY, "18:30")
    assert later(look("19:00")) == ["20 h 30 Fermeture"]


def test_no_club_is_named_but_a_listed_one_that_opened_the_meeting(
    app: Flask, places: Cast, claimed: Any, look: Any
) -> None:
    claimed(places.bruno, "tilleul", "salle-1", DAY, "10:00", title="Secret un")
    hidden = claimed(places.dario, "romarin", "salle-1", DAY, "14:00", title="Secret deux")
    with app.app_context(), transaction():
        # As one that a club made public before it turned discreet.
        db.session.get_one(Claim, hidden).public = True
    claimed(places.bruno, "tilleul", "salle-1", DAY, "18:30", title="Venez relire", public=True)
    pages = [look(clock) for clock in ("09:30", "11:00", "14:30", "16:30", "17:00", "19:00")]
    # Tilleul is told where it may be, so that the search below means something.
    assert [page.main.count("Club Tilleul : Venez relire") for page in pages] == [0, 0, 1, 1, 1, 1]
    for page in pages:
        assert [each for each in ("Secret", "Romarin", "romarin", "data-hue", "45 ans") if each in page.html] == []
    assert said(pages[-1])[2:4] == ["Club Tilleul : Venez relire", "Ouverte à tous : entrez."]


def test_who_comes_is_asked_to_say_so(app: Flask, places: Cast, claimed: Any, monday: time_machine.Traveller) -> None:
    claim = claimed(places.dario, "romarin", "salle-1", DAY, "14:00")
    word, code = word_of(app, claim), ""

    def asked(clock: str) -> tuple[str, str, bool, bool]:
        """The state, its word, does it ask for this claim, and is the code another than a minute ago?"""
        nonlocal code
        monday.move_to(at(clock))
        with app.test_request_context():
            shown, before = door_shown(room("salle-1"), house("canal"), asks=True), code
            code = shown.code
            assert code == (door_code(room("salle-1").id, at(clock)) if shown.state == "ask" else "")
            return shown.state, shown.word, shown.claim == claim, code != before

    assert asked("13:54") == ("free", "", False, False)
    assert asked("13:55") == ("ask", "", True, True)
    assert asked("13:59") == ("ask", "", True, True)
    assert asked("14:00") == ("ask", word, True, True)
    assert asked("14:14") == ("ask", word, True, True)
    assert asked("14:15") == ("busy", word, False, True)
    checked_in(app, claim, at("14:07"))
    assert asked("14:08") == ("busy", word, False, False)


def test_of_two_meetings_without_a_pause_the_coming_one_is_asked(
    app: Flask, places: Cast, slot_id: Any, monday: time_machine.Traveller
) -> None:
    with app.app_context(), transaction():
        make_room(house("canal"), "couloir", ("10:00-12:00", "12:00-14:00"), buffer_minutes=0)
    first, second = slot_id("couloir", DAY, "10:00"), slot_id("couloir", DAY, "12:00")
    with app.app_context():
        claim_slot(places.bruno.actor, Wish(first, "tilleul", "Un"))
        second = claim_slot(places.chloe.actor, Wish(second, "glycine", "Deux")).claim.id
    monday.move_to(at("11:56"))
    with app.test_request_context():
        shown = door_shown(room("couloir"), house("canal"), asks=True)
        assert (shown.state, shown.claim, shown.word) == ("ask", second, "")


def test_a_slot_that_is_kept_is_not_free(app: Flask, places: Cast, look: Any) -> None:
    with app.app_context(), transaction():
        found = slot("salle-1", DAY, "14:00")
        lock_rooms([found.room])
        place_hold(found.stretch, club("glycine"), "offer", at("14:40"))
    page = look("14:20")
    assert (face(page), said(page)[0]) == ("door--busy", "Gardée jusqu’à 14 h 40")
    assert face(look("14:40")) == "door--free"


def test_a_closure_says_why(app: Flask, places: Cast, look: Any) -> None:
    with app.app_context():
        close(places.denis.actor, "canal", Plan("", DAY + ONE_DAY, DAY + ONE_DAY, "Travaux"), {})
    assert later(look("11:00")) == ["Demain 0 h Fermé : Travaux"]
    page = look("11:00", DAY + ONE_DAY)
    assert (face(page), said(page), later(page)) == ("door--closed", ["Fermé", "Travaux"], [])


def test_a_holiday_and_a_room_that_is_not_lent_any_more_are_closed(app: Flask, places: Cast, look: Any) -> None:
    assert said(look("11:00", date(2026, 11, 11))) == ["Fermé"]
    with app.app_context(), transaction():
        room("salle-1").closed_at = at("08:00")
    assert said(look("11:00", date(2026, 11, 12))) == ["Fermé"]


def test_the_code_to_scan_opens_the_form_of_that_slot(app: Flask, places: Cast, slot_id: Any, look: Any) -> None:
    page = look("13:00")
    with app.test_request_context():
        expected = qr_of(f"{app.config['BASE_URL']}/slots/{slot_id('salle-1', DAY, '14:00')}/claim")
    assert [expected in page.html, page.html.count('class="qr"')] == [True, 1]


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        # Clocks go forward: 2 h is 3 h. They go back: 2 h 30 comes twice, and the meeting of four hours lasts five.
        ("2027-03-27T23:30+00:00", "Réservé jusqu’à 4 h"),
        ("2027-03-28T01:30+00:00", "Réservé jusqu’à 4 h"),
        ("2027-03-28T02:00+00:00", "Fermé"),
        ("2026-10-25T00:30+00:00", "Réservé jusqu’à 4 h"),
        ("2026-10-25T01:30+00:00", "Réservé jusqu’à 4 h"),
        ("2026-10-25T02:30+00:00", "Réservé jusqu’à 4 h"),
        ("2026-10-25T03:00+00:00", "Fermé"),
    ],
)
def test_both_nights_when_the_clock_changes(
    app: Flask, places: Cast, monday: time_machine.Traveller, moment: str, told: str
) -> None:
    instant = datetime.fromisoformat(moment)
    night = instant.astimezone(ZoneInfo("Europe/Paris")).date()
    monday.move_to(at("08:00", night - timedelta(days=5)))
    with app.app_context(), transaction():
        make_room(house("canal"), "nuit", ("00:00-04:00",))
    with app.app_context():
        claim_slot(places.bruno.actor, Wish(slot("nuit", night, "00:00").id, "tilleul", "Veiller"))
    client = door_of(app, places.denis, "nuit")
    monday.move_to(instant)
    assert said(client.get("/door").page)[0] == told


def test_beyond_the_date_line_the_door_has_its_own_day(
    app: Flask, places: Cast, monday: time_machine.Traveller
) -> None:
    with app.app_context(), transaction():
        post = db.session.scalars(select(StaffPost).where(StaffPost.account_id == places.elise.account_id)).first()
        db.session.add(StaffPost(account_id=post.account_id, house_id=house("port").id))  # type: ignore[union-attr]
    client = door_of(app, places.elise, "quai", "port")
    # Monday evening in UTC is Tuesday morning there.
    monday.move_to(datetime(2026, 11, 2, 21, 30, tzinfo=UTC))
    page = client.get("/door").page
    assert text_of(page.all(".//header/time")[0]) == "mardi 3 novembre · 10 h 30"
    assert said(page)[0] == "Libre jusqu’à 20 h 30"


def test_the_screen_asks_for_its_face_alone_once_a_minute(
    app: Flask, door: PageClient, monday: time_machine.Traveller, queries: Any
) -> None:
    monday.move_to(at("13:00") + timedelta(seconds=22))
    whole = door.get("/door").page
    assert whole.by_id("main").get("data-wait") == "39"  # type: ignore[union-attr]
    with queries() as asked:
        fragment = door.get("/door", headers={"X-Fragment": "main"})
    assert fragment.page.whole is False
    assert fragment.page.by_id("main").get("data-wait") == "39"  # type: ignore[union-attr]
    assert [each for each in asked if not each.startswith("SELECT")] == []
    assert len(asked) <= 7


def test_an_arabic_screen_reads_from_the_right(app: Flask, places: Cast, look: Any, door: PageClient) -> None:
    look("13:00")
    page = door.get("/door", headers={"Accept-Language": "ar"}).page
    assert (page.tree.get("lang"), page.tree.get("dir")) == ("ar", "rtl")
