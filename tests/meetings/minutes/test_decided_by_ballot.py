"""What a ballot came to, kept among what was decided at a meeting: who keeps it, who reads it, and that it is one."""

from collections.abc import Callable
from datetime import timedelta
from multiprocessing.synchronize import Barrier

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.clubs.actions import join_club
from app.clubs.models import Change, Club
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import NotAllowed, NotFound
from app.facilitation.visits.actions import begin_visit, invite_visitor
from app.houses.models import StaffPost
from app.meetings.ballots.actions import Wish, close_ballot, open_ballot
from app.meetings.ballots.leaving import part_from_ballots
from app.meetings.ballots.models import Ballot
from app.meetings.ballots.voting import Said, vote
from app.meetings.minutes.actions import drop_decision, pick_ballot, pick_decision, write_minutes
from app.meetings.minutes.models import NotedDecision
from tests.rooms.places import make_places
from tests.rules.arranged import begin
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.page import text_of
from tests.support.race import race

Browser = Callable[[Person], PageClient]
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
CHOICES = ("À la mer", "Au parc")


@pytest.fixture
def meeting(claimed: Callable[..., str], places: Cast, monday: time_machine.Traveller) -> str:
    """One of Tilleul's, which began five minutes ago."""
    found = claimed(places.bruno, "tilleul")
    monday.shift(timedelta(days=8, hours=9, minutes=35))
    return found


def decide(asked: Person, *said: Person, way: str = "choice", close: Person, review: bool = False) -> str:
    """Amina asks where to go, some answer the first of it, and a lead ends it."""
    day = now().date() + timedelta(days=30) if review else None
    wish = Wish(way, "Où allons-nous ?", "Au parc.", options=CHOICES if way == "choice" else (), review_on=day)
    ballot = open_ballot(asked.actor, "tilleul", wish).id
    for each in said:
        vote(each.actor, ballot, Said([{"choice": "1", "lots": "in", "sense": "for", "consent": "agree"}[way]]))
    close_ballot(close.actor, ballot)
    return ballot


def noted() -> int:
    return int(db.session.scalar(select(func.count()).select_from(NotedDecision)) or 0)


@SQLITE
def test_what_a_ballot_came_to_is_kept_once_and_in_its_own_words(context: None, places: Cast, meeting: str) -> None:
    amina, bruno = places.amina, places.bruno
    ballot = decide(amina, bruno, close=bruno)
    kept = pick_ballot(amina.actor, meeting, ballot)
    assert pick_ballot(bruno.actor, meeting, ballot).id == kept.id
    # Nothing is copied: who asked takes the words away by taking them from the ballot.
    assert (kept.text, kept.written_by_id, kept.ballot_id) == ("", None, ballot)
    kinds = select(Change.kind).where(Change.kind.startswith("decision:")).order_by(Change.seq)
    assert list(db.session.scalars(kinds)) == ["decision:noted"]
    with pytest.raises(NotAllowed):
        drop_decision(amina.actor, kept.id)
    drop_decision(bruno.actor, kept.id)
    assert noted() == 0


@SQLITE
def test_what_decides_nothing_is_not_kept(context: None, places: Cast, meeting: str) -> None:
    amina, bruno = places.amina, places.bruno
    running = open_ballot(amina.actor, "tilleul", Wish("sense", "Ça va ?")).id
    tie = decide(amina, close=bruno)
    temperature = decide(amina, bruno, way="sense", close=bruno)
    for each in (running, tie, temperature, "rien", "0" * 26):
        with pytest.raises(NotFound):
            pick_ballot(bruno.actor, meeting, each)
    done = decide(amina, bruno, close=bruno)
    for who in (places.chloe, places.dario, places.denis, places.elise):
        with pytest.raises(NotFound):
            pick_ballot(who.actor, meeting, done)
    assert noted() == 0


@SQLITE
def test_it_goes_with_its_ballot_and_its_words_with_who_asked(context: None, places: Cast, meeting: str) -> None:
    amina, bruno = places.amina, places.bruno
    ballot = decide(amina, bruno, close=bruno)
    pick_ballot(bruno.actor, meeting, ballot)
    with transaction():
        part_from_ballots(amina.memberships["tilleul"], "blank")
    other = decide(amina, bruno, close=bruno)
    with transaction():
        part_from_ballots(amina.memberships["tilleul"], "blank")
    with pytest.raises(NotFound):
        pick_ballot(bruno.actor, meeting, other)
    assert noted() == 1
    with transaction():
        db.session.delete(db.session.get_one(Ballot, ballot))
    assert noted() == 0


def keep(barrier: Barrier, url: str, person: Person, meeting: str, ballot: str) -> str:
    app = make_app(url, LIMIT_FACTOR=100)
    with app.app_context():
        barrier.wait()
        return pick_ballot(person.actor, meeting, ballot).id


