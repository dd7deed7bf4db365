"""What a meeting is made of: its points in their order, who brings what, who reads and changes it, how long."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select

from app.clubs import live
from app.clubs.actions import join_club, leave_club
from app.clubs.models import Change, Club
from app.clubs.queries import seat_for
from app.core import privacy
from app.core.db import db, transaction
from app.core.errors import DomainError, Gone, Invalid, NotAllowed, NotFound, Taken
from app.core.retention import run
from app.meetings.programme import actions
from app.meetings.programme.actions import (
    add_point,
    ask_thing,
    drop_point,
    drop_thing,
    leave_thing,
    move_point,
    take_thing,
)
from app.meetings.programme.leaving import part_from_programmes
from app.meetings.programme.models import AgendaPoint, Thing
from app.meetings.programme.queries import points_of, things_of
from app.meetings.queries import meeting_for
from tests.support.cast import Cast, Person, make_person
from tests.support.clients import PageClient
from tests.support.page import text_of

Browser = Callable[[Person], PageClient]
Claimed = Callable[..., str]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def meeting(claimed: Claimed, places: Cast) -> str:
    """One of Tilleul's, on a Tuesday at half past six."""
    return claimed(places.bruno, "tilleul")


def points(person: Person, meeting: str) -> list[tuple[str, str | None]]:
    view = meeting_for(person.actor, meeting)
    assert view.me is not None
    return [(each.point.text, f"{each.at:%H:%M}" if each.at else None) for each in points_of(view, view.me)]


def things(person: Person, meeting: str) -> list[tuple[str, str | None, bool]]:
    view = meeting_for(person.actor, meeting)
    assert view.me is not None
    return [(each.text, each.taker, each.mine) for each in things_of(view, view.me)]


def test_points_have_an_order_and_times(context: None, places: Cast, meeting: str) -> None:
    amina, bruno = places.amina, places.bruno
    hello = add_point(amina.actor, meeting, "On se dit bonjour", 15)
    add_point(bruno.actor, meeting, "Deux par deux")
    word = add_point(bruno.actor, meeting, "Un mot chacun", 5)
    assert points(amina, meeting) == [
        ("On se dit bonjour", "18:30"), ("Deux par deux", "18:45"), ("Un mot chacun", None)
    ]  # fmt: skip
    move_point(amina.actor, word.id, up=True)
    move_point(amina.actor, hello.id, up=True)
    move_point(amina.actor, hello.id, up=False)
    assert [text for text, _at in points(bruno, meeting)] == ["Un mot chacun", "On se dit bonjour", "Deux par deux"]
    with pytest.raises(NotAllowed):
        drop_point(amina.actor, word.id)
    drop_point(amina.actor, hello.id)
    kinds = select(Change.kind, Change.subject_id).where(Change.kind == "programme:changed")
    assert db.session.execute(kinds).all() == [("programme:changed", meeting)] * 6


def test_who_brings_what(context: None, places: Cast, meeting: str) -> None:
    amina, bruno = places.amina, places.bruno
    cake = ask_thing(amina.actor, meeting, "Des gâteaux", mine=True)
    coffee = ask_thing(amina.actor, meeting, "Du café")
    with pytest.raises(Taken):
        take_thing(bruno.actor, cake.id)
    with pytest.raises(NotAllowed):
        leave_thing(amina.actor, take_thing(bruno.actor, coffee.id).id)
    take_thing(bruno.actor, coffee.id)
    assert things(bruno, meeting) == [("Des gâteaux", "Ama", False), ("Du café", "Bruno", True)]
    leave_thing(bruno.actor, coffee.id)
    leave_club(amina.actor, "tilleul")
    assert things(bruno, meeting) == [("Des gâteaux", None, False), ("Du café", None, False)]
    take_thing(bruno.actor, cake.id)
    drop_thing(bruno.actor, coffee.id)
    assert things(bruno, meeting) == [("Des gâteaux", "Bruno", True)]


