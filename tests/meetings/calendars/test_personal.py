"""A person's agenda at a secret address: what it says, what it never says, and how it ends."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.budgets import Asker
from app.accounts.leaving.actions import leave_for_good
from app.core.db import db, transaction
from app.core.errors import NotAllowed
from app.meetings.actions import answer_meeting
from app.meetings.agenda import Entry as Line
from app.meetings.agenda import sources
from app.meetings.calendars.actions import make_calendar
from app.meetings.calendars.models import CalendarKey
from app.meetings.tasks.actions import make_task
from app.rooms.actions import release_claim
from app.rooms.claims import move_claim
from app.rooms.models import Claim
from app.rooms.spans import lock_rooms
from tests.meetings.calendars.reading import calendar, entries
from tests.rooms.places import TUESDAY, room, slot
from tests.support import factories as make
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient
from tests.support.queries import Queries

Claimed = Callable[..., str]
Browser = Callable[..., PageClient]
PARIS, AUCKLAND = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Auckland")

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def address(app: Flask) -> Callable[[Person], str]:
    """The path of somebody's secret calendar, made anew."""

    def made(person: Person) -> str:
        with app.app_context():
            return f"/calendar/{make_calendar(person.actor)}.ics"

    return made


Address = Callable[[Person], str]


def test_every_entry_of_every_club_reads_the_same(
    visitor: PageClient, places: Cast, claimed: Claimed, address: Address
) -> None:
    claimed(places.bruno, "tilleul", public=True)
    claimed(places.dario, "romarin", "atelier", date(2026, 11, 12), "10:00", title="Entre nous")
    claimed(places.chloe, "glycine", "atelier", date(2026, 11, 13), "10:00", title="Pas pour elle")
    answer = visitor.get(address(places.amina))
    first, second = entries(answer)
    assert (first["summary"], second["summary"]) == ("Rendez-vous", "Rendez-vous")
    assert first["where"] == "Salle 1, 2e étage, Maison du Canal, 12, quai du Canal"
    assert first["start"] == datetime(2026, 11, 10, 18, 30, tzinfo=PARIS)
    assert first["end"] == datetime(2026, 11, 10, 20, 30, tzinfo=PARIS)
    assert [one["said"].split(" : ")[0] for one in (first, second)] == ["Mot de la porte"] * 2
    # But for the word of the door, which chance may draw as "hamac" or "club".
    lines = answer.get_data(as_text=True).replace("\r\n ", "").casefold().splitlines()
    text = "\n".join(line for line in lines if not line.startswith("description:")).replace("class:private", "")
    for name in ("tilleul", "romarin", "glycine", "relire", "entre nous", "trans", "ama", "bruno", "club", "public"):
        assert name not in text
    # All but time, place, word and id is the same: nothing tells which entries are of one club.
    same = ("summary", "dtstamp", "sequence", "status", "class")
    events = calendar(answer).walk("VEVENT")
    assert len({tuple(str(each[name].to_ical()) for name in same) for each in events}) == 1


def test_two_calendars_cannot_be_joined(
    visitor: PageClient, client_of: Browser, places: Cast, claimed: Claimed, address: Address
) -> None:
    meeting = claimed(places.bruno, "tilleul", public=True)
    paths = [address(places.amina), address(places.bruno), "/houses/canal/calendar.ics"]
    found = [entries(visitor.get(path))[0]["uid"] for path in paths]
    found += [
        entries(client_of(each).get(f"/meetings/{meeting}/calendar.ics"))[0]["uid"]
        for each in (places.amina, places.bruno)
    ]
    assert len(set(found)) == 5
    for uid in found:
        assert uid.endswith("@pepiniere")
        assert meeting not in uid


