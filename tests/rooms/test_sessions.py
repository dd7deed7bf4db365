"""A session: asked for by a lead, its dates held, granted by the team in one tap."""

import multiprocessing
from collections.abc import Callable
from datetime import date, timedelta
from multiprocessing.synchronize import Barrier
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import IntegrityError

from app.core import jobs
from app.core.actor import Actor
from app.core.db import db, transaction
from app.core.errors import DomainError, NotAllowed, NotFound
from app.core.ids import new_id
from app.houses.desk import cases_for
from app.houses.journal import entries_of_club
from app.rooms.actions import Wish, claim_slot, release_claim
from app.rooms.closures.actions import close
from app.rooms.closures.queries import Plan
from app.rooms.models import Claim, Hold, MeetingSession
from app.rooms.quota import count_held
from app.rooms.sessions.actions import SessionWish, ask_session, withdraw_session
from app.rooms.sessions.answers import grant_session, refuse_session
from app.rooms.sessions.models import SessionRequest
from app.rooms.sessions.queries import dates_of, latest_of
from tests.rooms.places import MONDAY, TUESDAY, claims, club, house, slot
from tests.support import databases
from tests.support.application import make_app
from tests.support.cast import Cast, Person
from tests.support.mailbox import Mailbox, words_of

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WEEK = timedelta(weeks=1)
CLUBS = {"bruno": "tilleul", "chloe": "glycine", "dario": "romarin"}


def tuesdays(amount: int, every: int = 1) -> list[date]:
    return [TUESDAY + number * every * WEEK for number in range(amount)]


def ids(days: list[date], clock: str = "10:00") -> list[str]:
    return [slot("salle-1", day, clock).id for day in days]


def wish(person: Person, days: list[date], *, every: int = 1, count: int = 10, clock: str = "10:00") -> SessionWish:
    chosen = ids(days, clock)
    return SessionWish(slot("salle-1", TUESDAY, clock).id, CLUBS[person.key], "Six mardis", 5, every, count, chosen)


def ask(person: Person, amount: int = 6, **said: Any) -> SessionRequest:
    return ask_session(person.actor, wish(person, tuesdays(amount, said.get("every", 1)), **said))


def take(person: Person, day: date, clock: str = "10:00") -> Claim:
    return claim_slot(person.actor, Wish(slot("salle-1", day, clock).id, CLUBS[person.key], "Rencontre")).claim


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(DomainError) as refused:
        act()
    return refused.value.code


def states(amount: int = 6) -> list[str]:
    return [slot("salle-1", day, "10:00").state for day in tuesdays(amount)]


def holds() -> int:
    return db.session.query(Hold).count()


@sqlite
@pytest.mark.usefixtures("context")
def test_what_is_asked_for_is_held_then_claimed_in_one_tap(places: Cast, run_jobs: Any, mailbox: Mailbox) -> None:
    asked = ask(places.bruno, 8)
    assert (states(8), claims(), asked.until) == (["held"] * 8, [], asked.asked_at + timedelta(days=7))
    assert refusal(lambda: take(places.chloe, TUESDAY)) == "slot_taken"
    grant_session(places.denis.actor, asked.id)
    session = db.session.scalars(db.select(MeetingSession)).one()
    made = claims()
    assert (states(8), holds()) == (["claimed"] * 8, 0)
    assert {(each.session_id, each.title, each.size, each.club_id) for each in made} == {
        (session.id, "Six mardis", 5, club("tilleul").id)
    }
    assert all(each.door_word for each in made)
    assert (session.name, asked.outcome, asked.session_id, asked.lost) == ("Six mardis", "granted", session.id, [])
    entry = entries_of_club(club("tilleul").id)[0]
    assert (entry.act, entry.by_id, entry.facts) == ("session:granted", places.denis.account_id, {"dates": 8})
    run_jobs()
    mail = mailbox.to(places.bruno.email)[-1]
    assert f"/session-requests/{asked.id}" in words_of(mail)
    for told in ("tilleul", "Tilleul", "Six mardis"):
        assert told not in f"{mail['Subject']} {words_of(mail)}"


@sqlite
@pytest.mark.usefixtures("context")
def test_it_is_kept_no_longer_than_until_its_first_date(places: Cast, monday: time_machine.Traveller) -> None:
    monday.move_to(MONDAY + timedelta(days=4))
    assert ask(places.bruno).until == slot("salle-1", TUESDAY, "10:00").start


