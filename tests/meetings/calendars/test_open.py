"""What leaves the house for everybody: a meeting as a file, the calendar and the feed of a house."""

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import feedparser
import pytest
import recurring_ical_events
import time_machine
from flask import Flask

from app.core.db import transaction
from app.meetings.calendars.actions import make_calendar
from app.meetings.calendars.queries import names_club
from app.rooms.actions import release_claim
from tests.meetings.calendars.reading import calendar, entries
from tests.rooms.places import club, house
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.run import cannot_run

Claimed = Callable[..., str]
Browser = Callable[..., PageClient]
PARIS, AUCKLAND = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Auckland")
ATOM = {"a": "http://www.w3.org/2005/Atom"}
OPEN = ("/houses/canal/calendar.ics", "/houses/canal/feed.xml")

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def shown(places: Cast, claimed: Claimed) -> str:
    """A meeting that is open to all, beside three that no feed may tell of."""
    claimed(places.bruno, "tilleul", "salle-1", date(2026, 11, 12), "10:00", title="Entre membres")
    claimed(places.dario, "romarin", "atelier", date(2026, 11, 12), "10:00", title="Très discret")
    claimed(places.chloe, "glycine", "quai", date(2026, 11, 12), "10:00", title="Au port", public=True)
    return claimed(places.bruno, "tilleul", public=True)


def test_the_calendar_of_a_house(app: Flask, visitor: PageClient, places: Cast, shown: str) -> None:
    answer = visitor.get(OPEN[0])
    (one,) = entries(answer)
    assert (one["summary"], one["where"]) == ("Relire son CV", "Salle 1, 2e étage, Maison du Canal, 12, quai du Canal")
    assert (one["start"], one["said"]) == (datetime(2026, 11, 10, 18, 30, tzinfo=PARIS), "")
    assert calendar(answer)["x-wr-calname"] == "Maison du Canal"
    (far,) = entries(visitor.get("/houses/port/calendar.ics"))
    assert far["start"] == datetime(2026, 11, 12, 10, 0, tzinfo=AUCKLAND)
    with app.app_context():
        release_claim(places.bruno.actor, shown)
    assert entries(visitor.get(OPEN[0])) == []
    assert visitor.get("/houses/nowhere/calendar.ics").status_code == 404


def test_the_feed_of_a_house(visitor: PageClient, places: Cast, shown: str) -> None:
    answer = visitor.get(OPEN[1])
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    read = feedparser.parse(answer.data)
    assert (read.bozo, read.version) == (False, "atom10")
    assert read.feed.title == "Rencontres ouvertes à tous – Maison du Canal"
    (one,) = read.entries
    assert one.title == "Relire son CV"
    said = " ".join(one.content[0].value.split())
    assert said == "Mardi 10 novembre, 18 h 30 – 20 h 30. Salle 1, 2e étage, Maison du Canal, 12, quai du Canal."
    assert one.id.startswith("urn:uuid:")
    tree = ElementTree.fromstring(answer.data)
    for where in (tree, *tree.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(where.findall(f"a:{name}", ATOM)) == 1
    assert {link.get("rel") for link in tree.findall("a:link", ATOM)} == {"self", "alternate"}
    assert tree.findtext("a:author/a:name", namespaces=ATOM) == "Maison du Canal"


def test_no_club_is_named(app: Flask, visitor: PageClient, client_of: Browser, places: Cast, shown: str) -> None:
    with app.app_context(), transaction():
        real = [(each.name, each.plant, each.slug) for each in map(club, ("tilleul", "glycine", "romarin"))]
    for path in (*OPEN, "/houses/port/calendar.ics", "/houses/port/feed.xml", f"/meetings/{shown}/calendar.ics"):
        for reader in (visitor, client_of(places.amina)):
            text = reader.get(path).get_data(as_text=True).casefold()
            assert [word for names in real for word in names if word.casefold() in text] == []
            assert [word for word in ("entre membres", "très discret", shown) if word in text] == []


@pytest.mark.parametrize(
    "title", ["CV avec le Club Tilleul", "Les 45 ANS ET PLUS reçoivent", "tílleul : portes ouvertes"]
)
def test_a_title_that_names_its_club_stays_inside(
    app: Flask, visitor: PageClient, places: Cast, claimed: Claimed, title: str
) -> None:
    claimed(places.bruno, "tilleul", public=True, title=title)
    assert entries(visitor.get(OPEN[0]))[0]["summary"] == "Rencontre ouverte à tous"
    with app.app_context():
        assert not names_club("Plus de 45 idées", club("tilleul"))


def test_a_club_that_turned_discreet_is_in_no_feed(app: Flask, visitor: PageClient, places: Cast, shown: str) -> None:
    mark = visitor.get(OPEN[0]).headers["ETag"]
    with app.app_context(), transaction():
        club("tilleul").door = "discreet"
    fresh = visitor.get(OPEN[0], headers={"If-None-Match": mark})
    assert entries(fresh) == []
    assert feedparser.parse(visitor.get(OPEN[1]).data).entries == []
    assert visitor.get(f"/meetings/{shown}/calendar.ics").status_code == 404


def test_a_meeting_as_a_file(
    app: Flask, client_of: Browser, visitor: PageClient, places: Cast, claimed: Claimed
) -> None:
    meeting = claimed(places.bruno, "tilleul")
    path, amina = f"/meetings/{meeting}/calendar.ics", client_of(places.amina)
    assert path in amina.get(f"/meetings/{meeting}").page.links
    answer = amina.get(path)
    (one,) = entries(answer)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="rendez-vous.ics"'
    assert (one["summary"], one["said"].split(" : ")[0]) == ("Rendez-vous", "Mot de la porte")
    for outside in (visitor, client_of(places.chloe), client_of(places.denis)):
        assert outside.get(path).status_code == 404
    shared = client_of(places.amina, shared=True)
    assert path not in shared.get(f"/meetings/{meeting}").page.links
    assert shared.get(path).status_code == 403
    with app.app_context():
        release_claim(places.bruno.actor, meeting)
    (off,) = entries(amina.get(path))
    assert (off["uid"], off["status"]) == (one["uid"], "CANCELLED")
    assert off["sequence"] > one["sequence"]


def test_programs_find_the_feeds(visitor: PageClient, places: Cast, shown: str) -> None:
    for page in ("/", "/houses/canal/slots"):
        found = [each.get("href") for each in visitor.get(page).page.all(".//head/link[@rel='alternate']")]
        assert sorted(found) == sorted(OPEN)
    assert set(OPEN) <= set(visitor.get("/houses/canal/slots").page.links)
    for path in OPEN:
        answer = visitor.get(path)
        assert answer.headers.getlist("Set-Cookie") == []
        assert answer.headers["Cache-Control"] == "no-cache, private"
        assert visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


# Half an hour on each side of the nights when a clock changes, and far from both.
NIGHTS = [
    (PARIS, date(2026, 10, 24)), (PARIS, date(2026, 10, 25)), (PARIS, date(2026, 10, 26)),
    (PARIS, date(2027, 3, 27)), (PARIS, date(2027, 3, 28)), (PARIS, date(2027, 3, 29)),
    (AUCKLAND, date(2026, 9, 26)), (AUCKLAND, date(2026, 9, 27)), (AUCKLAND, date(2026, 9, 28)),
    (AUCKLAND, date(2027, 4, 3)), (AUCKLAND, date(2027, 4, 4)), (AUCKLAND, date(2027, 4, 5)),
    (ZoneInfo("Pacific/Kiritimati"), date(2026, 12, 31)),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "day"), NIGHTS)