def test_an_entry_keeps_its_id_over_moves_and_a_release(
    app: Flask, visitor: PageClient, places: Cast, claimed: Claimed, address: Address, monday: time_machine.Traveller
) -> None:
    meeting, path = claimed(places.bruno, "tilleul"), address(places.amina)
    (before,) = entries(visitor.get(path))
    with app.app_context(), transaction():
        claim, other = db.session.get_one(Claim, meeting), slot("atelier", date(2026, 11, 12), "14:00")
        lock_rooms([room("salle-1"), other.room])
        move_claim(claim, room("salle-1"), other)
    (moved,) = entries(visitor.get(path))
    assert moved["uid"] == before["uid"]
    assert moved["sequence"] > before["sequence"] == 0
    assert moved["start"] == datetime(2026, 11, 12, 14, 0, tzinfo=PARIS)
    assert moved["where"].startswith("Atelier")
    with app.app_context():
        release_claim(places.bruno.actor, meeting)
    (off,) = entries(visitor.get(path))
    assert (off["uid"], off["status"], off["said"]) == (before["uid"], "CANCELLED", "")
    assert off["sequence"] > moved["sequence"]
    monday.move_to(datetime(2026, 11, 17, 9, tzinfo=PARIS))
    assert entries(visitor.get(path)) == []


def test_what_one_said_no_to_and_who_is_not_there(
    app: Flask, visitor: PageClient, places: Cast, claimed: Claimed, address: Address
) -> None:
    meeting, path = claimed(places.bruno, "tilleul"), address(places.amina)
    with app.app_context():
        answer_meeting(places.amina.actor, meeting, "no")
    assert entries(visitor.get(path)) == []
    with app.app_context():
        answer_meeting(places.amina.actor, meeting, "yes")
        with transaction():
            own = db.session.get_one(make.Membership, places.amina.memberships["tilleul"])
            own.paused_until = datetime(2026, 12, 1, tzinfo=PARIS)
    assert entries(visitor.get(path)) == []


def test_it_is_made_shown_once_renewed_and_closed_on_the_agenda(
    app: Flask, client_of: Browser, visitor: PageClient, places: Cast, claimed: Claimed
) -> None:
    claimed(places.bruno, "tilleul")
    amina = client_of(places.amina)
    assert "Un calendrier en ligne gardera ces heures." in amina.get("/agenda").page.main
    assert amina.submit("/agenda", action="/agenda/calendar").status_code == 303
    shown = amina.get("/agenda").page.by_id("new-calendar")
    assert shown is not None
    secret = shown.get("value", "").removeprefix(app.config["BASE_URL"])
    assert len(entries(visitor.get(secret))) == 1
    page = amina.get("/agenda").page
    assert page.by_id("new-calendar") is None
    assert "Votre adresse marche depuis le lundi 2 novembre" in page.main
    with app.app_context():
        stored = db.session.scalars(select(CalendarKey)).one()
        assert secret.split("/")[-1].removesuffix(".ics") not in (stored.id, stored.secret_hash)
    amina.submit("/agenda", action="/agenda/calendar")
    other = amina.get("/agenda").page.by_id("new-calendar")
    assert other is not None
    renewed = other.get("value", "").removeprefix(app.config["BASE_URL"])
    assert visitor.get(secret).status_code == 404
    assert len(entries(visitor.get(renewed))) == 1
    account = amina.get("/account").page
    assert "Une adresse secrète de votre agenda" in account.main
    assert amina.submit("/account", action="/agenda/calendar/end").location == "/agenda"
    assert visitor.get(renewed).status_code == 404
    assert "Une adresse secrète de votre agenda" not in amina.get("/account").page.main
    assert amina.send("/agenda/calendar/end", on="/agenda").status_code == 404


def test_an_address_that_opens_nothing_is_as_one_that_does_not_exist(
    app: Flask, visitor: PageClient, places: Cast, address: Address, queries: Callable[[], Any]
) -> None:
    old = address(places.amina)
    address(places.amina)

    def heard(path: str) -> tuple[int, list[Any], str, list[str]]:
        asked: Queries
        with queries() as asked:
            answer = visitor.get(path)
        said = [(name, value) for name, value in answer.headers if name != "Set-Cookie"]
        return answer.status_code, said, answer.page.main, list(asked)

    made_up = heard(f"/calendar/{'a' * 43}.ics")
    assert made_up[0] == 404
    assert heard(old) == made_up
    assert heard("/nowhere/at-all")[:3] == made_up[:3]
    assert visitor.get(f"/calendar/{'a' * 5000}.ics").status_code == 404