def test_of_several_at_once_one_is_kept(app: Flask, cast: Cast) -> None:
    with app.app_context():
        make_places()
        meeting = begin(cast)["begun"]
        ballot = decide(cast.amina, cast.bruno, close=cast.bruno)
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    kept = race(keep, *((url, who, meeting, ballot) for who in (cast.amina, cast.bruno, cast.amina)))
    with app.app_context():
        assert (len(set(kept)), noted()) == (1, 1)


@SQLITE
def test_in_one_tap_from_the_minutes_to_what_the_club_decided(
    app: Flask, client_of: Browser, places: Cast, meeting: str
) -> None:
    with app.app_context():
        ballot = decide(places.amina, places.bruno, close=places.bruno, review=True)
        drawn = decide(places.bruno, places.amina, way="lots", close=places.bruno)
    amina, there = client_of(places.amina), f"/meetings/{meeting}/minutes"
    page = amina.get(there).page
    offered = [each.get("value") for each in page.all(".//button[@name='ballot']")]
    assert sorted(str(each) for each in offered) == sorted([ballot, drawn])
    assert amina.send(f"{there}/ballots", {"ballot": ballot}, on=there).location == there
    assert amina.send(f"{there}/ballots", {"ballot": "rien"}, on=there).status_code == 404
    page = amina.get(there).page
    assert [each.get("value") for each in page.all(".//button[@name='ballot']")] == [drawn]
    line = "Où allons-nous ? Choisi : À la mer"
    for path in (there, f"/meetings/{meeting}", "/clubs/tilleul", "/clubs/tilleul/decided"):
        page = amina.get(path).page
        found = [text_of(each).replace("\u00a0", " ").replace("\u202f", " ") for each in page.all(".//main//li")]
        assert [each for each in found if each.startswith(line) and "à revoir le" in each] != [], path
        assert f"/ballots/{ballot}" in page.links
    assert "/clubs/tilleul/ballots" in amina.get("/clubs/tilleul/decided").page.links
    assert "/clubs/tilleul/decided" in amina.get("/clubs/tilleul/ballots").page.links


@SQLITE
def test_a_newcomer_reads_what_was_kept_since_and_not_how_it_came_about(
    app: Flask, client_of: Browser, places: Cast, meeting: str
) -> None:
    with app.app_context():
        with transaction():
            db.session.get_one(Club, places.clubs["tilleul"]).history = "joining"
        ballot = decide(places.amina, places.bruno, close=places.bruno)
        zoe = make_person("zoe")
        join_club(zoe.actor, "tilleul", "Zoé")
        with pytest.raises(NotFound):
            pick_ballot(zoe.actor, meeting, ballot)
        pick_ballot(places.bruno.actor, meeting, ballot)
    page = client_of(zoe).get("/clubs/tilleul/decided").page
    assert "Choisi : À la mer" in page.main.replace("\u00a0", " ").replace("\u202f", " ")
    assert [link for link in page.links if ballot in link] == []


@SQLITE
def test_who_is_on_a_visit_reads_what_was_said_and_no_ballot(
    app: Flask, client_of: Browser, places: Cast, meeting: str
) -> None:
    bruno, denis = places.bruno.actor, places.denis
    with app.app_context():
        with transaction():
            db.session.scalars(select(StaffPost).where(StaffPost.account_id == denis.account_id)).one().name = "Denis"
        until = now() + timedelta(days=1)
        begin_visit(denis.actor, invite_visitor(bruno, "tilleul", denis.account_id, until, "Nous aider.").id)
        write_minutes(bruno, meeting, 0, "On garde le mardi")
        pick_decision(bruno, meeting, 1, 0)
        pick_ballot(bruno, meeting, decide(places.amina, places.bruno, close=places.bruno))
    visiting, amina = client_of(denis), client_of(places.amina)
    for path in ("/clubs/tilleul", "/clubs/tilleul/decided", f"/meetings/{meeting}", f"/meetings/{meeting}/minutes"):
        read = [client.get(path).text for client in (visiting, amina)]
        assert [("On garde le mardi" in text, "Où allons-nous" in text) for text in read] == [
            (True, False), (True, True),
        ], path  # fmt: skip


@SQLITE
def test_the_pages_ask_as_often_for_three_as_for_one(
    app: Flask, client_of: Browser, places: Cast, meeting: str, queries: Callable[[], object]
) -> None:
    app.config["LIMIT_FACTOR"] = 100
    amina, asked = client_of(places.amina), []
    for number in (1, 2):
        with app.app_context():
            for _each in range(number):
                for way in ("choice", "lots"):
                    pick_ballot(
                        places.bruno.actor, meeting, decide(places.amina, places.bruno, way=way, close=places.bruno)
                    )
        amina.get("/clubs/tilleul/decided")
        with queries() as counted:  # type: ignore[attr-defined]
            amina.get("/clubs/tilleul/decided")
        asked.append(len(counted))
    assert asked[0] == asked[1]
