"""How many were there: a number, names only where the club chose so, read by who was in the club, and not for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound
from app.core.privacy import chapters
from app.core.retention import rule_named
from app.facilitation.pauses.actions import pause_member
from app.houses.models import JournalEntry
from app.meetings.attendance import live
from app.meetings.attendance.actions import choose_attendance, drop_own_name, note_attendance
from app.meetings.attendance.leaving import part_from_attendance
from app.meetings.attendance.models import Attendance, Attendee
from app.meetings.attendance.parts import announced_part
from app.meetings.attendance.queries import attendance_of, offered_at
from app.meetings.queries import meeting_for
from app.rooms.actions import release_claim
from tests.rooms.places import TUESDAY
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_person, membership
from tests.support.clients import PageClient
from tests.support.race import race

Browser = Callable[[Person], PageClient]
PARIS = ZoneInfo("Europe/Paris")
BEGINS = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, 18, 30, tzinfo=PARIS)
ENDS = BEGINS + timedelta(hours=2)
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def meeting(awaited: str, clock: Any) -> str:
    """It has just begun."""
    clock.move_to(BEGINS)
    return awaited


def seen(person: Person, meeting: str) -> tuple[int, tuple[str, ...], bool] | None:
    db.session.expire_all()
    found = attendance_of(meeting_for(person.actor, meeting))
    return (found.number, found.names, found.mine) if found else None


def ids(*people: Person) -> list[str]:
    return [person.memberships["tilleul"] for person in people]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


@pytest.mark.usefixtures("context")
def test_a_lead_notes_a_number_and_changes_it(cast_here: Cast, meeting: str) -> None:
    bruno = cast_here.bruno
    assert seen(cast_here.amina, meeting) is None
    note_attendance(bruno.actor, meeting, 7)
    note_attendance(bruno.actor, meeting, 8)
    assert seen(cast_here.amina, meeting) == (8, (), False)
    with pytest.raises(NotAllowed):
        note_attendance(cast_here.amina.actor, meeting, 3)
    for outsider in (cast_here.chloe, cast_here.denis, cast_here.elise):
        with pytest.raises(NotFound):
            note_attendance(outsider.actor, meeting, 3)
    assert [refusal(lambda n=n: note_attendance(bruno.actor, meeting, n)) for n in (-1, 501)] == [
        "number_out_of_range"
    ] * 2


@SQLITE
@pytest.mark.usefixtures("context")
def test_only_of_what_has_begun_and_took_place(cast_here: Cast, meeting: str, clock: Any) -> None:
    bruno = cast_here.bruno
    clock.move_to(BEGINS - timedelta(seconds=1))
    assert refusal(lambda: note_attendance(bruno.actor, meeting, 3)) == "meeting_not_begun"
    release_claim(bruno.actor, meeting)
    clock.move_to(BEGINS)
    with pytest.raises(Gone):
        note_attendance(bruno.actor, meeting, 3)


@pytest.mark.usefixtures("context")
def test_names_are_noted_where_the_club_chose_so(cast_here: Cast, meeting: str) -> None:
    amina, bruno = cast_here.amina, cast_here.bruno
    other = make_person("yanis", tilleul="Yanis")
    assert refusal(lambda: note_attendance(bruno.actor, meeting, 7, ids(amina))) == "names_off"
    with pytest.raises(NotAllowed):
        choose_attendance(amina.actor, "tilleul", named=True)
    choose_attendance(bruno.actor, "tilleul", named=True)
    choose_attendance(bruno.actor, "tilleul", named=True)
    note_attendance(bruno.actor, meeting, 7, ids(amina, bruno))
    assert seen(amina, meeting) == (7, ("Ama", "Bruno"), True)
    assert refusal(lambda: note_attendance(bruno.actor, meeting, 7, ids(other))) == "name_unknown"
    assert refusal(lambda: note_attendance(bruno.actor, meeting, 1, ids(amina, bruno))) == "number_too_small"
    drop_own_name(amina.actor, meeting)
    assert (seen(amina, meeting), seen(bruno, meeting)) == ((7, ("Bruno",), False), (7, ("Bruno",), True))
    with pytest.raises(NotFound):
        drop_own_name(amina.actor, meeting)
    choose_attendance(bruno.actor, "tilleul", named=False)
    assert (seen(amina, meeting), db.session.scalars(select(Attendee.meeting_id)).all()) == ((7, (), False), [])
    acts = db.session.execute(select(JournalEntry.act, JournalEntry.by_role, JournalEntry.by_id)).all()
    told = [tuple(each) for each in acts if each.act.startswith("attendance:")]
    assert told == [("attendance:named", "lead", None), ("attendance:counted", "lead", None)]


@SQLITE
@pytest.mark.usefixtures("context")
def test_who_comes_after_does_not_see_the_past(cast_here: Cast, meeting: str, clock: Any) -> None:
    during, after = (ENDS - timedelta(minutes=1), ENDS)
    found = []
    for moment, name in ((during, "Lou"), (after, "Zoe")):
        clock.move_to(moment)
        person = make_person(name.lower(), tilleul=name)
        clock.move_to(ENDS + timedelta(hours=1))
        note_attendance(cast_here.bruno.actor, meeting, 5)
        found.append(seen(person, meeting))
    assert found == [(5, (), False), None]


@SQLITE
@pytest.mark.usefixtures("context")
def test_the_club_is_told_for_a_week_that_names_are_noted(cast_here: Cast, clock: Any) -> None:
    club = db.session.get_one(Club, cast_here.clubs["tilleul"])
    amina = membership(cast_here.amina, "tilleul")
    found = [announced_part(cast_here.amina.actor, club, amina) is not None]
    choose_attendance(cast_here.bruno.actor, "tilleul", named=True)
    for moment in (datetime(2026, 11, 16, 9, 0, tzinfo=PARIS), datetime(2026, 11, 16, 9, 0, 1, tzinfo=PARIS)):
        clock.move_to(moment)
        found.append(announced_part(cast_here.amina.actor, club, amina) is not None)
    assert found == [False, True, False]


@pytest.mark.usefixtures("context")
def test_names_are_kept_three_months_and_the_number_as_long_as_messages(
    cast_here: Cast, meeting: str, clock: Any
) -> None:
    choose_attendance(cast_here.bruno.actor, "tilleul", named=True)
    note_attendance(cast_here.bruno.actor, meeting, 7, ids(cast_here.amina))
    left = []
    for moment in (
        datetime(2027, 2, 10, 20, 30, tzinfo=PARIS),
        datetime(2027, 2, 10, 20, 30, 1, tzinfo=PARIS),
        datetime(2027, 11, 10, 20, 30, tzinfo=PARIS),
        datetime(2027, 11, 10, 20, 30, 1, tzinfo=PARIS),
    ):
        clock.move_to(moment)
        for name in ("attendance:numbers", "attendance:names"):
            rule_named(name).purge(moment)
        left.append([len(db.session.scalars(select(table.meeting_id)).all()) for table in (Attendance, Attendee)])
    assert left == [[1, 1], [1, 0], [1, 0], [0, 0]]


@pytest.mark.usefixtures("context")
def test_a_name_is_taken_away_and_goes_with_its_person(cast_here: Cast, meeting: str) -> None:
    choose_attendance(cast_here.bruno.actor, "tilleul", named=True)
    note_attendance(cast_here.bruno.actor, meeting, 7, ids(cast_here.amina))
    (chapter,) = [each for each in chapters() if each.name == "attended"]
    rows = {person.key: chapter.rows(person.account_id) for person in (cast_here.amina, cast_here.bruno)}
    assert [[row["start"] for row in rows[key]] for key in ("amina", "bruno")] == [[BEGINS], []]
    drop_own_name(cast_here.amina.actor, meeting)
    (dropped,) = chapter.rows(cast_here.amina.account_id)
    assert (rows["amina"][0]["dropped"], dropped["dropped"]) == (False, True)
    with transaction():
        part_from_attendance(cast_here.amina.memberships["tilleul"], "keep")
    assert seen(cast_here.bruno, meeting) == (7, (), False)
    assert db.session.scalars(select(Attendee.membership_id)).all() == []


@pytest.mark.usefixtures("context")
def test_nobody_puts_back_a_name_that_its_person_took_off(cast_here: Cast, meeting: str) -> None:
    amina, bruno = cast_here.amina, cast_here.bruno
    choose_attendance(bruno.actor, "tilleul", named=True)
    note_attendance(bruno.actor, meeting, 7, ids(amina, bruno))
    drop_own_name(amina.actor, meeting)
    # A form that was open meanwhile still has both.
    assert refusal(lambda: note_attendance(bruno.actor, meeting, 7, ids(amina, bruno))) == "name_unknown"
    assert [name for _id, name in offered_at(meeting)] == ["Bruno"]
    note_attendance(bruno.actor, meeting, 8, ids(bruno))
    assert refusal(lambda: note_attendance(bruno.actor, meeting, 8, ids(amina))) == "name_unknown"
    assert (seen(amina, meeting), seen(bruno, meeting)) == ((8, ("Bruno",), False), (8, ("Bruno",), True))
    with pytest.raises(NotFound):
        drop_own_name(amina.actor, meeting)


def at_once(barrier: Any, url: str, act: str, person: Person, meeting: str, names: list[str]) -> str:
    with time_machine.travel(ENDS), make_app(url).app_context():
        barrier.wait()
        try:
            if act == "drop":
                drop_own_name(person.actor, meeting)
            else:
                note_attendance(person.actor, meeting, 7, names)
        except DomainError as error:
            return error.code
        return act


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_a_name_taken_off_while_a_lead_notes_it_stays_off(app: Flask, cast_here: Cast, meeting: str) -> None:
    url, amina, bruno = app.config["SQLALCHEMY_DATABASE_URI"], cast_here.amina, cast_here.bruno
    with app.app_context():
        choose_attendance(bruno.actor, "tilleul", named=True)
        note_attendance(bruno.actor, meeting, 7, ids(amina, bruno))
        db.session.remove()
    crowd = [(url, act, person, meeting, ids(amina, bruno)) for act, person in (("drop", amina), ("note", bruno))]
    dropped, noted = race(at_once, *crowd)
    assert (dropped, noted in ("note", "name_unknown")) == ("drop", True)
    with app.test_request_context():
        assert seen(bruno, meeting) == (7, ("Bruno",), True)


def pause(cast: Cast, person: Person) -> None:
    pause_member(cast.bruno.actor, person.memberships["tilleul"], now() + timedelta(days=1), "1", "Des mots durs.")


@pytest.mark.usefixtures("context")
def test_who_is_on_pause_stays_noted_and_takes_their_name_off(cast_here: Cast, meeting: str) -> None:
    amina, bruno = cast_here.amina, cast_here.bruno
    choose_attendance(bruno.actor, "tilleul", named=True)
    note_attendance(bruno.actor, meeting, 7, ids(amina, bruno))
    pause(cast_here, amina)
    note_attendance(bruno.actor, meeting, 8, [])
    assert seen(bruno, meeting) == (8, ("Ama",), False)
    drop_own_name(amina.actor, meeting)
    assert seen(bruno, meeting) == (8, (), False)


@SQLITE
def test_on_pause_a_name_comes_off_on_the_page_of_the_club(
    app: Flask, client_of: Browser, cast_here: Cast, meeting: str
) -> None:
    with app.test_request_context():
        choose_attendance(cast_here.bruno.actor, "tilleul", named=True)
        note_attendance(cast_here.bruno.actor, meeting, 7, ids(cast_here.amina))
        pause(cast_here, cast_here.amina)
    amina, path = client_of(cast_here.amina), f"/meetings/{meeting}"
    assert amina.get(path).status_code == 404
    shown = amina.get("/clubs/tilleul").page
    assert ("mardi 10 novembre" in shown.main, "Relire son CV" in shown.html) == (True, False)
    said = amina.send(f"{path}/attendance/leave", {}, on="/clubs/tilleul")
    assert said.location == "/clubs/tilleul"
    after = amina.get("/clubs/tilleul").page
    assert ("Votre nom est enlevé." in after.main, "attendance/leave" in after.html) == (True, False)


@SQLITE
@pytest.mark.parametrize(("late", "offers", "said"), [(0, 2, ""), (1, 0, "names_off")])
def test_no_names_of_what_began_before_the_club_chose_them(
    app: Flask, client_of: Browser, cast_here: Cast, meeting: str, clock: Any, late: int, offers: int, said: str
) -> None:
    bruno, path, found = cast_here.bruno, f"/meetings/{meeting}/attendance", ""
    clock.move_to(BEGINS + timedelta(seconds=late))
    with app.test_request_context():
        choose_attendance(bruno.actor, "tilleul", named=True)
        try:
            note_attendance(bruno.actor, meeting, 7, ids(bruno))
        except DomainError as error:
            found = error.code
    boxes = client_of(bruno).get(path).page.all(".//input[@name='names']")
    assert (found, len(boxes)) == (said, offers)
    assert client_of(bruno).submit(path, {"number": "7"}).status_code == 303


@SQLITE
def test_a_lead_who_came_after_neither_reads_nor_notes_the_past(
    app: Flask, client_of: Browser, cast_here: Cast, meeting: str, clock: Any
) -> None:
    path, found = f"/meetings/{meeting}", []
    for moment, name in ((ENDS - timedelta(minutes=1), "Lou"), (ENDS, "Zoe")):
        clock.move_to(moment)
        with app.test_request_context():
            person = make_person(name.lower(), tilleul=name)
            with transaction():
                membership(person, "tilleul").role = "lead"
        clock.move_to(ENDS + timedelta(hours=1))
        lead = client_of(person)
        page = lead.get(path).page
        noted = ""
        with app.test_request_context():
            try:
                note_attendance(person.actor, meeting, 5)
            except NotFound:
                noted = "not found"
        names = "Avaient dit oui : Ama, Bruno." in page.main
        found.append((names, f"{path}/attendance" in page.links, lead.get(f"{path}/attendance").status_code, noted))
    assert found == [(True, True, 200, ""), (False, False, 404, "not found")]


@SQLITE
@pytest.mark.usefixtures("context")
def test_the_log_names_no_meeting_that_is_over(cast_here: Cast, meeting: str, clock: Any) -> None:
    note_attendance(cast_here.bruno.actor, meeting, 7)
    club, told = db.session.get_one(Club, cast_here.clubs["tilleul"]), []
    for moment in (ENDS - timedelta(seconds=1), ENDS):
        clock.move_to(moment)
        told.append({key: shown.data for key, shown in live._attended(club, [meeting]).items()})
    assert told == [{meeting: {"meeting": meeting}}, {}]


@SQLITE
def test_attendance_by_plain_forms(client_of: Browser, cast_here: Cast, meeting: str) -> None:
    amina, bruno, path = client_of(cast_here.amina), client_of(cast_here.bruno), f"/meetings/{meeting}"
    assert f"{path}/attendance" not in amina.get(path).page.links
    assert f"{path}/attendance" in bruno.get(path).page.links
    wrong = bruno.submit(f"{path}/attendance", {"number": "beaucoup"})
    assert (wrong.status_code, "Écrivez un nombre, de 0 à 500." in wrong.page.main) == (422, True)
    assert wrong.page.all(".//input[@name='names']") == []
    assert bruno.submit(f"{path}/attendance", {"number": "7"}).location == f"{path}#attendance"
    assert "Nous étions 7." in amina.get(path).page.main
    assert "Aucun nom." in amina.get("/clubs/tilleul").page.main
    assert bruno.submit("/clubs/tilleul/attendance", {"named": "yes"}).location == "/clubs/tilleul"
    assert "ce club note les noms" in amina.get("/clubs/tilleul").page.main
    note = bruno.send(f"{path}/attendance", {"number": "2", "names": ids(cast_here.amina)[0]}, on=f"{path}/attendance")
    assert note.status_code == 303
    assert "Étaient là : Ama." in amina.get(path).page.main
    amina.send(f"{path}/attendance/leave", {}, on=path)
    assert "Étaient là" not in amina.get(path).page.main


@SQLITE
@pytest.mark.usefixtures("context")
def test_a_name_of_elsewhere_is_refused(cast_here: Cast, meeting: str) -> None:
    choose_attendance(cast_here.bruno.actor, "tilleul", named=True)
    with pytest.raises(Invalid):
        note_attendance(cast_here.bruno.actor, meeting, 7, [cast_here.chloe.memberships["glycine"]])
