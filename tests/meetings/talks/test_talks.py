"""A meeting's own discussion: opened once, by whoever comes first, and linked both ways."""

from collections.abc import Callable
from multiprocessing.synchronize import Barrier

import pytest
from flask import Flask
from sqlalchemy import select

from app.clubs.actions import join_club
from app.clubs.models import Club
from app.core.db import db, transaction
from app.core.errors import Gone, NotFound
from app.meetings.talks.actions import open_talk
from app.meetings.talks.models import MeetingThread
from app.messaging.models import Message, Thread
from app.rooms.actions import release_claim
from tests.rooms.places import make_places
from tests.rules.arranged import begin
from tests.support.application import make_app
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.page import text_of
from tests.support.race import race

Browser = Callable[[Person], PageClient]
Claimed = Callable[..., str]
SQLITE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@SQLITE
def test_it_is_opened_once_by_one_of_the_club(context: None, places: Cast, claimed: Claimed) -> None:
    with transaction():
        db.session.get_one(Club, places.clubs["tilleul"]).history = "joining"
    meeting, given_back = claimed(places.bruno, "tilleul"), claimed(places.bruno, "tilleul", "atelier")
    for who in (places.chloe, places.dario, places.denis, places.elise):
        with pytest.raises(NotFound):
            open_talk(who.actor, meeting)
    thread = open_talk(places.amina.actor, meeting)
    assert open_talk(places.bruno.actor, meeting) == thread
    # Not the title of the meeting, which is Bruno's: it would stay in Amina's archive, and after he has left.
    assert db.session.scalars(select(Thread.title)).all() == ["Rencontre du mardi 10 novembre"]
    assert db.session.scalars(select(Message.body)).all() == ["Parlons ici de la rencontre du mardi 10 novembre."]
    zoe = make_person("zoe")
    join_club(zoe.actor, "tilleul", "Zoé")
    with pytest.raises(NotFound):
        open_talk(zoe.actor, meeting)
    release_claim(places.bruno.actor, given_back)
    with pytest.raises(Gone):
        open_talk(places.amina.actor, given_back)


def open_at_once(barrier: Barrier, url: str, person: Person, meeting: str) -> str:
    app = make_app(url)
    with app.test_request_context():
        barrier.wait()
        return open_talk(person.actor, meeting)


def test_of_several_at_once_one_is_opened_and_all_find_it(app: Flask, cast: Cast) -> None:
    with app.app_context():
        make_places()
        meeting = begin(cast)["begun"]
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    found = race(open_at_once, *((url, who, meeting) for who in (cast.amina, cast.bruno, cast.amina, cast.bruno)))
    with app.app_context():
        assert set(found) == set(db.session.scalars(select(MeetingThread.thread_id)))
        assert len(db.session.scalars(select(Thread.id)).all()) == 1


@SQLITE
def test_the_pages_lead_to_each_other(client_of: Browser, places: Cast, claimed: Claimed) -> None:
    meeting = claimed(places.bruno, "tilleul")
    amina = client_of(places.amina)
    opened = amina.send(f"/meetings/{meeting}/talk", on=f"/meetings/{meeting}").location
    page = amina.get(opened).page
    assert text_of(next(iter(page.all(f".//a[@href='/meetings/{meeting}']")))) == "Voir la rencontre"
    there = client_of(places.bruno).get(f"/meetings/{meeting}").page
    assert [text_of(each) for each in there.all(f".//a[@href='{opened}']")] == ["En parler dans la discussion"]
