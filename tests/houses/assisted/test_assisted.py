"""Helped at the desk: thirty minutes, alone with one's clubs, a receipt that names none, and nothing for the team."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.models import Account, LoginSession, Passage, SignInCode, Token
from app.core.clock import now
from app.core.db import db
from app.houses.assisted.models import Assistance, AssistedAct
from app.houses.assisted.words import KINDS, WORDS, kind_of
from app.houses.journal import all_entries
from tests.support.cast import Cast
from tests.support.clients import PageClient, client_of, visitor
from tests.support.page import Page

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
Help = Callable[[], PageClient]


def journal(app: Flask) -> list[tuple[Any, ...]]:
    with app.app_context():
        return [
            (e.act, e.by_role, e.by_id is not None, e.club_id, e.about_key, e.subject_id, e.facts)
            for e in reversed(all_entries())
            if e.act.startswith("assisted:")
        ]


def join_and_write(desk: PageClient) -> None:
    boxes = {"name": "Mirabelle", "consent": "y", "adult": "y"}
    page = desk.get("/clubs/tilleul/join").page
    ticked = {e.get("name"): e.get("value", "y") for e in page.all(".//main//input[@type='checkbox']")}
    assert desk.submit("/clubs/tilleul/join", {**boxes, **ticked}).status_code == 303
    told = {"title": "Bonjour de Mirabelle", "body": "Je viens d’arriver."}
    assert desk.submit("/clubs/tilleul/threads/new", told).status_code == 303


def test_the_team_goes_out_before_the_person_comes_in(app: Flask, cast: Cast, help_somebody: Help, card: Any) -> None:
    desk = help_somebody()
    with app.app_context():
        rows = list(db.session.scalars(db.select(LoginSession)))
        assert [(row.account_id, row.shared, row.assisted_by) for row in rows] == [
            (card["account"], True, cast.denis.account_id)
        ]
        assert timedelta(minutes=29) < rows[0].expires_at - now() <= timedelta(minutes=30)
    assert desk.get("/desk").status_code == 404
    assert "Une personne de l’équipe vous aide. Il reste 30 minutes." in desk.get("/clubs").page.main


def test_without_an_offer_there_is_no_such_page_and_an_offer_ends(app: Flask, cast: Cast, card: Any) -> None:
    assert visitor(app).get("/assisted").status_code == 404
    with time_machine.travel(now(), tick=False) as clock:
        desk = client_of(app, cast.denis)
        desk.submit("/desk/assisted", action="/desk/assisted")
        assert desk.get("/assisted").status_code == 200
        clock.shift(601)
        assert desk.get("/assisted").status_code == 404


def test_wrong_words_let_nobody_in_and_the_screen_stays(app: Flask, cast: Cast, card: Any) -> None:
    desk = client_of(app, cast.denis)
    desk.submit("/desk/assisted", action="/desk/assisted")
    answer = desk.submit("/assisted", {"card": card["card"], "words": "un deux trois"}, action="/assisted")
    assert (answer.status_code, "ne vont pas ensemble" in answer.page.main) == (401, True)
    assert desk.submit("/assisted", action="/assisted/cancel").location == "/sign-in"
    assert (desk.get("/assisted").status_code, journal(app)) == (404, [])


def test_each_act_is_on_the_receipt_and_no_club_is(app: Flask, cast: Cast, help_somebody: Help) -> None:
    desk = help_somebody()
    join_and_write(desk)
    assert desk.submit("/clubs", action="/assisted/end").location == "/assisted/receipt"
    receipt = desk.get("/assisted/receipt")
    lines = [re.sub(r"^\d+ h( \d\d)? : ", "", text) for text in texts(receipt.page)]
    assert lines == [str(WORDS["joined"]), str(WORDS["wrote"])]
    assert receipt.headers["Cache-Control"] == "no-store"
    found = [word for word in ("Tilleul", "tilleul", "45 ans", "Mirabelle", "Bonjour de") if word in receipt.text]
    assert (found, desk.get("/account").status_code) == ([], 303)
    with app.app_context():
        moments = list(db.session.scalars(db.select(AssistedAct.at)))
        assert [(at.second, at.microsecond) for at in moments] == [(0, 0)] * 2
    assert desk.submit("/assisted/receipt", action="/assisted/close").location == "/sign-in"
    with app.app_context():
        assert db.session.scalars(db.select(Assistance)).all() == db.session.scalars(db.select(AssistedAct)).all() == []
    assert desk.get("/assisted/receipt").status_code == 404


def texts(page: Page) -> list[str]:
    """The lines of the receipt."""
    from tests.support.page import text_of

    return [text_of(line) for line in page.all(".//main//ul/li")]


def test_the_journal_says_who_helped_and_neither_whom_nor_where(app: Flask, cast: Cast, help_somebody: Help) -> None:
    desk = help_somebody()
    join_and_write(desk)
    desk.submit("/clubs", action="/assisted/end")
    told = ("facilitator", True, None, None, None, {})
    assert journal(app) == [("assisted:began", *told), ("assisted:ended", *told)]


def test_the_team_cannot_read_what_was_done(app: Flask, cast: Cast, help_somebody: Help) -> None:
    """Neither on another screen, nor in that browser once one of the team is in again."""
    desk = help_somebody()
    join_and_write(desk)
    for person in (cast.denis, cast.elise):
        other = client_of(app, person)
        assert other.get("/assisted/receipt").status_code == 404
        seen = [other.get(path).text for path in ("/desk", "/desk/journal", "/desk/assisted", "/account")]
        assert [text for text in seen if str(WORDS["joined"]) in text or "Mirabelle" in text] == []
    desk.submit("/clubs", action="/assisted/end")
    assert desk.get("/sign-in").location == "/assisted/receipt"
    told = {"email": cast.denis.email, "password": "pepiniere-demo", "way": "password"}
    desk.send("/sign-in", told, on="")
    assert desk.get("/desk").status_code == 200
    assert desk.get("/assisted/receipt").status_code == 404


def test_nothing_is_made_there_by_which_somebody_comes_in_later(app: Flask, help_somebody: Help, card: Any) -> None:
    """An address, a password or a key that one of the team knows would open the account when the person has gone."""
    desk = help_somebody()
    for path, told in (
        ("/account/address", {"email": "denis@elsewhere.example"}),
        ("/account/password", {"password": "a longer sentence than most"}),
        ("/account/tokens", {"label": "API"}),
    ):
        assert desk.send(path, told, on="/account").status_code == 403
    with app.app_context():
        account = db.session.get_one(Account, card["account"])
        assert (account.email_hash, account.password_hash) == (None, None)
        assert (db.session.scalars(db.select(Token)).all(), db.session.scalars(db.select(SignInCode)).all()) == ([], [])
        assert "assisted" in db.session.scalars(db.select(Passage.way)).all()


def test_thirty_minutes_end_by_themselves_and_the_receipt_waits(
    app: Flask, cast: Cast, help_somebody: Help, run_jobs: Any
) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        desk = help_somebody()
        join_and_write(desk)
        clock.shift(1801)
        assert desk.get("/account").location == "/sign-in?next=/account"
        assert desk.get("/sign-in").location == "/assisted/receipt"
        assert len(texts(desk.get("/assisted/receipt").page)) == 2
        run_jobs()
        assert [entry[0] for entry in journal(app)] == ["assisted:began", "assisted:ended"]
        clock.shift(3602)
        assert desk.get("/assisted/receipt").status_code == 404
        run_jobs()
        with app.app_context():
            assert db.session.scalars(db.select(AssistedAct)).all() == []


def test_every_kind_has_its_words_and_reading_is_no_act(engine: str) -> None:
    assert {*KINDS.values(), "other"} == set(WORDS)
    assert (kind_of("reading.choose_reading"), kind_of("visits.begin_visit")) == ("", "other")


def test_every_kind_is_of_a_door_that_there_is(app: Flask) -> None:
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    known |= {f"{endpoint.partition('.')[0]}.*" for endpoint in known} | {"message:post"}
    assert set(KINDS) - known == set()
