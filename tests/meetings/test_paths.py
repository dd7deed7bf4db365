"""A session as a path: goals and places while it is under way, the review at its end, then another one or a rest."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.clubs.actions import join_club
from app.clubs.live import changes_since
from app.clubs.models import Change, Membership
from app.clubs.partings import Messages, parting
from app.clubs.queries import seat_for
from app.core.db import db, transaction
from app.core.errors import Invalid, NotAllowed, NotFound, Taken, TooMany
from app.meetings.actions import answer_meeting
from app.meetings.models import Rsvp
from app.meetings.paths import actions, closing
from app.meetings.paths.closing import Review, ReviewChanged
from app.meetings.paths.leaving import part_from_paths, review_rows
from app.meetings.paths.models import ReviewLine, SessionGoal, SessionPath, SessionSeat
from app.meetings.paths.queries import path_for
from app.pages.desk.cues import look_at_clubs
from app.pages.desk.models import ClubCue
from app.rooms.models import MeetingSession, Room
from app.rooms.sessions.queries import request_for
from tests.rooms.places import MONDAY, club
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.page import text_of

Claimed = Callable[..., str]
Browser = Callable[..., PageClient]
PARIS = ZoneInfo("Europe/Paris")
ID = "s" * 26
LAST_DAY, AFTER = datetime(2026, 11, 18, 18, 45, tzinfo=PARIS), datetime(2026, 11, 19, 9, tzinfo=PARIS)

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def meetings(app: Flask, places: Cast, claimed: Claimed) -> list[str]:
    """A session of Tilleul: three evenings, a week apart."""
    days = [date(2026, 11, day) for day in (4, 10, 18)]
    found = [claimed(places.bruno, "tilleul", "salle-1" if day.day != 10 else "atelier", day, "18:30") for day in days]
    with app.app_context(), transaction():
        db.session.add(MeetingSession(id=ID, club_id=places.clubs["tilleul"], name="Trois soirs", granted_at=MONDAY))
        db.session.flush()
        db.session.execute(db.text("UPDATE claim SET session_id = :id"), {"id": ID})
    return found


def answers(person: Person) -> list[str]:
    mine = select(Rsvp.answer).where(Rsvp.membership_id == person.memberships["tilleul"])
    return sorted(db.session.scalars(mine))


def refused(error: type[Any], act: Callable[[], Any]) -> str:
    with pytest.raises(error) as found:
        act()
    db.session.rollback()
    return str(found.value.code)


def test_the_first_and_the_last_meeting_bear_a_word(
    client_of: Browser, places: Cast, meetings: list[str], monday: time_machine.Traveller
) -> None:
    amina = client_of(places.amina)
    page = amina.get(f"/sessions/{ID}").page
    assert (page.h1, page.title) == ("Trois soirs", "Session – Club Tilleul – Maison du Canal")
    steps = [text_of(each) for each in page.all(".//ol[@class='path']/li")]
    assert steps == ["4 nov.Cercle de départ (prochaine rencontre)", "10 nov.", "18 nov.Bilan"]
    assert [link for link in page.links if link.startswith("/meetings/")] == [f"/meetings/{each}" for each in meetings]
    on_club = amina.get("/clubs/tilleul").page
    assert [text_of(each) for each in on_club.all(".//ol[@class='path']/li")] == steps
    assert f"/sessions/{ID}" in on_club.links


def test_goals_are_five_lines_of_the_members(app: Flask, places: Cast, meetings: list[str]) -> None:
    amina, bruno = places.amina.actor, places.bruno.actor
    with app.app_context():
        first = actions.add_goal(amina, ID, "  Un CV   relu ")
        assert (first.text, first.number) == ("Un CV relu", 1)
        rest = [actions.add_goal(bruno, ID, f"But {number}") for number in range(2, 6)]
        assert refused(Taken, lambda: actions.add_goal(amina, ID, "Un de trop")) == "goals_full"
        assert refused(Invalid, lambda: actions.add_goal(amina, ID, " ")) == "text_empty"
        refused(NotAllowed, lambda: actions.remove_goal(amina, ID, rest[0].id))
        actions.remove_goal(bruno, ID, first.id)
        again = actions.add_goal(amina, ID, "Un autre")
        assert again.number == 1
        actions.remove_goal(amina, ID, again.id)
        refused(NotFound, lambda: actions.remove_goal(amina, ID, again.id))
        kinds = db.session.scalars(select(Change.kind).where(Change.subject_id == ID)).all()
        assert kinds == ["session:changed"] * 8


def test_who_takes_part_says_yes_to_what_is_to_come(
    app: Flask, places: Cast, meetings: list[str], monday: time_machine.Traveller
) -> None:
    amina = places.amina.actor
    with app.app_context():
        answer_meeting(amina, meetings[2], "no")
        monday.move_to(datetime(2026, 11, 5, 9, tzinfo=PARIS))
        actions.take_part(amina, ID)
        actions.take_part(amina, ID)
        assert answers(places.amina) == ["yes", "yes"]
        answer_meeting(amina, meetings[1], "no")
        assert (path_for(amina, ID).mine, path_for(amina, ID).taken) == (True, 1)
        actions.leave_session(amina, ID)
        assert answers(places.amina) == ["no", "no"]
        refused(NotFound, lambda: actions.leave_session(amina, ID))


def test_the_last_seat_goes_to_one_person(app: Flask, places: Cast, meetings: list[str]) -> None:
    with app.app_context():
        mona, zoe = make_person("mona", tilleul="Mona"), make_person("zoe", tilleul="Zoé")
        refused(NotAllowed, lambda: actions.set_places(places.amina.actor, ID, 2))
        for wrong in (0, 1, 201):
            assert (
                refused(Invalid, lambda wrong=wrong: actions.set_places(places.bruno.actor, ID, wrong))
                == "places_wrong"
            )
        actions.set_places(places.bruno.actor, ID, 2)
        for person in (places.amina, mona):
            actions.take_part(person.actor, ID)
        assert refused(Taken, lambda: actions.take_part(zoe.actor, ID)) == "session_full"
        assert answers(zoe) == []
        actions.set_places(places.bruno.actor, ID, 3)
        actions.take_part(zoe.actor, ID)
        assert refused(Invalid, lambda: actions.set_places(places.bruno.actor, ID, 2)) == "places_few"
        # The database itself refuses two in one seat.
        with pytest.raises(IntegrityError), transaction():
            bruno = places.bruno.memberships["tilleul"]
            db.session.add(SessionSeat(session_id=ID, membership_id=bruno, number=1))


def test_where_a_meeting_has_no_place_one_waits(app: Flask, places: Cast, meetings: list[str]) -> None:
    with app.app_context():
        answer_meeting(places.bruno.actor, meetings[1], "yes")
        with transaction():
            db.session.scalars(select(Room).where(Room.slug == "atelier")).one().capacity = 1
        actions.take_part(places.amina.actor, ID)
        assert answers(places.amina) == ["waiting", "yes", "yes"]
        assert path_for(places.amina.actor, ID).mine


def test_it_is_of_the_club_alone(app: Flask, client_of: Browser, places: Cast, meetings: list[str]) -> None:
    for person in (places.chloe, places.dario, places.denis):
        assert client_of(person).get(f"/sessions/{ID}").status_code == 404
        with app.app_context():
            refused(NotFound, lambda person=person: actions.take_part(person.actor, ID))
            refused(NotFound, lambda person=person: closing.reform_session(person.actor, ID))


def test_seats_goals_and_places_by_form(client_of: Browser, places: Cast, meetings: list[str]) -> None:
    amina, bruno, path = client_of(places.amina), client_of(places.bruno), f"/sessions/{ID}"
    assert amina.send(f"{path}/seat", {}, on=path).location == path
    page = amina.get(path).page
    assert "1 personne participe." in page.main
    assert "Combien de places" not in page.main
    wrong = bruno.send(f"{path}/places", {"places": "beaucoup"}, on=path)
    assert (wrong.status_code, "Écrivez un nombre de 2 à 200" in wrong.page.main) == (422, True)
    assert bruno.send(f"{path}/places", {"places": "2"}, on=path).status_code == 303
    assert bruno.send(f"{path}/seat", {}, on=path).status_code == 303
    assert "C’est complet." in amina.get(path).page.main
    empty = amina.send(f"{path}/goals", {"text": " "}, on=path)
    assert (empty.status_code, empty.page.title.startswith("Erreur :")) == (422, True)
    assert amina.send(f"{path}/goals", {"text": "Écrire une lettre"}, on=path).status_code == 303
    assert "Écrire une lettre" in bruno.get(path).page.main
    assert amina.send(f"{path}/seat/leave", {}, on=path).status_code == 303
    assert bruno.send(f"{path}/places", {"places": ""}, on=path).status_code == 303
    assert "Encore" not in amina.get(path).page.main
    assert amina.get(f"{path}/review").status_code == 404


def test_the_review_shows_both_texts_to_who_writes_second(
    app: Flask, client_of: Browser, places: Cast, meetings: list[str], monday: time_machine.Traveller
) -> None:
    with app.app_context():
        goal = actions.add_goal(places.amina.actor, ID, "Un CV relu").id
        early = Review("Trop tôt", "", [], 0)
        assert refused(Taken, lambda: closing.write_review(places.amina.actor, ID, early)) == "review_early"
    monday.move_to(LAST_DAY)
    amina, bruno, path = client_of(places.amina), client_of(places.bruno), f"/sessions/{ID}/review"
    pages = [each.get(path).page for each in (amina, bruno)]
    assert [page.form().fields["version"] for page in pages] == ["0", "0"]
    said = {"version": "0", "reached": "Tous les CV.", "ahead": "Les lettres.", "goals": goal}
    assert amina.send(path, said, on=path).location == f"/sessions/{ID}"
    late = bruno.send(path, {"version": "0", "reached": "Mon texte.", "ahead": ""}, on=path)
    assert late.status_code == 409
    assert ("Tous les CV." in late.page.main, "Mon texte." in late.page.html) == (True, True)
    with app.app_context():
        assert refused(ReviewChanged, lambda: closing.write_review(places.bruno.actor, ID, early)) == "review_changed"
        assert path_for(places.bruno.actor, ID).goals[0].reached
    both = {"version": "1", "reached": "Tous les CV. Mon texte.", "ahead": "", "goals": goal}
    assert bruno.send(path, both, on=path).status_code == 303
    shown = amina.get(f"/sessions/{ID}").page.main
    assert ("Tous les CV. Mon texte." in shown, "Atteint" in shown) == (True, True)


def test_a_club_that_rests_calls_nobody(
    app: Flask, client_of: Browser, places: Cast, meetings: list[str], monday: time_machine.Traveller
) -> None:
    until = date(2027, 2, 1)
    with app.app_context():
        assert refused(Taken, lambda: closing.rest_club(places.bruno.actor, ID, until)) == "session_running"
        monday.move_to(AFTER)
        refused(NotAllowed, lambda: closing.rest_club(places.amina.actor, ID, until))
        for wrong in (None, date(2026, 11, 19), date(2027, 6, 1)):
            assert (
                refused(Invalid, lambda wrong=wrong: closing.rest_club(places.bruno.actor, ID, wrong)) == "rest_wrong"
            )
        with transaction():
            for slug in ("tilleul", "glycine"):
                club(slug).created_at = MONDAY.replace(year=2025)
        closing.rest_club(places.bruno.actor, ID, until)
        monday.move_to(datetime(2027, 1, 20, 9, tzinfo=PARIS))
        look_at_clubs()
        quiet = select(ClubCue.club_id).where(ClubCue.kind == "quiet")
        others = {places.clubs["glycine"], places.clubs["romarin"]}
        assert set(db.session.scalars(quiet)) == others
    assert "Le club se repose jusqu’au lundi 1er février." in client_of(places.amina).get("/clubs/tilleul").page.main
    bruno, path = client_of(places.bruno), f"/sessions/{ID}"
    assert bruno.send(f"{path}/rest/end", {}, on=path).location == path
    assert "se repose jusqu’au" not in bruno.get("/clubs/tilleul").page.main
    with app.app_context():
        look_at_clubs()
        assert set(db.session.scalars(quiet)) == {*others, places.clubs["tilleul"]}
        refused(NotFound, lambda: closing.end_rest(places.bruno.actor, ID))


def test_the_next_session_in_one_tap(
    app: Flask, client_of: Browser, places: Cast, meetings: list[str], monday: time_machine.Traveller
) -> None:
    path = f"/sessions/{ID}"
    with app.app_context():
        assert closing.next_session(places.bruno.actor, ID) is None
        assert refused(Taken, lambda: closing.reform_session(places.bruno.actor, ID)) == "session_unfree"
    monday.move_to(AFTER)
    assert "Demander la même" not in client_of(places.amina).get(path).page.main
    bruno = client_of(places.bruno)
    page = bruno.get(path).page
    assert "6 dates, du 25 nov. au 30 déc." in page.main
    answer = bruno.send(f"{path}/next", {}, on=path)
    with app.app_context():
        refused(NotAllowed, lambda: closing.reform_session(places.amina.actor, ID))
        asked = request_for(places.bruno.actor, str(answer.location).rsplit("/", 1)[1])
        assert (asked.request.name, asked.room.slug, len(asked.spans)) == ("Trois soirs", "salle-1", 6)
        assert [start.strftime("%d.%m %H:%M") for start, _end in asked.spans][:2] == ["25.11 18:30", "02.12 18:30"]
    again = bruno.send(f"{path}/next", {}, on=path, follow_redirects=True)
    assert "Votre club a déjà demandé une session." in again.page.main


WAYS: list[tuple[Messages, list[str]]] = [("keep", ["Un but"]), ("blank", [])]


def test_what_one_wrote_goes_or_stays_without_its_name(app: Flask, places: Cast, meetings: list[str]) -> None:
    for way, left in WAYS:
        with app.app_context():
            person = make_person(f"p{way}", tilleul=f"P{way}")
            actions.add_goal(person.actor, ID, "Un but")
            actions.take_part(person.actor, ID)
            with transaction():
                for part in parting:
                    part(person.memberships["tilleul"], way)
            goals = db.session.execute(select(SessionGoal.text, SessionGoal.by_id)).all()
            assert [tuple(row) for row in goals] == [(text, None) for text in left]
            assert db.session.scalars(select(SessionSeat)).all() == []
            with transaction():
                db.session.execute(db.delete(SessionGoal))


def lines() -> list[tuple[str, str]]:
    """Each line of the review, and the name in the club of who wrote it."""
    rows = select(ReviewLine.text, Membership.name).outerjoin(Membership, Membership.id == ReviewLine.by_id)
    return [(text, name or "") for text, name in db.session.execute(rows.order_by(ReviewLine.kind, ReviewLine.place))]


def write(person: Person, reached: str, ahead: str = "") -> None:
    version = path_for(person.actor, ID).said.version
    closing.write_review(person.actor, ID, Review(reached, ahead, [], version))


def test_each_line_of_the_review_is_of_who_wrote_it(
    app: Flask, places: Cast, meetings: list[str], monday: time_machine.Traveller
) -> None:
    monday.move_to(LAST_DAY)
    with app.app_context():
        amina, bruno = places.amina, places.bruno
        write(amina, "Tous les CV.\n\nUne lettre.", "On continue.")
        write(bruno, "Une lettre.\nEt un repas.\nTous les CV.", "On continue.")
        assert lines() == [
            ("On continue.", "Ama"), ("Une lettre.", "Ama"), ("Et un repas.", "Bruno"), ("Tous les CV.", "Ama"),
        ]  # fmt: skip
        assert [(row["text"], row["ahead"]) for row in review_rows(amina.account_id)] == [
            ("Une lettre.\nTous les CV.", "On continue.")
        ]
        assert [(row["text"], row["ahead"]) for row in review_rows(bruno.account_id)] == [("Et un repas.", "")]
        stale = Review("Tous les CV.", "", [], path_for(bruno.actor, ID).said.version)
        with transaction():
            part_from_paths(amina.memberships["tilleul"], "blank")
        assert lines() == [("Et un repas.", "Bruno")]
        # A page that was open since before does not bring them back unread.
        assert refused(ReviewChanged, lambda: closing.write_review(bruno.actor, ID, stale)) == "review_changed"
        with transaction():
            part_from_paths(bruno.memberships["tilleul"], "keep")
        assert (lines(), review_rows(bruno.account_id)) == ([("Et un repas.", "")], [])


def test_who_came_after_reads_what_is_written_since(
    app: Flask, client_of: Browser, places: Cast, meetings: list[str], monday: time_machine.Traveller
) -> None:
    path = f"/sessions/{ID}"
    with app.app_context():
        with transaction():
            club("tilleul").history = "joining"
        old = actions.add_goal(places.amina.actor, ID, "Un but ancien")
        monday.move_to(LAST_DAY)
        write(places.amina, "Mot ancien.")
        zoe = make_person("zoe")
        join_club(zoe.actor, "tilleul", "Zoé")
        seen = path_for(zoe.actor, ID)
        assert (seen.goals, seen.review, seen.before, seen.free) == ([], [], True, [2, 3, 4, 5])
        refused(NotFound, lambda: actions.remove_goal(zoe.actor, ID, old.id))
        actions.set_places(places.bruno.actor, ID, 9)
        assert (heard_by(zoe), heard_by(places.bruno)) == (None, {"id": ID})
        actions.add_goal(places.amina.actor, ID, "Un but neuf")
        write(places.amina, "Mot ancien.\nMot neuf.")
        assert heard_by(zoe) == {"id": ID}
    for address in (path, f"{path}/review"):
        html = client_of(zoe).get(address).page.html
        assert ("ancien" in html, "neuf" in html) == (False, True)
    assert "Ce qui a été écrit avant votre arrivée" in client_of(zoe).get(path).page.main
    assert "Ce qui a été écrit avant votre arrivée" not in client_of(places.amina).get(path).page.main
    with app.app_context():
        write(zoe, "Mot neuf, relu.")
        # What she may not read is not hers to take away.
        assert lines() == [("Mot ancien.", "Ama"), ("Mot neuf, relu.", "Zoé")]
        assert refused(Invalid, lambda: write(zoe, "x" * 995)) == "reached_too_long"
        write(zoe, "")
    monday.move_to(AFTER)
    assert "Faire le bilan" in client_of(zoe).get("/clubs/tilleul").page.main
    assert "Lire le bilan" in client_of(places.amina).get("/clubs/tilleul").page.main


def heard_by(person: Person) -> Any:
    """What the last row of the log about the session tells a member."""
    rows = changes_since(seat_for(person.actor, "tilleul"), 0)["changes"]
    return next(row["data"] for row in reversed(rows) if row["kind"] == "session:changed")


def test_one_person_moves_a_path_so_often(app: Flask, places: Cast, meetings: list[str]) -> None:
    app.config["LIMIT_FACTOR"] = 1
    with app.app_context():
        for _time in range(10):
            actions.remove_goal(places.amina.actor, ID, actions.add_goal(places.amina.actor, ID, "Un but").id)
        assert refused(TooMany, lambda: actions.add_goal(places.amina.actor, ID, "Un but de trop")) == "too_many"
        assert actions.add_goal(places.bruno.actor, ID, "Un but").number == 1


def test_it_goes_with_its_session(app: Flask, places: Cast, meetings: list[str]) -> None:
    with app.app_context():
        actions.add_goal(places.amina.actor, ID, "Un but")
        actions.take_part(places.amina.actor, ID)
        actions.set_places(places.bruno.actor, ID, 5)
        with transaction():
            db.session.execute(db.delete(MeetingSession))
        for table in (SessionGoal, SessionSeat, SessionPath, ReviewLine):
            assert db.session.scalars(select(table)).all() == []
