"""Who has left a club learns from their archive nothing that it does since: whatever happens, it reads the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.clubs.actions import leave_club
from app.core.clock import now
from app.core.db import db, transaction
from app.core.privacy import chapters
from app.meetings.actions import Plan, answer_meeting, change_meeting, plan_meeting
from app.meetings.ballots.actions import Wish, close_ballot, open_ballot
from app.meetings.ballots.again import ask_again
from app.meetings.ballots.voting import Said, vote
from app.meetings.minutes.actions import pick_decision, pick_task, write_minutes
from app.meetings.paths.actions import add_goal, take_part
from app.meetings.paths.closing import Review, write_review
from app.meetings.paths.models import SessionGoal
from app.meetings.programme.actions import ask_thing, take_thing
from app.meetings.tasks.actions import finish_task, make_task, take_task
from app.rooms.models import Claim
from app.rooms.series.changes import move_part
from tests.rooms.places import MONDAY, TUESDAY, slot
from tests.rules.arranged import begin
from tests.rules.paths import sessions
from tests.support.cast import Cast, Person, make_person, membership

pytestmark = [pytest.mark.usefixtures("context"), pytest.mark.parametrize("engine", ["sqlite"], indirect=True)]
Claimed = Callable[..., str]
START = MONDAY + timedelta(days=3)
PLAN = Plan("Au parc", START, START + timedelta(hours=2), area="Près du canal")


def archive_of(person: Person) -> dict[str, str]:
    db.session.expire_all()
    return {chapter.name: str(list(chapter.rows(person.account_id))) for chapter in chapters()}


def test_the_archive_of_who_left_stops_there(places: Cast, claimed: Claimed, monday: time_machine.Traveller) -> None:
    bruno, nora = places.bruno.actor, make_person("nora", tilleul="Nora")
    made, begun = sessions(places), begin(places)["begun"]
    booked, planned = claimed(places.bruno, "tilleul"), plan_meeting(bruno, "tilleul", PLAN).id
    for meeting in (booked, planned):
        answer_meeting(nora.actor, meeting, "yes")
    write_minutes(nora.actor, begun, 0, "On garde la salle\nEt on appelle Paul")
    asked = make_task(nora.actor, "tilleul", "Rappeler la mairie").id
    held = make_task(bruno, "tilleul", "Imprimer", nora.memberships["tilleul"]).id
    take_task(nora.actor, held)
    things = [ask_thing(nora.actor, planned, "Un gâteau", mine=True).id, ask_thing(bruno, planned, "Du thé").id]
    take_thing(nora.actor, things[1])
    take_part(nora.actor, made["session"])
    add_goal(nora.actor, made["session"], "Un CV relu par tous")
    write_review(nora.actor, made["over_session"], Review("Nous avons ri.", "On continue.", [], 0))
    before = archive_of(nora)
    # There is something to leak.
    for name, words in {
        "tasks": "task_held",
        "programmes": "brings",
        "meetings": "2026",
        "session-goals": "False",
    }.items():
        assert words in before[name]

    leave_club(nora.actor, "tilleul")
    monday.shift(timedelta(hours=1))
    left = archive_of(nora)
    for name, words in {"tasks": "Rappeler", "programmes": "Un gâteau", "session-reviews": "Nous avons ri."}.items():
        assert words in left[name]
    assert ("task_held" in left["tasks"], "brings" in left["programmes"]) == (False, False)

    later = Plan("Au parc", START + timedelta(days=1), START + timedelta(days=1, hours=2), area="Près du canal")
    change_meeting(bruno, planned, later)
    move_part(bruno, booked, "this", slot("atelier", TUESDAY + timedelta(days=2)).id)
    pick_decision(bruno, begun, 1, 0)
    pick_task(bruno, begun, 1, 1)
    finish_task(bruno, asked)
    take_task(bruno, held)
    for thing in things:
        take_thing(bruno, thing)
    with transaction():
        db.session.scalars(select(SessionGoal).where(SessionGoal.text == "Un CV relu par tous")).one().reached = True
    write_review(bruno, made["over_session"], Review("Nous avons ri.\nBeaucoup.", "On continue.", [], 1))
    assert archive_of(nora) == left


def test_what_a_club_asks_anew_in_the_words_of_who_left_is_its_own(
    places: Cast, monday: time_machine.Traveller
) -> None:
    bruno, nora = places.bruno.actor, make_person("nora", tilleul="Nora")
    wish = Wish("choice", "Où allons-nous ?", options=("À la mer", "Au parc"), review_on=now().date())
    asked = open_ballot(nora.actor, "tilleul", wish).id
    vote(bruno, asked, Said(["1"]))
    close_ballot(bruno, asked)
    leave_club(nora.actor, "tilleul")
    left = archive_of(nora)
    assert left["questions"].count("Où allons-nous ?") == 1
    monday.shift(timedelta(hours=1))
    ask_again(bruno, asked)
    assert archive_of(nora) == left


def test_what_a_lead_booked_is_told_without_its_hour_once_they_left(places: Cast, claimed: Claimed) -> None:
    with transaction():
        membership(places.amina, "tilleul").role = "lead"
    title = db.session.get_one(Claim, claimed(places.bruno, "tilleul")).title
    assert title in archive_of(places.bruno)["bookings"]
    assert "datetime" in archive_of(places.bruno)["bookings"]
    leave_club(places.bruno.actor, "tilleul")
    assert title in archive_of(places.bruno)["bookings"]
    assert "datetime" not in archive_of(places.bruno)["bookings"]