@sqlite
@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("days", "count", "every", "code"),
    [(5, 10, 1, "dates_few"), (6, 5, 1, "rhythm_unknown"), (10, 11, 1, "rhythm_unknown"), (6, 6, 3, "rhythm_unknown")],
)
def test_six_dates_at_least_and_ten_at_most(places: Cast, days: int, count: int, every: int, code: str) -> None:
    asking = wish(places.bruno, tuesdays(days), count=count, every=every)
    assert refusal(lambda: ask_session(places.bruno.actor, asking)) == code
    assert (holds(), db.session.query(SessionRequest).count()) == (0, 0)


@sqlite
@pytest.mark.usefixtures("context")
def test_six_and_ten_are_granted_every_other_week_too(places: Cast) -> None:
    long, short = ask(places.bruno, 10, every=2), ask(places.chloe, 6, clock="14:00")
    for asked in (long, short):
        grant_session(places.denis.actor, asked.id)
    by_club = {slug: [c.starts_at for c in claims() if c.club_id == club(slug).id] for slug in ("tilleul", "glycine")}
    assert [len(by_club["tilleul"]), len(by_club["glycine"])] == [10, 6]
    assert {b - a for a, b in zip(by_club["tilleul"], by_club["tilleul"][1:], strict=False)} == {2 * WEEK}


@sqlite
@pytest.mark.usefixtures("context")
def test_a_date_of_somewhere_else_is_refused(places: Cast) -> None:
    asking = wish(places.bruno, tuesdays(6))
    asking.dates.append(slot("salle-1", TUESDAY, "14:00").id)  # type: ignore[attr-defined]
    assert refusal(lambda: ask_session(places.bruno.actor, asking)) == "dates_unknown"


@sqlite
@pytest.mark.usefixtures("context")
def test_each_date_says_by_which_rule_it_is_refused(places: Cast, monday: time_machine.Traveller) -> None:
    first = slot("salle-1", TUESDAY, "10:00")
    take(places.chloe, TUESDAY + WEEK)
    take(places.bruno, TUESDAY + 2 * WEEK)
    day = TUESDAY + 3 * WEEK
    close(places.denis.actor, "canal", Plan("salle-1", day, day, "Peinture"), {})
    ask_session(places.dario.actor, wish(places.dario, [TUESDAY + n * WEEK for n in range(4, 10)]))
    monday.move_to(first.start - timedelta(hours=72))
    found = dates_of(first, 1, 5, club("tilleul"))
    assert [str(each.why) for each in found] == [
        "C’est dans moins de 3 jours : l’équipe n’aurait pas le temps de répondre.",
        "Un autre club a ce moment.",
        "Votre club a déjà ce moment.",
        "La salle est fermée : Peinture.",
        "Ce moment est gardé pour un autre club.",
    ]
    christmas = slot("salle-1", date(2026, 12, 11), "10:00")
    assert [str(each.why) for each in dates_of(christmas, 2, 3, None)][:2] == ["None", "C’est un jour férié."]
    with transaction():
        db.session.execute(db.text("UPDATE opening_window SET valid_until = '2026-12-01' WHERE weekday = 4"))
    gone = dates_of(slot("salle-1", date(2026, 11, 27), "10:00"), 1, 2, None)[1]
    assert str(gone.why) == "La salle n’ouvre pas à cette heure ce jour-là."


@sqlite
@pytest.mark.usefixtures("context")
def test_a_scarce_evening_is_for_the_draw(places: Cast) -> None:
    with transaction():
        db.session.execute(db.text("UPDATE opening_window SET scarce = true WHERE starts = '18:30'"))
    found = dates_of(slot("salle-1", TUESDAY, "18:30"), 1, 2, None)
    assert [str(each.why) for each in found] == ["Ce moment est très demandé : il se donne au tirage au sort."] * 2


@sqlite
@pytest.mark.usefixtures("context")
def test_it_counts_as_one_from_the_moment_it_is_asked_for(places: Cast) -> None:
    for clock in ("14:00", "18:30"):
        take(places.bruno, TUESDAY, clock)
    asked = ask(places.bruno)
    take(places.bruno, TUESDAY + timedelta(days=2))
    assert refusal(lambda: take(places.bruno, TUESDAY + timedelta(days=3))) == "quota_reached"
    grant_session(places.denis.actor, asked.id)
    zone = "Europe/Paris"
    assert count_held([(each, zone) for each in claims()]) == (4, 1)
    assert refusal(lambda: take(places.bruno, TUESDAY + timedelta(days=3))) == "quota_reached"