def test_who_may_change_it_and_until_when(
    context: None, places: Cast, meeting: str, monday: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    point, thing = add_point(places.bruno.actor, meeting, "Un"), ask_thing(places.bruno.actor, meeting, "Du café")
    tries: list[Callable[[Any], object]] = [
        lambda who: add_point(who, meeting, "Non"), lambda who: move_point(who, point.id, up=True),
        lambda who: drop_point(who, point.id), lambda who: ask_thing(who, meeting, "Non"),
        lambda who: take_thing(who, thing.id), lambda who: leave_thing(who, thing.id),
        lambda who: drop_thing(who, thing.id),
    ]  # fmt: skip
    for who in (places.chloe, places.dario, places.denis, places.elise):
        for act in tries:
            with pytest.raises(NotFound):
                act(who.actor)
    for sent, code in ((("",), "text_empty"), (("x" * 121,), "text_too_long"), (("Oui", 0), "minutes_out_of_range")):
        with pytest.raises(Invalid) as refused:
            add_point(places.amina.actor, meeting, *sent)
        assert refused.value.code == code
    monkeypatch.setattr(actions, "MOST", 1)
    with pytest.raises(DomainError) as full:
        add_point(places.amina.actor, meeting, "Deux")
    assert (full.value.code, full.value.status) == ("programme_full", 409)
    monday.shift(timedelta(days=9))
    for act in tries:
        with pytest.raises(Gone):
            act(places.bruno.actor)


def test_newcomers_read_what_lies_ahead_and_not_what_was(
    context: None, places: Cast, meeting: str, monday: time_machine.Traveller
) -> None:
    with transaction():
        db.session.get_one(Club, places.clubs["tilleul"]).history = "joining"
    add_point(places.bruno.actor, meeting, "Un")
    ask_thing(places.bruno.actor, meeting, "Du café")
    zoe = make_person("zoe")
    join_club(zoe.actor, "tilleul", "Zoé")
    assert (len(points(zoe, meeting)), len(things(zoe, meeting))) == (1, 1)
    add_point(places.bruno.actor, meeting, "Deux")
    with transaction():
        db.session.execute(delete(AgendaPoint).where(AgendaPoint.text == "Deux"))
    shown = live.changes_since(seat_for(zoe.actor, "tilleul"), 0)["changes"][-1]
    assert (shown["kind"], shown["data"]) == ("programme:changed", {"meeting": meeting})
    monday.shift(timedelta(days=9))
    live.pulse()
    for person, told in ((zoe, None), (places.amina, {"meeting": meeting})):
        assert live.changes_since(seat_for(person.actor, "tilleul"), 0)["changes"][-1]["data"] == told
    assert (points(zoe, meeting), things(zoe, meeting)) == ([], [])
    assert (len(points(places.amina, meeting)), len(things(places.amina, meeting))) == (1, 1)


@pytest.mark.parametrize(("messages", "left"), [("blank", []), ("keep", ["D’Amina", "Des gâteaux"])])
def test_who_leaves_takes_it_along_or_not(
    context: None, places: Cast, meeting: str, messages: Any, left: list[str]
) -> None:
    add_point(places.amina.actor, meeting, "D’Amina")
    ask_thing(places.amina.actor, meeting, "Des gâteaux", mine=True)
    coffee = ask_thing(places.bruno.actor, meeting, "Du café")
    take_thing(places.amina.actor, coffee.id)
    rows = {each.name: each.rows(places.amina.account_id) for each in privacy.chapters()}["programmes"]
    assert [(row["what"], row["text"]) for row in rows] == [
        ("point", "D’Amina"), ("brings", "Des gâteaux"), ("brings", None)
    ]  # fmt: skip
    for _twice in range(2):
        with transaction():
            part_from_programmes(places.amina.memberships["tilleul"], messages)
    kept = [*db.session.scalars(select(AgendaPoint.text)), *db.session.scalars(select(Thing.text).order_by(Thing.seq))]
    assert kept == [*left, "Du café"]
    assert set(db.session.scalars(select(Thing.taker_id))) == {None}


def test_the_clock_ends_it_after_the_meeting(
    context: None, places: Cast, meeting: str, monday: time_machine.Traveller
) -> None:
    with transaction():
        db.session.get_one(Club, places.clubs["tilleul"]).keep_months = 1
    add_point(places.bruno.actor, meeting, "Un")
    ask_thing(places.bruno.actor, meeting, "Du café")
    names = ["programme:points", "programme:things"]
    monday.shift(timedelta(days=36))
    assert dict(run(names)) == dict.fromkeys(names, 0)
    monday.shift(timedelta(days=4))
    assert dict(run(names)) == dict.fromkeys(names, 1)


def test_the_pages(app: Flask, client_of: Browser, places: Cast, meeting: str) -> None:
    amina, bruno = client_of(places.amina), client_of(places.bruno)
    assert amina.submit(f"/meetings/{meeting}/points/new", {"text": ""}).status_code == 422
    added = amina.submit(f"/meetings/{meeting}/points/new", {"text": "On se dit bonjour", "minutes": "15"})
    assert added.location == f"/meetings/{meeting}#points"
    amina.submit(f"/meetings/{meeting}/points/new", {"text": "Deux par deux"})
    asked = amina.submit(f"/meetings/{meeting}/things/new", {"text": "Des gâteaux", "mine": "y"})
    assert asked.location == f"/meetings/{meeting}#things"
    page = bruno.get(f"/meetings/{meeting}").page
    block = page.by_id("programme")
    assert block is not None
    assert block.get("data-kinds") == "programme:changed"
    assert [text_of(each) for each in page.all(".//ol[@class='list']//h3")] == ["On se dit bonjour", "Deux par deux"]
    assert [text_of(each) for each in page.all(".//ol[@class='list']//button")][:2] == [
        "Descendre On se dit bonjour", "Enlever On se dit bonjour"
    ]  # fmt: skip
    with app.app_context():
        first, thing = (
            db.session.scalars(select(AgendaPoint.id).order_by(AgendaPoint.place)).first(),
            db.session.scalar(select(Thing.id)),
        )
    assert bruno.send(f"/points/{first}/down", on="").location == f"/meetings/{meeting}#points"
    assert bruno.send(f"/things/{thing}/take", on="").location == f"/meetings/{meeting}#things"
    page = bruno.get(f"/meetings/{meeting}").page
    assert [text_of(each) for each in page.all(".//ol[@class='list']//h3")] == ["Deux par deux", "On se dit bonjour"]
    assert "Quelqu’un vient de dire" in page.html
