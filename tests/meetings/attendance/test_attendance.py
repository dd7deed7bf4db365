"""How many were there: a number, names only where the club chose so, read by who was in the club, and not for ever."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.clubs.models import Club
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound
from app.core.privacy import chapters
from app.core.retention import rule_named
from app.houses.models import JournalEntry
from app.meetings.actions import answer_meeting
from app.meetings.attendance.actions import choose_attendance, drop_own_name, note_attendance
from app.meetings.attendance.leaving import part_from_attendance
from app.meetings.attendance.models import Attendance, Attendee
from app.meetings.attendance.parts import announced_part
from app.meetings.attendance.queries import attendance_of
from app.meetings.queries import meeting_for
from app.rooms.actions import Wish, claim_slot, release_claim
from tests.rooms.places import TUESDAY, make_places, slot
from tests.support.cast import Cast, Person, make_person, membership
from tests.support.clients import PageClient

Browser = Callable[[Person], PageClient]
PARIS = ZoneInfo("Europe/Paris")
BEGINS = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, 18, 30, tzinfo=PARIS)
ENDS = BEGINS + timedelta(hours=2)
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(datetime(2026, 11, 9, 9, 0, tzinfo=PARIS), tick=False) as machine:
        yield machine


@pytest.fixture
def cast_here(clock: Any, app: Flask, cast: Cast) -> Cast:
    with app.app_context():
        make_places()
    return cast


@pytest.fixture
def meeting(app: Flask, cast_here: Cast, clock: Any) -> str:
    """Amina and Bruno said that they come; it has just begun."""
    with app.app_context():
        made = claim_slot(cast_here.bruno.actor, Wish(slot().id, "tilleul", "Relire son CV")).claim.id
        for person in (cast_here.amina, cast_here.bruno):
            answer_meeting(person.actor, made, "yes")
    clock.move_to(BEGINS)
    return made


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
    with transaction():
        part_from_attendance(cast_here.amina.memberships["tilleul"], "keep")
    assert seen(cast_here.bruno, meeting) == (7, (), False)


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
