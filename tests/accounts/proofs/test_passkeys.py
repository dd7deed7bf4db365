"""Passkeys: a device of one's own lets in, with a finger or the screen's code; nobody is asked for an address."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts import entrance
from app.accounts.models import Account, LoginSession
from app.accounts.proofs.models import Passkey, PasskeyChallenge
from app.core.clock import now
from app.core.db import db, transaction
from tests.accounts.conftest import signed_in
from tests.accounts.proofs.conftest import NADIA, first_step
from tests.support.authenticator import PRESENT, Phone
from tests.support.cast import Cast, Person
from tests.support.clients import PageClient, visitor
from tests.support.page import text_of

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
ClientOf = Callable[..., PageClient]


def begin(browser: PageClient, path: str = "/sign-in/passkey/begin") -> Any:
    answer = browser.post(path, data={"csrf_token": browser.token()})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    return answer.json


def keep(browser: PageClient, phone: Phone, label: str = "Mon téléphone") -> Any:
    made = phone.create(begin(browser, "/account/proof/passkeys/begin"))
    return browser.send("/account/proof/passkeys", {"credential": made, "label": label}, on="")


def come_in(browser: PageClient, phone: Phone, **fields: str) -> Any:
    signed = phone.get(begin(browser))
    return browser.send("/sign-in/passkey", {"credential": signed, **fields}, on="")


@pytest.fixture
def phone(cast: Cast, client_of: ClientOf) -> Phone:
    """Amina's, with which she may come in."""
    made = Phone()
    answer = keep(client_of(cast.amina), made)
    assert (answer.status_code, answer.location) == (303, "/account/proof")
    return made


def whose(app: Flask) -> list[str]:
    """Whose sessions there are, the newest last."""
    with app.app_context():
        rows = db.session.scalars(db.select(LoginSession).order_by(LoginSession.created_at))
        return [row.account_id for row in rows]


def test_a_device_lets_in_and_leads_back(app: Flask, cast: Cast, phone: Phone) -> None:
    browser = visitor(app)
    answer = come_in(browser, phone, next="/agenda")
    assert (answer.status_code, answer.location) == (303, "/agenda")
    assert signed_in(browser)
    assert whose(app)[-1] == cast.amina.account_id
    with app.app_context():
        row = db.session.scalars(db.select(Passkey)).one()
        assert (row.label, row.sign_count, row.created_on) == ("Mon téléphone", 1, now().date())
        newest = db.session.scalars(db.select(LoginSession).order_by(LoginSession.created_at.desc())).first()
        assert (newest.shared, newest.proved_at is not None) == (False, True)