def test_the_zone_that_a_file_brings_along_is_right(
    app: Flask, visitor: PageClient, places: Cast, claimed: Claimed, monday: time_machine.Traveller,
    zone: ZoneInfo, day: date,
) -> None:  # fmt: skip
    """Read without any other knowledge of the zone than what stands in the file."""
    monday.move_to(datetime(day.year, day.month, day.day - 1 if day.day > 1 else 1, 0, 30, tzinfo=zone))
    with app.app_context(), transaction():
        house("canal").timezone = str(zone.key)
        house("canal").country = "XX"
    claimed(places.bruno, "tilleul", "salle-1", day, "18:30", public=True)
    data = visitor.get(OPEN[0]).get_data(as_text=True)
    assert f"DTSTART;TZID={zone.key}:{day:%Y%m%d}T183000" in data
    assert "COMMENT" not in data
    (told,) = calendar(visitor.get(OPEN[0])).walk("VTIMEZONE")
    moment = datetime(day.year, day.month, day.day, 18, 30, tzinfo=zone)
    assert told.to_tz(lookup_tzid=False).utcoffset(moment.replace(tzinfo=None)) == moment.utcoffset()


def test_other_programs_read_it_alike(
    app: Flask, visitor: PageClient, places: Cast, claimed: Claimed, tmp_path: Path
) -> None:
    claimed(places.bruno, "tilleul")
    claimed(places.bruno, "tilleul", "quai", date(2026, 11, 12), "18:30")
    with app.app_context():
        path = f"/calendar/{make_calendar(places.amina.actor)}.ics"
    answer = visitor.get(path)
    found = recurring_ical_events.of(calendar(answer)).between(date(2026, 11, 1), date(2026, 12, 1))
    assert [(each["dtstart"].dt, each["dtend"].dt) for each in found] == [
        (datetime(2026, 11, 10, 18, 30, tzinfo=PARIS), datetime(2026, 11, 10, 20, 30, tzinfo=PARIS)),
        (datetime(2026, 11, 12, 18, 30, tzinfo=AUCKLAND), datetime(2026, 11, 12, 20, 30, tzinfo=AUCKLAND)),
    ]
    assert khal(tmp_path, answer.data) == ["10.11.2026 18:30-20:30 Rendez-vous", "12.11.2026 06:30-08:30 Rendez-vous"]


def khal(folder: Path, data: bytes) -> list[str]:
    """What Debian's calendar program lists, on a clock in Paris."""
    program = shutil.which("khal")
    if program is None:
        cannot_run("khal, a calendar program, is not there (apt install khal)")
    store = folder / "store"
    store.mkdir()
    (folder / "config").write_text(
        f"[calendars]\n[[all]]\npath = {store}\n[locale]\nlocal_timezone = Europe/Paris\n"
        "default_timezone = Europe/Paris\n"
        "timeformat = %H:%M\ndateformat = %d.%m.\nlongdateformat = %d.%m.%Y\ndatetimeformat = %d.%m. %H:%M\n"
        f"longdatetimeformat = %d.%m.%Y %H:%M\n[sqlite]\npath = {folder / 'khal.db'}\n"
    )
    (folder / "in.ics").write_bytes(data)
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8", "XDG_CONFIG_HOME": str(folder)}

    def run(*words: str) -> str:
        line = [program, "-c", str(folder / "config"), *words]
        return subprocess.run(line, env=env, check=True, capture_output=True, text=True, timeout=60).stdout

    run("import", "--batch", "-a", "all", str(folder / "in.ics"))
    listed = run("list", "--day-format", "", "--format", "{start-date-long} {start-time}-{end-time} {title}",
                 "01.11.2026", "30d")  # fmt: skip
    return [line for line in listed.splitlines() if line]
