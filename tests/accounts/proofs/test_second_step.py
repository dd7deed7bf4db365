"""The team comes in with two proofs, wherever others can reach the house."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.models import LoginSession, Token
from app.accounts.proofs.models import OneTimeNumber, RescueCode
from app.core.clock import now
from app.core.db import db, transaction
from tests.accounts.conftest import other_than, signed_in
from tests.accounts.proofs.conftest import NADIA, first_step
from tests.support import factories as make
from tests.support.cast import Cast
from tests.support.clients import PageClient, visitor
from tests.support.factories import PASSWORD
from tests.support.mailbox import Mailbox
from tests.support.page import text_of
from tests.support.second_step import number_of, set_up_app

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
AppOf = Callable[[str], str]


@one_engine
def test_without_a_proof_nothing_opens_but_the_page_that_settles_one(visitor: PageClient, nadia: str) -> None:
    assert first_step(visitor, next="/desk").location == "/sign-in/second?next=/desk"
    assert visitor.get("/sign-in/second?next=/desk").location == "/account/proof?next=/desk"
    assert visitor.get("/account/proof").page.h1 == "Réglez votre deuxième étape"
    for path in ("/desk", "/desk/journal", "/houses/canal/rooms", "/account"):
        led = visitor.get(path)
        assert (led.status_code, led.location) == (303, f"/sign-in?next={path}")
        assert visitor.get(led.location).location == f"/sign-in/second?next={path}"
    refused = visitor.get("/api/v1/me")
    assert (refused.status_code, refused.json["code"]) == (401, "second_step_needed")


@one_engine
def test_settling_an_app_ends_the_way_in_and_prints_ten_codes(app: Flask, visitor: PageClient, nadia: str) -> None:
    first_step(visitor)
    with visitor.session_transaction() as kept:
        before = kept["_user_id"]
    set_up_app(visitor)
    page = visitor.get("/account/proof/rescue").page
    codes = [text_of(each) for each in page.all(".//main//code")]
    assert (len(set(codes)), {len(code) for code in codes}) == (10, {11})
    assert visitor.get("/account/proof/rescue").location == "/account/proof"
    assert visitor.get("/desk").status_code == 200
    with visitor.session_transaction() as kept:
        assert kept["_user_id"] != before
    with app.app_context():
        row = db.session.get_one(OneTimeNumber, nadia)
        assert row.secret_sealed.startswith("gAAAA")
        stored = db.session.scalars(db.select(RescueCode.code_hash)).all()
        assert [code for code in codes if code.replace("-", "") in " ".join(stored)] == []


@one_engine
def test_the_secret_is_drawn_and_written_and_names_nobody(visitor: PageClient, nadia: str) -> None:
    first_step(visitor)
    page = visitor.get("/account/proof/number").page
    (drawn,) = page.all(".//*[@data-qr]")
    assert (drawn.get("role"), len(list(drawn.iter())) > 1) == ("img", True)
    secret = text_of(page.all(".//main//code")[0])
    assert text_of(visitor.get("/account/proof/number").page.all(".//main//code")[0]) == secret
    wrong = visitor.submit("/account/proof/number", {"number": other_than(number_of(secret))}, "/account/proof/number")
    assert (wrong.status_code, text_of(wrong.page.all(".//main//code")[0])) == (422, secret)
    assert NADIA not in page.html


def test_the_number_opens_once_and_a_neighbour_is_taken(
    app: Flask, visitor: PageClient, nadia: str, app_of: AppOf
) -> None:
    secret = app_of(nadia)
    with time_machine.travel(now(), tick=False) as clock:
        number = number_of(secret)
        assert first_step(visitor, next="/desk").location == "/sign-in/second?next=/desk"
        assert visitor.submit("/sign-in/second", {"number": other_than(number)}).status_code == 422
        assert visitor.submit("/sign-in/second?next=/desk", {"number": number}).location == "/desk"
        assert visitor.get("/desk").status_code == 200
        again = PageClient(app, app.response_class, use_cookies=True)
        first_step(again)
        replayed = again.submit("/sign-in/second", {"number": number})
        assert (replayed.status_code, "il a déjà servi" in replayed.page.main) == (422, True)
        assert again.submit("/sign-in/second", {"number": number_of(secret, -1)}).status_code == 422
        assert again.submit("/sign-in/second", {"number": number_of(secret, 2)}).status_code == 422
        clock.shift(30)
        assert again.submit("/sign-in/second", {"number": number_of(secret, 1)}).location == "/"


@one_engine
def test_a_mailed_code_is_a_first_step_too(
    visitor: PageClient, nadia: str, app_of: AppOf, ask: Callable[..., str]
) -> None:
    secret = app_of(nadia)
    answer = visitor.submit("/sign-in/code", {"code": ask(visitor, NADIA)})
    assert answer.location == "/sign-in/second?next=/"
    assert not signed_in(visitor)
    assert visitor.submit("/sign-in/second", {"number": f" {number_of(secret)[:3]} {number_of(secret)[3:]}"}).location
    assert signed_in(visitor)


@one_engine
def test_a_first_step_settles_no_other_proof(visitor: PageClient, nadia: str, app_of: AppOf) -> None:
    """Who knows the password must not give themselves the second step."""
    app_of(nadia)
    first_step(visitor)
    for path in ("/account/proof", "/account/proof/number", "/account/proof/number/remove"):
        assert visitor.get(path).location == "/sign-in/second?next=/account/proof"
    for path in ("/account/proof/number", "/account/proof/number/remove", "/account/proof/rescue"):
        answer = visitor.send(path, {"number": "123456"}, on="/sign-in/second")
        assert answer.location == "/sign-in/second?next=/account/proof"


@one_engine
def test_a_printed_code_serves_once(app: Flask, visitor: PageClient, nadia: str) -> None:
    first_step(visitor)
    set_up_app(visitor)
    code = text_of(visitor.get("/account/proof/rescue").page.all(".//main//code")[0])
    for expected in (303, 422):
        browser = PageClient(app, app.response_class, use_cookies=True)
        first_step(browser)
        assert browser.submit("/sign-in/second", {"number": code.lower().replace("-", " ")}).status_code == expected
    assert "Il reste 9 codes." in visitor.get("/account/proof").page.main


@one_engine
def test_five_wrong_numbers_then_wait_and_the_account_is_not_locked(
    app: Flask, visitor: PageClient, nadia: str, app_of: AppOf
) -> None:
    secret = app_of(nadia)
    known = PageClient(app, app.response_class, use_cookies=True)
    first_step(known, shared="")
    known.submit("/sign-in/second", {"number": number_of(secret, -1)})
    first_step(visitor)
    wrong = {"number": other_than(number_of(secret))}
    assert [visitor.submit("/sign-in/second", wrong).status_code for _ in range(6)] == [422] * 5 + [429]
    known.send("/sign-out", on="/account")
    first_step(known, shared="")
    assert known.submit("/sign-in/second", {"number": number_of(secret)}).status_code == 303


@one_engine
def test_a_right_and_a_wrong_number_take_the_same_path_but_for_what_opens(
    app: Flask, nadia: str, app_of: AppOf, queries: Any
) -> None:
    """A number that never was, one that has served, a printed code that never was: one path."""
    secret = app_of(nadia)
    first = PageClient(app, app.response_class, use_cookies=True)
    first_step(first)
    number = number_of(secret)
    first.submit("/sign-in/second", {"number": number})
    asked, seen = [], []
    for typed in (number_of(secret, 5), "ABCDE-FGHJK", "nothing"):
        browser = PageClient(app, app.response_class, use_cookies=True)
        first_step(browser)
        token = browser.token("/sign-in/second")
        with queries() as heard:
            answer = browser.post("/sign-in/second", data={"csrf_token": token, "number": typed})
        body = answer.get_data(as_text=True).replace(answer.page.csrf_token, "").replace(typed, "")
        asked.append(list(heard))
        seen.append((answer.status_code, body))
    assert (asked[0], seen[0]) == (asked[1], seen[1]) == (asked[2], seen[2])


@one_engine
def test_half_the_way_in_can_be_given_up(app: Flask, visitor: PageClient, nadia: str, app_of: AppOf) -> None:
    app_of(nadia)
    for leave in (
        lambda: visitor.send("/sign-in/second/again", on="/sign-in/second").location,
        lambda: visitor.get("/leave").status_code,
    ):
        first_step(visitor)
        leave()
        assert visitor.get("/sign-in").status_code == 200
        with app.app_context():
            assert db.session.scalars(db.select(LoginSession)).all() == []


@one_engine
def test_the_last_proof_stays(visitor: PageClient, nadia: str, app_of: AppOf) -> None:
    secret = app_of(nadia)
    first_step(visitor)
    visitor.submit("/sign-in/second", {"number": number_of(secret)})
    answer = visitor.submit("/account/proof/number/remove", follow_redirects=True)
    assert "C’est votre seule façon de finir d’entrer." in answer.page.text
    assert "Application réglée" in answer.page.main


@one_engine
def test_the_demo_and_members_come_in_with_one_step(app: Flask, visitor: PageClient, cast: Cast) -> None:
    assert first_step(visitor, cast.denis.email).location == "/"
    assert visitor.get("/desk").status_code == 200
    member = PageClient(app, app.response_class, use_cookies=True)
    with app.app_context(), transaction():
        make.make_account("zoe@exemple.fr", password=PASSWORD)
    assert first_step(member, "zoe@exemple.fr").location == "/"
    assert signed_in(member)


@one_engine
def test_the_team_proves_with_its_second_step_alone(
    app: Flask, visitor: PageClient, nadia: str, app_of: AppOf, mailbox: Mailbox
) -> None:
    secret = app_of(nadia)
    with time_machine.travel(now(), tick=False) as clock:
        first_step(visitor)
        visitor.submit("/sign-in/second", {"number": number_of(secret)})
        clock.shift(11 * 60)
        assert visitor.get("/account/proof").location == "/account/prove?next=/account/proof"
        page = visitor.get("/account/prove").page
        fields = {field for form in page.forms() for field in form.fields} & {"password", "code", "number"}
        assert fields == {"number"}
        assert visitor.send("/account/prove", {"password": PASSWORD}).status_code == 422
        right = {"number": number_of(secret), "next": "/account/proof"}
        assert visitor.send("/account/prove", right).location == "/account/proof"
        assert visitor.get("/account/proof").status_code == 200


@one_engine
def test_who_comes_again_after_thirty_quiet_minutes_is_told_why(visitor: PageClient, nadia: str, app_of: AppOf) -> None:
    secret = app_of(nadia)
    with time_machine.travel(now(), tick=False) as clock:
        first_step(visitor)
        visitor.submit("/sign-in/second", {"number": number_of(secret)})
        clock.shift(29 * 60)
        assert visitor.get("/desk").status_code == 200
        clock.shift(30 * 60)
        led = visitor.get("/desk")
        assert led.location == "/sign-in?next=/desk"
        page = visitor.get(led.location).page
        assert "Votre session est finie : rien n’a bougé pendant 30 minutes." in page.main
        typed = visitor.post(
            "/account/tokens", data={"csrf_token": page.csrf_token, "title": "x", "body": "Ce que j’écrivais."}
        )
        assert (typed.status_code, "Ce que j’écrivais." in typed.page.html) == (401, True)


def ask_token(app: Flask, **sent: str) -> Any:
    told = {"email": NADIA, "password": PASSWORD, "label": "essai", **sent}
    return app.test_client().post("/api/v1/tokens", json=told)


def test_a_key_of_the_team_costs_a_number(app: Flask, nadia: str, app_of: AppOf) -> None:
    secret = app_of(nadia)
    number = number_of(secret)
    told = [ask_token(app), ask_token(app, otp=other_than(number)), ask_token(app, otp=number)]
    assert [(each.status_code, each.json.get("code")) for each in told] == [
        (401, "otp_needed"),
        (401, "otp_wrong"),
        (201, None),
    ]
    assert ask_token(app, otp=number).json["code"] == "otp_wrong"
    key = {"Authorization": f"Bearer {told[2].json['token']}"}
    assert app.test_client().get("/api/v1/me", headers=key).json["role"] == "facilitator"


@one_engine
def test_a_printed_code_makes_no_key(app: Flask, visitor: PageClient, nadia: str) -> None:
    first_step(visitor)
    set_up_app(visitor)
    code = text_of(visitor.get("/account/proof/rescue").page.all(".//main//code")[0])
    assert ask_token(app, otp=code).json["code"] == "otp_wrong"
    assert "Il reste 10 codes." in visitor.get("/account/proof").page.main


@one_engine
def test_an_old_key_of_the_team_opens_nothing_without_a_proof(app: Flask, nadia: str, app_of: AppOf) -> None:
    with app.app_context(), transaction():
        _row, secret = make.make_token(nadia)
    key = {"Authorization": f"Bearer {secret}"}
    assert app.test_client().get("/api/v1/me", headers=key).status_code == 401
    app_of(nadia)
    assert app.test_client().get("/api/v1/me", headers=key).status_code == 200


@one_engine
def test_with_otp_a_wrong_password_and_an_unknown_address_are_answered_alike(
    app: Flask, nadia: str, app_of: AppOf, queries: Any
) -> None:
    number, seen = number_of(app_of(nadia)), []
    for email in (NADIA, "nobody@maison.example"):
        with queries() as asked:
            answer = ask_token(app, email=email, password="not the right one", otp=number)
        seen.append((answer.status_code, answer.get_data(), list(asked)))
    assert seen[0] == seen[1]
    with app.app_context():
        assert db.session.scalars(db.select(Token)).all() == []


def test_the_same_number_at_the_same_time_opens_one_session(app: Flask, nadia: str, app_of: AppOf) -> None:
    """The row decides: the half minute is taken by an update that only one of two can make."""
    from app.accounts.proofs.numbers import _use_number

    number = number_of(app_of(nadia))
    with app.app_context(), transaction():
        assert [_use_number(nadia, number), _use_number(nadia, number)] == [True, False]


@one_engine
def test_a_visitor_is_not_half_in(app: Flask, cast: Cast) -> None:
    browser = visitor(app)
    assert browser.get("/sign-in/second").location == "/sign-in?next=/"
    assert browser.send("/sign-in/second", {"number": "1"}, on="/sign-in").location == "/sign-in?next=/"
    assert browser.get("/account/proof").location == "/sign-in?next=/account/proof"


@one_engine
def test_printed_codes_alone_end_no_way_in(app: Flask, visitor: PageClient, nadia: str) -> None:
    """Who has no proof yet must not print codes and be in: codes only stand in for a proof that is there."""
    first_step(visitor)
    answer = visitor.send("/account/proof/rescue", on="/account/proof")
    assert (answer.status_code, answer.location) == (303, "/account/proof")
    assert not signed_in(visitor)
    with app.app_context():
        assert list(db.session.scalars(db.select(RescueCode))) == []
