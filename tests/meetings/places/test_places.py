"""A meeting elsewhere or online: who reads where, from when until when, and that it is gone afterwards."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs.actions import leave_club
from app.core.db import db, transaction
from app.core.errors import Gone, Invalid, NotAllowed, NotFound
from app.core.privacy import chapters
from app.meetings.actions import Plan, answer_meeting, cancel_meeting, change_meeting, plan_meeting
from app.meetings.calendars.queries import entry_of
from app.meetings.jobs import remind
from app.meetings.leaving import part_from_meetings, planned_rows
from app.meetings.models import Meeting
from app.meetings.places.actions import put_online, set_link
from app.meetings.places.jobs import forget_places
from app.meetings.places.models import MeetingPlace
from app.meetings.places.queries import place_for
from app.meetings.queries import agenda_for, meeting_for
from app.rooms.actions import Wish, claim_slot
from tests.meetings.places.conftest import ADDRESS, PARIS, PLAN, START, address_for, co_lead
from tests.rules.stage import free_slots
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.mailbox import Mailbox, words_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LINKS = "https://rencontre.example/pep-{code}"


@pytest.mark.usefixtures("context")
def test_only_leads_plan(cast_here: Cast) -> None:
    with pytest.raises(NotAllowed):
        plan_meeting(cast_here.amina.actor, "tilleul", PLAN)
    for outsider in (cast_here.chloe, cast_here.denis, cast_here.elise):
        with pytest.raises(NotFound):
            plan_meeting(outsider.actor, "tilleul", PLAN)
    assert db.session.scalars(select(MeetingPlace)).all() == []


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": " "}, "title"),
        ({"start": datetime(2027, 3, 22, 9, 0, tzinfo=PARIS)}, "start"),
        ({"end": START}, "end"),
        ({"seats": 0}, "seats"),
        ({"area": "x" * 81}, "area"),
        ({"address": "x" * 301}, "address"),
        ({"online": True}, "online"),
    ],
)
def test_what_cannot_be_planned(cast_here: Cast, change: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        plan_meeting(cast_here.bruno.actor, "tilleul", replace(PLAN, **change))
    assert refused.value.field == field


@pytest.mark.usefixtures("context")
def test_the_address_is_for_who_comes_a_day_before_and_after(cast_here: Cast, planned: str, clock: Any) -> None:
    make_person("nadia", tilleul="Nadia")
    amina, bruno = cast_here.amina, cast_here.bruno
    nadia = make_person("lou", tilleul="Lou")
    answer_meeting(amina.actor, planned, "yes")
    answer_meeting(nadia.actor, planned, "maybe")
    # A day is 24 hours, though the clock of the wall says 14:00 before and 15:00 after.
    for moment, seen in (
        (datetime(2027, 3, 27, 13, 59, 59, tzinfo=PARIS), ""),
        (datetime(2027, 3, 27, 14, 0, tzinfo=PARIS), ADDRESS),
        (datetime(2027, 3, 29, 17, 0, tzinfo=PARIS), ADDRESS),
        (datetime(2027, 3, 29, 17, 0, 1, tzinfo=PARIS), ""),
    ):
        clock.move_to(moment)
        db.session.expire_all()
        assert (address_for(amina, planned), address_for(nadia, planned), address_for(bruno, planned)) == (seen, "", "")
    with pytest.raises(NotFound):
        meeting_for(cast_here.chloe.actor, planned)


@pytest.mark.usefixtures("context")
def test_it_is_sealed_and_a_day_after_it_is_gone(cast_here: Cast, planned: str, clock: Any) -> None:
    (row,) = db.session.scalars(select(MeetingPlace))
    assert "Lilas" not in (row.address_sealed or "")
    clock.move_to(START + timedelta(hours=26))
    forget_places()
    assert len(db.session.scalars(select(MeetingPlace.meeting_id)).all()) == 1
    clock.move_to(START + timedelta(hours=26, seconds=1))
    forget_places()
    assert db.session.scalars(select(MeetingPlace.meeting_id)).all() == []


@pytest.mark.usefixtures("context")
def test_cancel_meeting(cast_here: Cast, planned: str, run_jobs: Any, mailbox: Mailbox) -> None:
    answer_meeting(cast_here.amina.actor, planned, "yes")
    with pytest.raises(NotAllowed):
        cancel_meeting(cast_here.amina.actor, planned)
    cancel_meeting(cast_here.bruno.actor, planned)
    run_jobs()
    assert [mail["Subject"] for mail in mailbox.mails()] == ["Le rendez-vous est annulé"]
    assert db.session.scalars(select(MeetingPlace.meeting_id)).all() == []
    assert agenda_for(cast_here.amina.actor) == []
    with pytest.raises(Gone):
        answer_meeting(cast_here.amina.actor, planned, "no")


@pytest.mark.usefixtures("context")
def test_neither_calendar_nor_reminder_says_where(
    cast_here: Cast, planned: str, clock: Any, run_jobs: Any, mailbox: Mailbox
) -> None:
    answer_meeting(cast_here.amina.actor, planned, "yes")
    entry = entry_of(meeting_for(cast_here.amina.actor, planned))
    assert (entry.title, entry.room, entry.word) == ("Rendez-vous", None, "")
    clock.move_to(datetime(2027, 3, 27, 18, 0, tzinfo=PARIS))
    remind()
    run_jobs()
    (mail,) = mailbox.mails()
    told = words_of(mail)
    assert mail["To"] == cast_here.amina.email
    assert [word for word in ("Lilas", "canal,", "Près", "Mot de la porte", "Tilleul", "parc") if word in told] == []


def test_the_pages(app: Flask, client_of: Callable[[Person], PageClient], cast_here: Cast, clock: Any) -> None:
    bruno, amina = client_of(cast_here.bruno), client_of(cast_here.amina)
    fields = {"title": "Au parc", "day": "2027-03-28", "start": "15:00", "end": "17:00"}
    assert bruno.send("/clubs/tilleul/meetings/new", fields, on="/clubs/tilleul/meetings/new").status_code == 422
    fields |= {"area": "Près du canal", "address": ADDRESS}
    made = bruno.send("/clubs/tilleul/meetings/new", fields, on="/clubs/tilleul/meetings/new")
    path = str(made.location)
    assert path.startswith("/meetings/")
    assert "Près du canal" in amina.get("/clubs/tilleul").page.main
    amina.send(f"{path}/answer", {"answer": "yes"}, on=path)
    assert "Lilas" not in amina.get(path).page.html
    clock.move_to(START - timedelta(hours=23))
    # Nobody stays signed in for so long.
    bruno, amina = client_of(cast_here.bruno), client_of(cast_here.amina)
    assert (ADDRESS in amina.get(path).page.main, "Lilas" in bruno.get(path).page.html) == (True, False)
    assert "Lilas" not in bruno.get(f"{path}/edit").page.html
    assert bruno.get(f"{path}/edit").page.by_id("start").get("value") == "15:00"
    assert "Annuler la rencontre ?" in bruno.get(f"{path}/cancel").page.h1.replace("\u202f", " ")
    assert bruno.send(f"{path}/cancel", {}, on=f"{path}/cancel").location == "/clubs/tilleul"
    assert "Cette rencontre est annulée." in amina.get(path).page.main
    assert bruno.get(f"{path}/edit").status_code == 410


@pytest.mark.usefixtures("context")
def test_a_link_for_who_comes(cast_here: Cast, clock: Any) -> None:
    for wrong in ("http://rencontre.example/{code}", "https://rencontre.example/", "https://a.b/{code}?x=1", "{code}"):
        with pytest.raises(Invalid):
            set_link(cast_here.elise.actor, "canal", wrong)
    with pytest.raises(NotAllowed):
        set_link(cast_here.denis.actor, "canal", LINKS)
    set_link(cast_here.elise.actor, "canal", LINKS)
    online = Plan("En ligne", START, START + timedelta(hours=1), online=True)
    first, other = (plan_meeting(cast_here.bruno.actor, "tilleul", online).id for _n in range(2))
    for meeting in (first, other):
        answer_meeting(cast_here.amina.actor, meeting, "yes")
    clock.move_to(START)
    links = [place_for(meeting_for(cast_here.amina.actor, meeting)).link for meeting in (first, other)]
    assert [len(link) for link in links] == [len(LINKS) - len("{code}") + 26] * 2
    assert links[0] != links[1]
    assert place_for(meeting_for(cast_here.bruno.actor, first)).link == ""
    # Nobody keeps a link that the house gives up.
    set_link(cast_here.elise.actor, "canal", "")
    assert place_for(meeting_for(cast_here.amina.actor, first)).link == ""


@pytest.mark.usefixtures("context")
def test_a_meeting_in_a_room_may_be_online_too(cast_here: Cast, clock: Any) -> None:
    claim = claim_slot(cast_here.bruno.actor, Wish(free_slots()[0], "tilleul", "Les deux")).claim
    with pytest.raises(Invalid):
        put_online(cast_here.bruno.actor, claim.id, online=True)
    set_link(cast_here.elise.actor, "canal", LINKS)
    with pytest.raises(NotAllowed):
        put_online(cast_here.amina.actor, claim.id, online=True)
    put_online(cast_here.bruno.actor, claim.id, online=True)
    answer_meeting(cast_here.amina.actor, claim.id, "yes")
    clock.move_to(claim.starts_at - timedelta(hours=1))
    assert place_for(meeting_for(cast_here.amina.actor, claim.id)).link.startswith("https://rencontre.example/pep-")
    put_online(cast_here.bruno.actor, claim.id, online=False)
    assert place_for(meeting_for(cast_here.amina.actor, claim.id)).link == ""


def test_the_address_is_in_the_archive_of_who_wrote_it_alone(app: Flask, cast_here: Cast, planned: str) -> None:
    with app.test_request_context():
        answer_meeting(cast_here.amina.actor, planned, "yes")
        read = [
            str([list(chapter.rows(person.account_id)) for chapter in chapters()])
            for person in (cast_here.amina, cast_here.bruno)
        ]
    assert [("Lilas" in each) for each in read] == [False, True]


def planned_of(person: Person) -> list[dict[str, Any]]:
    return [{key: value for key, value in row.items() if value} for row in planned_rows(person.account_id)]


@pytest.mark.usefixtures("context")
def test_each_word_is_of_who_wrote_it(cast_here: Cast, planned: str) -> None:
    """Another lead who says the title anew, or where in words, does not read an address that they never wrote."""
    lou, zoe = co_lead("Lou"), co_lead("Zoe")
    change_meeting(lou.actor, planned, replace(PLAN, title="Au bord", address=""))
    change_meeting(zoe.actor, planned, replace(PLAN, title="Au bord", area="Au pont", address=""))
    club, when = planned_of(lou)[0]["club"], {"start": PLAN.start, "end": PLAN.end}
    assert planned_of(lou) == [{"title": "Au bord", "club": club, **when}]
    assert planned_of(zoe) == [{"club": club, **when, "place": "Au pont"}]
    assert planned_of(cast_here.bruno) == [{"club": club, **when, "exact_address": ADDRESS}]
    change_meeting(lou.actor, planned, replace(PLAN, title="Au bord", area="Au pont", address="9 rue du Pont"))
    assert planned_of(cast_here.bruno) == []
    assert planned_of(lou) == [{"title": "Au bord", "club": club, **when, "exact_address": "9 rue du Pont"}]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("messages", "title", "area"), [("blank", "Rencontre", "Près du canal"), ("keep", "Au bord", "Près du canal")]
)
def test_an_address_goes_with_who_wrote_it(cast_here: Cast, planned: str, messages: Any, title: str, area: str) -> None:
    """However others changed the meeting since; and their words stay when its first author goes."""
    lou = co_lead("Lou")
    change_meeting(lou.actor, planned, replace(PLAN, title="Au bord", address=""))
    with transaction():
        part_from_meetings(lou.memberships["tilleul"], messages)
    meeting, place = db.session.get_one(Meeting, planned), db.session.get_one(MeetingPlace, planned)
    assert (meeting.title, meeting.area, place.address_sealed is None) == (title, area, False)
    with transaction():
        part_from_meetings(cast_here.bruno.memberships["tilleul"], messages)
    db.session.expire_all()
    assert (meeting.title, meeting.area) == (title, "" if messages == "blank" else area)
    assert (place.address_sealed, place.written_by_id, meeting.area_by_id) == (None, None, None)


@pytest.mark.usefixtures("context")
def test_who_has_left_reads_neither_when_nor_where(cast_here: Cast, planned: str) -> None:
    lou = co_lead("Lou")
    club = planned_of(cast_here.bruno)[0]["club"]
    leave_club(cast_here.bruno.actor, "tilleul")
    change_meeting(lou.actor, planned, replace(PLAN, start=START + timedelta(hours=1), address=""))
    assert planned_of(cast_here.bruno) == [{"title": "Au parc", "club": club}]