@one_engine
def test_the_browser_is_told_no_person_no_club_and_no_account(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    made = begin(client_of(cast.amina), "/account/proof/passkeys/begin")
    assert (made["rp"], made["user"]["name"]) == (
        {"id": "localhost", "name": "Maison du Canal"},
        "Maison du Canal",
    )
    chosen = made["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    told = json.dumps(made)
    assert [secret for secret in (cast.amina.account_id, "amina", "Tilleul", "demo.example") if secret in told] == []
    asked = begin(visitor(app))
    assert (asked.get("allowCredentials", []), asked["userVerification"]) == ([], "required")


@one_engine
def test_one_account_keeps_one_handle_and_each_device_once(cast: Cast, client_of: ClientOf, phone: Phone) -> None:
    browser = client_of(cast.amina)
    again = begin(browser, "/account/proof/passkeys/begin")
    assert (again["user"]["id"], len(again["excludeCredentials"])) == (phone.handle, 1)
    assert begin(client_of(cast.bruno), "/account/proof/passkeys/begin")["user"]["id"] != phone.handle
    keep(browser, phone)
    assert "Cela n’a pas marché." in browser.get("/account/proof").page.text
    assert browser.get("/account/proof").page.main.count("Mon téléphone") == 2  # the name, and the same for readers


REFUSED = "Cela n’a pas marché."


def refused(app: Flask, browser: PageClient, answer: Any) -> bool:
    led = (answer.status_code, answer.location) == (303, "/sign-in?next=/")
    return led and REFUSED in browser.get("/sign-in").page.text and not signed_in(browser)


@one_engine
@pytest.mark.parametrize("wrong", ["origin", "unverified", "count", "handle", "key", "nobody"])
def test_what_is_not_right_lets_nobody_in(app: Flask, phone: Phone, wrong: str) -> None:
    stranger = Phone()
    if wrong == "origin":
        phone.origin = "http://localhost.evil.example:5000"
    if wrong == "unverified":
        phone.flags = PRESENT
    if wrong == "count":
        come_in(visitor(app), phone)
        phone.count = 0
    if wrong == "handle":
        phone.handle = "AAAA"
    if wrong == "key":
        phone._key = stranger._key
    if wrong == "nobody":
        phone = stranger
    browser = visitor(app)
    assert refused(app, browser, come_in(browser, phone))


@one_engine
def test_a_question_serves_one_browser_once_for_five_minutes(app: Flask, phone: Phone) -> None:
    browser, other = visitor(app), visitor(app)
    with time_machine.travel(now(), tick=False) as clock:
        signed = phone.get(begin(browser))
        assert refused(app, other, other.send("/sign-in/passkey", {"credential": signed}, on=""))
        assert browser.send("/sign-in/passkey", {"credential": signed}, on="").location == "/"
        browser.send("/sign-out", on="/account")
        replayed = visitor(app)
        with browser.session_transaction() as kept, replayed.session_transaction() as session:
            session.update(kept)
        assert refused(app, replayed, replayed.send("/sign-in/passkey", {"credential": signed}, on=""))
        late = visitor(app)
        signed = phone.get(begin(late))
        clock.shift(301)
        assert refused(app, late, late.send("/sign-in/passkey", {"credential": signed}, on=""))


@one_engine
def test_a_question_has_served_even_when_the_answer_was_wrong(app: Flask, phone: Phone) -> None:
    browser = visitor(app)
    options = begin(browser)
    with browser.session_transaction() as session:
        mark = session["passkey"]
    assert refused(app, browser, browser.send("/sign-in/passkey", {"credential": "{}"}, on=""))
    with browser.session_transaction() as session:
        session["passkey"] = mark
    again = browser.send("/sign-in/passkey", {"credential": phone.get(options)}, on="")
    assert refused(app, browser, again)


@one_engine
@pytest.mark.parametrize("sent", ["", "x", "[]", "{}", '{"id": 1}', '{"id": "x", "response": 3}', "{" * 5000])
def test_what_is_no_answer_is_refused(app: Flask, cast: Cast, client_of: ClientOf, sent: str) -> None:
    browser, own = visitor(app), client_of(cast.amina)
    begin(browser), begin(own, "/account/proof/passkeys/begin")
    assert refused(app, browser, browser.send("/sign-in/passkey", {"credential": sent}, on=""))
    own.send("/account/proof/passkeys", {"credential": sent}, on="")
    with app.app_context():
        assert db.session.scalars(db.select(Passkey)).all() == []


@one_engine
def test_a_known_and_an_unknown_passkey_take_the_same_path(app: Flask, phone: Phone, queries: Any) -> None:
    wrong = Phone()
    wrong.id, wrong.handle = phone.id, phone.handle
    seen = []
    for each in (wrong, Phone()):
        browser = visitor(app)
        token = browser.token("/sign-in")
        with queries() as asked:
            begun = browser.post("/sign-in/passkey/begin", data={"csrf_token": token})
            sent = {"csrf_token": token, "credential": each.get(begun.json)}
            answer = browser.post("/sign-in/passkey", data=sent)
        headers = sorted(name for name, _value in answer.headers)
        seen.append((answer.status_code, answer.get_data(), headers, list(asked), sorted(begun.json)))
    assert seen[0] == seen[1]


@one_engine
def test_asking_again_and_again_is_refused_and_coming_in_is_free(app: Flask, phone: Phone) -> None:
    for _time in range(12):
        come_in(visitor(app), phone)
    browser = visitor(app)
    token = browser.token("/sign-in")
    statuses = [browser.post("/sign-in/passkey/begin", data={"csrf_token": token}).status_code for _ in range(21)]
    assert statuses == [200] * 20 + [429]


@one_engine
def test_a_key_from_elsewhere_makes_no_device_one_s_own(app: Flask, phone: Phone) -> None:
    """A stick or a phone beside a computer of the library: its session is a short one."""
    phone.attachment = "cross-platform"
    come_in(visitor(app), phone)
    with app.app_context():
        newest = db.session.scalars(db.select(LoginSession).order_by(LoginSession.created_at.desc())).first()
        assert newest.shared is True


@one_engine
def test_a_device_for_several_people_keeps_none(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.amina, shared=True)
    page = browser.get("/account/proof").page
    assert "Pas sur un appareil qui sert à plusieurs personnes." in page.main
    assert page.all(".//form[@data-passkey]") == []
    token = page.csrf_token
    for path in ("/account/proof/passkeys/begin", "/account/proof/passkeys"):
        assert browser.post(path, data={"csrf_token": token, "credential": "{}"}).status_code == 403


@one_engine
def test_a_device_of_the_house_has_no_such_button(app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = visitor(app)
    assert len(browser.get("/sign-in").page.all(".//form[@data-passkey]")) == 1
    monkeypatch.setattr(entrance, "device_here", [lambda: "hall"])
    assert browser.get("/sign-in").page.all(".//form[@data-passkey]") == []
    assert browser.post("/sign-in/passkey/begin", data={"csrf_token": browser.token()}).status_code == 403


@one_engine
def test_an_address_of_numbers_says_where_to_go(cast: Cast, client_of: ClientOf) -> None:
    browser = client_of(cast.amina)
    with browser.session_transaction() as kept:
        secret = dict(kept)
    numbers = {"base_url": "http://127.0.0.1:5000"}
    with browser.session_transaction(**numbers) as kept:
        kept.update(secret)
    page = browser.get("/account/proof", **numbers).page
    assert "Ouvrez plutôt http://localhost:5000." in page.main
    assert (page.all(".//form[@data-passkey]"), page.all(".//script[@src]")[1:]) == ([], [])
    assert visitor(browser.application).get("/sign-in", **numbers).page.all(".//form[@data-passkey]") == []


@one_engine
def test_a_house_with_a_name_is_its_own_home(app: Flask, cast: Cast, client_of: ClientOf) -> None:
    app.config["ORIGINS"] = ["https://maison.example"]
    browser, phone = client_of(cast.amina), Phone("https://maison.example")
    assert begin(browser, "/account/proof/passkeys/begin")["rp"]["id"] == "maison.example"
    assert keep(browser, phone).status_code == 303
    assert come_in(visitor(app), phone).location == "/"


@one_engine
def test_a_device_is_named_and_given_up_by_its_person_alone(
    app: Flask, cast: Cast, client_of: ClientOf, phone: Phone
) -> None:
    own, other = client_of(cast.amina), client_of(cast.bruno)
    with app.app_context():
        path = f"/account/proof/passkeys/{db.session.scalars(db.select(Passkey.id)).one()}"
    assert other.get(path).status_code == 404
    for each in (path, f"{path}/remove"):
        assert other.send(each, {"label": "Pris"}, on="").status_code == 404
    assert own.submit(path, {"label": "Le bleu"}, path).location == "/account/proof"
    assert own.get(path).page.h1 == "Le bleu"
    assert own.submit(path, {"label": "x" * 41}, path).status_code == 422
    assert own.submit(path, action=f"{path}/remove").location == "/account/proof"
    browser = visitor(app)
    assert refused(app, browser, come_in(browser, phone))


@one_engine
def test_a_passkey_of_one_is_not_taken_for_another_s_proof(
    app: Flask, cast: Cast, client_of: ClientOf, phone: Phone
) -> None:
    def prove(person: Person) -> Any:
        browser = client_of(person)
        signed = phone.get(begin(browser, "/account/prove/passkey"))
        return browser.send("/account/prove", {"credential": signed, "next": "/agenda"}, on="")

    keep(client_of(cast.bruno), Phone())
    assert prove(cast.amina).location == "/agenda"
    assert prove(cast.bruno).status_code == 422
    entry = visitor(app)
    begin(entry)
    signed = phone.get(begin(client_of(cast.amina), "/account/prove/passkey"))
    assert refused(app, entry, entry.send("/sign-in/passkey", {"credential": signed}, on=""))


@one_engine
def test_the_team_comes_in_with_a_passkey_alone_and_prints_codes(app: Flask, nadia: str) -> None:
    browser, phone = visitor(app), Phone()
    first_step(browser, shared="")
    made = phone.create(begin(browser, "/account/proof/passkeys/begin"))
    answer = browser.send("/account/proof/passkeys", {"credential": made, "label": ""}, on="")
    assert answer.location == "/account/proof/rescue"
    codes = [text_of(each) for each in browser.get(answer.location).page.all(".//main//code")]
    assert (len(codes), browser.get("/desk").status_code) == (10, 200)
    other = visitor(app)
    assert come_in(other, phone, next="/desk").location == "/desk"
    assert other.get("/desk").status_code == 200
    half = visitor(app)
    first_step(half)
    assert half.get("/account/proof").location == "/sign-in/second?next=/account/proof"
    page = half.get("/sign-in/second").page
    assert len(page.all(".//form[@data-passkey]")) == 1
    assert come_in(half, phone).location == "/"
    with app.app_context():
        held = db.session.scalars(db.select(LoginSession).where(LoginSession.account_id == nadia)).all()
        assert [row.proved_at is None for row in held] == [False] * len(held)
    lost = visitor(app)
    first_step(lost)
    assert lost.submit("/sign-in/second", {"number": codes[0]}, "/sign-in/second").location == "/"


@one_engine
def test_the_last_passkey_of_the_team_stays(app: Flask, nadia: str) -> None:
    browser = visitor(app)
    first_step(browser, shared="")
    browser.send(
        "/account/proof/passkeys",
        {"credential": Phone().create(begin(browser, "/account/proof/passkeys/begin"))},
        on="",
    )
    with app.app_context():
        path = f"/account/proof/passkeys/{db.session.scalars(db.select(Passkey.id)).one()}"
    assert browser.submit(path, action=f"{path}/remove").location == path
    keep(browser, Phone())
    assert browser.submit(path, action=f"{path}/remove").location == "/account/proof"
    assert NADIA not in browser.get("/account/proof").page.main


@one_engine
def test_questions_that_are_over_go(app: Flask, cast: Cast, run_jobs: Callable[[], int]) -> None:
    from app.accounts.proofs.passkeys import forget_old_challenges

    with time_machine.travel(now(), tick=False) as clock:
        begin(visitor(app))
        clock.shift(301)
        with app.app_context():
            forget_old_challenges()
            assert db.session.scalars(db.select(PasskeyChallenge)).all() == []


@one_engine
def test_demo_passkeys_only_work_at_home(app: Flask, cast: Cast, phone: Phone, settle: Any) -> None:
    settle(base_url="https://maison.example")
    browser = visitor(app)
    answer = come_in(browser, phone)
    assert (answer.location, signed_in(browser)) == ("/sign-in?next=/", False)


@one_engine
def test_a_locked_account_is_refused_like_an_unknown_passkey(app: Flask, cast: Cast, phone: Phone) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Account, cast.amina.account_id).locked_at = now()
    locked = led(app, phone)
    with app.app_context(), transaction():
        db.session.execute(db.delete(Passkey))
    assert locked == led(app, phone)
    assert locked[0] == "/sign-in?next=/"


def led(app: Flask, phone: Phone) -> tuple[str, str]:
    """Where a passkey that opens nothing leads, and what is said there."""
    browser = visitor(app)
    place = come_in(browser, phone).location
    return place, browser.get(place).page.main