@sqlite
@pytest.mark.usefixtures("context")
def test_a_club_that_holds_its_quota_asks_for_none(places: Cast) -> None:
    for number in range(4):
        take(places.bruno, TUESDAY + timedelta(days=2 + number))
    assert refusal(lambda: ask(places.bruno)) == "quota_reached"
    assert holds() == 0


@sqlite
@pytest.mark.usefixtures("context")
def test_two_evenings_leave_room_for_a_session_by_day_alone(places: Cast) -> None:
    for number in (2, 3):
        take(places.bruno, TUESDAY + timedelta(days=number), "18:30")
    assert refusal(lambda: ask(places.bruno, clock="18:30")) == "quota_reached"
    assert ask(places.bruno).outcome is None


@sqlite
@pytest.mark.usefixtures("context")
def test_one_session_at_a_time(places: Cast, monday: time_machine.Traveller) -> None:
    asked = ask(places.bruno)
    assert refusal(lambda: ask(places.bruno, clock="14:00")) == "session_asked"
    grant_session(places.denis.actor, asked.id)
    assert refusal(lambda: ask(places.bruno, clock="14:00")) == "session_running"
    first = db.session.scalars(db.select(MeetingSession)).one()
    for each in claims()[1:]:
        release_claim(places.bruno.actor, each.id)
    assert refusal(lambda: ask(places.bruno, clock="14:00")) == "session_running"
    release_claim(places.bruno.actor, claims()[0].id)
    second = ask(places.bruno, clock="14:00")
    grant_session(places.denis.actor, second.id)
    db.session.refresh(first)
    assert (first.ended_at is not None, db.session.query(MeetingSession).filter_by(ended_at=None).count()) == (True, 1)


@pytest.mark.usefixtures("context")
def test_the_database_keeps_out_a_second_session_and_a_second_request(places: Cast) -> None:
    asked = ask(places.bruno)
    known = {each.name: getattr(asked, each.name) for each in SessionRequest.__table__.columns}
    told = {"club_id": club("tilleul").id, "name": "x", "granted_at": MONDAY}
    with transaction():
        db.session.add(MeetingSession(id=new_id(), **told))
    for second in (SessionRequest(**{**known, "id": new_id()}), MeetingSession(id=new_id(), **told)):
        with pytest.raises(IntegrityError), transaction():
            db.session.add(second)
            db.session.flush()


@sqlite
@pytest.mark.usefixtures("context")
def test_a_date_that_a_closure_takes_meanwhile_is_left_out_and_said(places: Cast) -> None:
    asked = ask(places.bruno, 7)
    day = TUESDAY + WEEK
    close(places.denis.actor, "canal", Plan("salle-1", day, day, "Peinture"), {})
    grant_session(places.denis.actor, asked.id)
    found = latest_of(club("tilleul"))
    assert found is not None
    assert ([each.date() for each in found.lost], len(claims())) == ([day], 6)
    assert states(7) == ["claimed", "closed", *["claimed"] * 5]


@sqlite
@pytest.mark.usefixtures("context")
def test_with_fewer_than_six_dates_left_nothing_is_granted(places: Cast) -> None:
    asked = ask(places.bruno)
    close(places.denis.actor, "canal", Plan("salle-1", TUESDAY, TUESDAY, "Peinture"), {})
    assert refusal(lambda: grant_session(places.denis.actor, asked.id)) == "dates_lost"
    db.session.refresh(asked)
    assert (asked.outcome, claims(), holds(), db.session.query(MeetingSession).count()) == (None, [], 6, 0)
    refuse_session(places.denis.actor, asked.id, "La salle ferme.")
    assert states() == ["closed", *["free"] * 5]


@sqlite
@pytest.mark.usefixtures("context")
def test_no_is_said_with_a_reason_and_frees_the_dates(places: Cast, run_jobs: Any, mailbox: Mailbox) -> None:
    asked = ask(places.bruno)
    assert refusal(lambda: refuse_session(places.denis.actor, asked.id, "  ")) == "reason_empty"
    refuse_session(places.denis.actor, asked.id, "Le mardi est plein.")
    assert (asked.outcome, asked.reason, states(), holds()) == ("refused", "Le mardi est plein.", ["free"] * 6, 0)
    assert entries_of_club(club("tilleul").id)[0].act == "session:refused"
    run_jobs()
    assert "plein" not in words_of(mailbox.to(places.bruno.email)[-1])
    assert refusal(lambda: grant_session(places.denis.actor, asked.id)) == "answered"
    assert refusal(lambda: withdraw_session(places.bruno.actor, asked.id)) == "answered"