def test_it_answers_programs_sparingly_and_sets_no_cookie(
    visitor: PageClient,
    client_of: Browser,
    places: Cast,
    claimed: Claimed,
    address: Address,
    queries: Callable[[], Any],
) -> None:
    path = address(places.amina)
    counts = []
    # The Wednesday is a holiday.
    for days in (2, 3, 4):
        claimed(places.bruno, "tilleul", "salle-1", TUESDAY + timedelta(days=days), "10:00")
        with queries() as asked:
            answer = visitor.get(path)
        counts.append(len(asked))
    assert len(set(counts)) == 1
    for one in (answer, client_of(places.bruno).get(path)):
        assert one.headers.getlist("Set-Cookie") == []
        assert "private" in one.headers["Cache-Control"] or one.headers["Cache-Control"] == "no-store"
        assert one.data == answer.data
    again = visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    claimed(places.dario, "romarin", "atelier", TUESDAY, "10:00")
    fresh = visitor.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (fresh.status_code, len(entries(fresh))) == (200, 4)
    assert visitor.head(path).status_code == 200


def test_who_may_have_one(app: Flask, client_of: Browser, visitor: PageClient, places: Cast) -> None:
    shared = client_of(places.amina, shared=True)
    assert "Sur un appareil partagé" in shared.get("/agenda").page.main
    assert shared.send("/agenda/calendar", on="/agenda").status_code == 403
    assert client_of(places.denis).send("/agenda/calendar", on="/desk").status_code == 403
    with app.app_context(), pytest.raises(NotAllowed):
        make_calendar(places.denis.actor)


def test_it_goes_with_the_account_and_not_for_a_locked_one(
    app: Flask, visitor: PageClient, places: Cast, address: Address
) -> None:
    path, other = address(places.amina), address(places.bruno)
    with app.app_context():
        with transaction():
            db.session.get_one(make.Account, places.bruno.account_id).locked_at = datetime(2026, 11, 2, tzinfo=PARIS)
        leave_for_good(places.amina.actor, "blank", password=make.PASSWORD, asker=Asker("10.0.0.9"))
    assert visitor.get(path).status_code == 404
    assert visitor.get(other).status_code == 404
    with app.app_context():
        assert db.session.scalars(select(CalendarKey.account_id)).all() == [places.bruno.account_id]


def test_tasks_and_hours_stand_beside_the_meetings_and_tell_nothing(
    app: Flask, visitor: PageClient, places: Cast, address: Address
) -> None:
    mine, path = places.amina.memberships["tilleul"], address(places.amina)
    hour = Line(
        datetime(2026, 11, 5, 9, tzinfo=PARIS), datetime(2026, 11, 5, 9, 30, tzinfo=PARIS), "hour", "Avec Claire",
        "Bureau de Claire", "/help", "yes", house="Maison du Canal", ref="hour",
    )  # fmt: skip
    with app.app_context():
        make_task(places.amina.actor, "tilleul", "Rappeler la mairie", mine, date(2026, 11, 6))
        make_task(places.amina.actor, "tilleul", "Un jour", mine)
        make_task(places.bruno.actor, "tilleul", "Seulement proposé", mine, date(2026, 11, 7))
    sources.append(lambda _actor: [hour])
    try:
        answer = visitor.get(path)
    finally:
        sources.pop()
    task, booked = sorted(entries(answer), key=lambda one: one["where"])
    assert (task["start"], task["end"]) == (date(2026, 11, 6), date(2026, 11, 7))
    assert (task["where"], task["said"]) == ("", "")
    assert (booked["start"], booked["where"]) == (hour.start, "Maison du Canal")
    assert {one["summary"] for one in (task, booked)} == {"Rendez-vous"}
    text = answer.get_data(as_text=True).casefold()
    assert [name for name in ("mairie", "claire", "tilleul", "club", "proposé") if name in text] == []
