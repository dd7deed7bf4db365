"""The day of a meeting: who is on their way, that it stands elsewhere, who reads it, and that its end ends it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs.actions import leave_club
from app.clubs.models import Change
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, TooMany
from app.core.privacy import chapters
from app.meetings.actions import Plan, answer_meeting, cancel_meeting, change_meeting, plan_meeting
from app.meetings.models import Meeting
from app.meetings.queries import meeting_for
from app.meetings.today.actions import move_back, move_meeting, say_on_way
from app.meetings.today.jobs import forget_days
from app.meetings.today.leaving import part_from_day
from app.meetings.today.models import Arrival
from app.meetings.today.queries import day_of
from app.rooms.actions import Wish, claim_slot
from tests.rooms.places import TUESDAY, slot
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.mailbox import Mailbox, words_of

Browser = Callable[[Person], PageClient]
PARIS = ZoneInfo("Europe/Paris")
DAY = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, tzinfo=PARIS)
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def meeting(awaited: str, clock: Any) -> str:
    """It is that day at noon."""
    clock.move_to(DAY + timedelta(hours=12))
    return awaited


def seen(person: Person, meeting: str) -> tuple[int, int, str] | None:
    db.session.expire_all()
    day = day_of(meeting_for(person.actor, meeting))
    return (day.on_way, day.late, day.mine) if day else None


def newcomer() -> Person:
    return make_person("yanis", tilleul="Yanis")


@pytest.mark.usefixtures("context")
def test_who_comes_says_that_they_are_on_their_way_and_takes_it_back(cast_here: Cast, meeting: str) -> None:
    amina, bruno = cast_here.amina, cast_here.bruno
    assert seen(amina, meeting) == (0, 0, "")
    say_on_way(amina.actor, meeting, "way")
    say_on_way(amina.actor, meeting, "way")
    say_on_way(bruno.actor, meeting, "late")
    assert (seen(amina, meeting), seen(bruno, meeting)) == ((2, 1, "way"), (2, 1, "late"))
    say_on_way(bruno.actor, meeting, "way")
    assert seen(bruno, meeting) == (2, 0, "way")
    say_on_way(amina.actor, meeting, "none")
    assert (seen(amina, meeting), seen(bruno, meeting)) == ((1, 0, ""), (1, 0, "way"))


@pytest.mark.usefixtures("context")
def test_the_log_does_not_know_when_somebody_set_out(cast_here: Cast, meeting: str) -> None:
    known = db.session.scalars(select(Change.seq)).all()
    for how in ("way", "late", "none"):
        say_on_way(cast_here.amina.actor, meeting, how)
    assert db.session.scalars(select(Change.seq)).all() == known
    move_meeting(cast_here.bruno.actor, meeting, "Salle 2")
    told = db.session.scalars(select(Change.kind).where(Change.seq > max(known))).all()
    assert told == ["meeting:moved"]


@SQLITE
@pytest.mark.usefixtures("context")
def test_only_who_comes_says_it_and_reads_the_number(cast_here: Cast, meeting: str) -> None:
    other = newcomer()
    say_on_way(cast_here.amina.actor, meeting, "way")
    for answer in (None, "maybe", "no"):
        if answer:
            answer_meeting(other.actor, meeting, answer)
        with pytest.raises(DomainError) as refused:
            say_on_way(other.actor, meeting, "way")
        assert (refused.value.code, seen(other, meeting)) == ("not_coming", None)
    for outsider in (cast_here.chloe, cast_here.denis, cast_here.elise):
        with pytest.raises(NotFound):
            say_on_way(outsider.actor, meeting, "way")
    with pytest.raises(Invalid):
        say_on_way(cast_here.amina.actor, meeting, "fast")


@SQLITE
@pytest.mark.usefixtures("context")
def test_who_comes_no_more_is_not_counted(cast_here: Cast, meeting: str) -> None:
    for person in (cast_here.amina, cast_here.bruno):
        say_on_way(person.actor, meeting, "way")
    answer_meeting(cast_here.bruno.actor, meeting, "no")
    assert seen(cast_here.amina, meeting) == (1, 0, "way")


@SQLITE
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (DAY - timedelta(seconds=1), "not_today"),
        (DAY, ""),
        (DAY + timedelta(hours=20, minutes=29), ""),
        (DAY + timedelta(hours=20, minutes=30), "meeting_past"),
    ],
)
def test_it_is_said_from_midnight_until_the_end(
    cast_here: Cast, meeting: str, clock: Any, moment: datetime, code: str
) -> None:
    clock.move_to(moment)
    acts = (
        lambda: say_on_way(cast_here.amina.actor, meeting, "way"),
        lambda: move_meeting(cast_here.bruno.actor, meeting, "Salle 2"),
    )
    found = []
    for act in acts:
        try:
            act()
            found.append("")
        except DomainError as error:
            found.append(error.code)
    assert found == [code, code]


@pytest.mark.usefixtures("context")
def test_a_lead_says_where_it_stands_and_who_comes_is_told_without_the_place(
    cast_here: Cast, meeting: str, run_jobs: Any, mailbox: Mailbox
) -> None:
    other = newcomer()
    with pytest.raises(NotAllowed):
        move_meeting(cast_here.amina.actor, meeting, "Salle 2")
    with pytest.raises(NotFound):
        move_meeting(cast_here.chloe.actor, meeting, "Salle 2")
    for wrong in ("", " ", "x" * 81, None):
        with pytest.raises(Invalid):
            move_meeting(cast_here.bruno.actor, meeting, wrong)
    move_meeting(cast_here.bruno.actor, meeting, "Devant la porte du Tilleul")
    move_meeting(cast_here.bruno.actor, meeting, "Devant la porte du Tilleul")
    run_jobs()
    mails = mailbox.mails()
    assert sorted(mail["To"] for mail in mails) == sorted([cast_here.amina.email, cast_here.bruno.email])
    words = words_of(mails[0]).replace("\u00a0", " ").replace("\u202f", " ")
    assert words.startswith("Un rendez-vous de votre agenda est déplacé : mardi 10 novembre, à 18 h 30.")
    assert [word for word in ("porte", "Tilleul", "CV") if word in words + str(mails[0]["Subject"])] == []
    db.session.expire_all()
    read = [meeting_for(person.actor, meeting).moved_to for person in (cast_here.amina, other)]
    assert read == ["Devant la porte du Tilleul"] * 2
    move_back(cast_here.bruno.actor, meeting)
    assert meeting_for(cast_here.amina.actor, meeting).moved is False
    run_jobs()
    assert len(mailbox.mails()) == 2


@SQLITE
@pytest.mark.usefixtures("context")
def test_nobody_is_written_to_all_the_time(cast_here: Cast, meeting: str) -> None:
    with pytest.raises(TooMany):
        for number in range(9):
            move_meeting(cast_here.bruno.actor, meeting, f"Salle {number}")


@SQLITE
@pytest.mark.usefixtures("context")
def test_outside_the_rooms_the_place_is_for_who_comes(cast_here: Cast, clock: Any) -> None:
    plan = Plan("Au café", DAY + timedelta(hours=15), DAY + timedelta(hours=17), area="Près du marché")
    made = plan_meeting(cast_here.bruno.actor, "tilleul", plan).id
    other = newcomer()
    answer_meeting(cast_here.amina.actor, made, "yes")
    clock.move_to(DAY + timedelta(hours=12))
    move_meeting(cast_here.bruno.actor, made, "Chez Nadia, 3 rue des Lilas")
    db.session.expire_all()
    views = [meeting_for(person.actor, made) for person in (cast_here.amina, other, cast_here.bruno)]
    place = "Chez Nadia, 3 rue des Lilas"
    assert [(view.moved, view.moved_to) for view in views] == [(True, place), (True, ""), (True, place)]


@pytest.mark.usefixtures("context")
def test_the_end_of_the_meeting_ends_it(cast_here: Cast, meeting: str, clock: Any) -> None:
    say_on_way(cast_here.amina.actor, meeting, "way")
    move_meeting(cast_here.bruno.actor, meeting, "Salle 2")
    left = []
    for minute in (29, 30):
        clock.move_to(DAY + timedelta(hours=20, minutes=minute))
        forget_days()
        db.session.expire_all()
        row = db.session.get_one(Meeting, meeting)
        left.append((len(db.session.scalars(select(Arrival.late)).all()), row.moved_to, row.moved_by_id is not None))
    assert left == [(1, "Salle 2", True), (0, "", False)]


@SQLITE
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("how", ["another time", "off"])
def test_another_day_begins_anew(cast_here: Cast, clock: Any, how: str) -> None:
    plan = Plan("Au café", DAY + timedelta(hours=15), DAY + timedelta(hours=17), area="Près du marché")
    made = plan_meeting(cast_here.bruno.actor, "tilleul", plan).id
    answer_meeting(cast_here.amina.actor, made, "yes")
    clock.move_to(DAY + timedelta(hours=12))
    say_on_way(cast_here.amina.actor, made, "late")
    move_meeting(cast_here.bruno.actor, made, "Salle 2")
    if how == "off":
        cancel_meeting(cast_here.bruno.actor, made)
        with pytest.raises(Gone):
            say_on_way(cast_here.amina.actor, made, "way")
    else:
        later = Plan("Au café", DAY + timedelta(hours=16), DAY + timedelta(hours=17), area="Près du marché")
        change_meeting(cast_here.bruno.actor, made, later)
    db.session.expire_all()
    assert db.session.scalars(select(Arrival.late)).all() == []
    assert db.session.get_one(Meeting, made).moved_to == ""


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(("messages", "place"), [("blank", ""), ("keep", "Salle 2")])
def test_what_a_person_said_of_the_day_goes_with_them(cast_here: Cast, meeting: str, messages: Any, place: str) -> None:
    bruno = cast_here.bruno
    say_on_way(bruno.actor, meeting, "late")
    move_meeting(bruno.actor, meeting, "Salle 2")
    (chapter,) = [each for each in chapters() if each.name == "day"]
    names = {row["club"] for row in chapter.rows(bruno.account_id)}
    assert [{k: v for k, v in row.items() if k != "club"} for row in chapter.rows(bruno.account_id)] == [
        {"what": "on_way", "late": True}, {"what": "moved", "place": "Salle 2"},
    ]  # fmt: skip
    assert (len(names), chapter.rows(cast_here.amina.account_id)) == (1, [])
    with transaction():
        part_from_day(bruno.memberships["tilleul"], messages)
    db.session.expire_all()
    row = db.session.get_one(Meeting, meeting)
    assert (db.session.scalars(select(Arrival.late)).all(), row.moved_to, row.moved_by_id) == ([], place, None)


@SQLITE
@pytest.mark.usefixtures("context")
def test_who_has_left_is_not_waited_for(cast_here: Cast, meeting: str) -> None:
    say_on_way(cast_here.amina.actor, meeting, "way")
    leave_club(cast_here.amina.actor, "tilleul")
    assert seen(cast_here.bruno, meeting) == (0, 0, "")


@SQLITE
def test_the_day_by_plain_forms(client_of: Browser, cast_here: Cast, meeting: str) -> None:
    amina, bruno, path = client_of(cast_here.amina), client_of(cast_here.bruno), f"/meetings/{meeting}"
    said = amina.send(f"{path}/way", {"how": "late"}, on=path)
    assert said.location == f"{path}#today"
    shown = amina.get(path).page
    assert [each.get("data-refresh") for each in shown.all(".//*[@id='today']")] == ["60"]
    assert "1 personne est en route. 1 en retard." in shown.main
    assert [each.get("value") for each in shown.all(".//button[@name='how']")] == ["way", "none"]
    assert f"{path}/moved" not in shown.links
    assert f"{path}/moved" in bruno.get(path).page.links
    again = bruno.submit(f"{path}/moved", {"place": ""})
    assert (again.status_code, "Dites où, en quelques mots." in again.page.main) == (422, True)
    assert bruno.submit(f"{path}/moved", {"place": "Devant la porte"}).location == f"{path}#today"
    for there in (path, "/agenda"):
        assert "La rencontre est déplacée. Devant la porte" in amina.get(there).page.main
    bruno.send(f"{path}/moved/back", {}, on=path)
    assert "déplacée" not in amina.get(path).page.main


@SQLITE
def test_from_outside_it_moved_and_nothing_more(
    app: Flask, client_of: Browser, visitor: PageClient, cast_here: Cast, clock: Any
) -> None:
    with app.app_context():
        opened = Wish(slot().id, "tilleul", "Venez voir", public=True)
        made = claim_slot(cast_here.bruno.actor, opened).claim.id
    clock.move_to(DAY + timedelta(hours=12))
    with app.test_request_context():
        move_meeting(cast_here.bruno.actor, made, "Au fond du jardin")
    for door in (visitor, client_of(cast_here.chloe), client_of(cast_here.denis)):
        page = door.get(f"/meetings/{made}").page
        assert "La rencontre est déplacée. Demandez où à l’accueil." in page.main
        assert "jardin" not in page.html