@sqlite
@pytest.mark.usefixtures("context")
def test_what_is_taken_back_is_free_and_may_be_asked_again(places: Cast) -> None:
    asked = ask(places.bruno)
    withdraw_session(places.bruno.actor, asked.id)
    assert (asked.outcome, states(), holds()) == ("withdrawn", ["free"] * 6, 0)
    assert refusal(lambda: grant_session(places.denis.actor, asked.id)) == "answered"
    assert ask(places.bruno).outcome is None


@sqlite
@pytest.mark.usefixtures("context")
def test_without_an_answer_it_lapses_on_its_day(places: Cast, monday: time_machine.Traveller, mailbox: Mailbox) -> None:
    asked = ask(places.bruno)
    monday.move_to(asked.until - timedelta(minutes=1))
    jobs.run_due(100)
    assert asked.outcome is None
    monday.move_to(asked.until)
    assert refusal(lambda: grant_session(places.denis.actor, asked.id)) == "answered"
    assert states() == ["free"] * 6
    db.session.rollback()
    monday.move_to(asked.until + timedelta(minutes=1))
    jobs.run_due(100)
    jobs.run_due(100)
    db.session.refresh(asked)
    assert asked.outcome == "lapsed"
    assert mailbox.to(places.bruno.email)[-1]["Subject"] == "Votre demande est finie"


@sqlite
@pytest.mark.usefixtures("context")
def test_before_the_clock_comes_another_may_be_asked(places: Cast, monday: time_machine.Traveller) -> None:
    asked = ask(places.bruno)
    monday.move_to(asked.until)
    late = wish(places.bruno, [TUESDAY + n * WEEK for n in range(1, 7)], count=10)
    assert ask_session(places.bruno.actor, late).outcome is None
    db.session.refresh(asked)
    assert asked.outcome == "lapsed"


@sqlite
@pytest.mark.usefixtures("context")
def test_only_leads_ask_and_only_the_houses_own_team_answers(places: Cast) -> None:
    assert isinstance(places.denis.actor, Actor)
    with pytest.raises(NotAllowed):
        ask_session(places.amina.actor, wish(places.bruno, tuesdays(6)))
    with pytest.raises(NotFound):
        ask_session(places.chloe.actor, wish(places.bruno, tuesdays(6)))
    asked = ask(places.bruno)
    for person in (places.bruno, places.chloe, places.amina):
        with pytest.raises(NotFound):
            grant_session(person.actor, asked.id)
        with pytest.raises(NotFound):
            refuse_session(person.actor, asked.id, "Non.")


@sqlite
@pytest.mark.usefixtures("context")
def test_the_desk_shows_it_with_nothing_of_the_inside(places: Cast, app: Flask) -> None:
    ask(places.bruno, 8)
    with app.test_request_context():
        case = next(each for each in cases_for(places.denis.actor, [house("canal")]) if "session" in str(each.title))
        assert (str(case.label), case.post, str(case.action)) == ("Session de 8 rencontres", True, "Accorder")
        assert "Six mardis" not in f"{case.title} {case.text} {case.label}"
        assert cases_for(places.denis.actor, [house("port")]) == []


@pytest.mark.parametrize("engine", ["postgresql"], indirect=True)
def test_of_two_who_grant_at_once_the_first_stands(app: Flask, places: Cast) -> None:
    with app.app_context():
        asked = ask(places.bruno).id
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    databases.close(app)
    fork = multiprocessing.get_context("fork")
    barrier, answers = fork.Barrier(2), fork.Queue()
    both = [
        fork.Process(target=_grant, args=(url, person, asked, barrier, answers.put))
        for person in (places.denis, places.elise)
    ]
    for each in both:
        each.start()
    told = sorted(answers.get(timeout=60) for _ in both)
    for each in both:
        each.join(30)
    assert told == ["answered", "granted"]
    with app.app_context():
        assert (len(claims()), holds(), db.session.query(MeetingSession).count()) == (6, 0, 1)


def _grant(url: str, person: Person, asked: str, barrier: Barrier, answer: Callable[[str], None]) -> None:
    app = make_app(url)
    with app.app_context():
        barrier.wait(30)
        try:
            grant_session(person.actor, asked)
        except DomainError as error:
            answer(error.code)
        else:
            answer("granted")
        db.session.remove()
        db.engine.dispose()
