"""One's own account: sessions, password, address, keys."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.models import Account, LoginSession, Token
from app.accounts.passwords import verify_password, words_of_the_house
from app.clubs.models import Club
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Revocation
from app.houses.models import House
from tests.accounts.conftest import other_than
from tests.support.cast import Cast, Person
from tests.support.clients import ApiClient, PageClient, visitor
from tests.support.factories import PASSWORD
from tests.support.mailbox import Mailbox

NEW = "une phrase assez longue"


def account_of(app: Flask, person: Person) -> Account:
    with app.app_context():
        found = db.session.get(Account, person.account_id)
        assert found is not None
        return found


def test_the_page_shows_no_whole_address(cast: Cast, client_of: Any) -> None:
    answer = client_of(cast.amina).get("/account")
    assert answer.page.h1 == "Mon compte"
    assert "a•••@demo.example" in answer.page.main
    assert cast.amina.email not in answer.get_data(as_text=True)
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_has_no_name_and_no_club(cast: Cast, client_of: Any) -> None:
    text = client_of(cast.amina).get("/account").get_data(as_text=True).lower()
    assert [word for word in ("tilleul", "romarin", "ama<", "sacha") if word in text] == []


def test_staff_have_the_same_page(cast: Cast, client_of: Any) -> None:
    assert client_of(cast.denis).get("/account").page.h1 == "Mon compte"


def test_sign_out_ends_this_session_only(app: Flask, cast: Cast, client_of: Any) -> None:
    one, two = client_of(cast.amina), client_of(cast.amina)
    answer = one.submit("/account", action="/sign-out")
    assert (answer.status_code, answer.location) == (303, "/")
    assert [one.get("/account").status_code, two.get("/account").status_code] == [303, 200]


def test_sign_out_everywhere(cast: Cast, client_of: Any) -> None:
    one, two, other = client_of(cast.amina), client_of(cast.amina), client_of(cast.bruno)
    assert one.submit("/account", action="/sign-out-everywhere").status_code == 303
    assert [each.get("/account").status_code for each in (one, two, other)] == [303, 303, 200]


def test_close_another_session(app: Flask, cast: Cast, client_of: Any) -> None:
    one, two = client_of(cast.amina), client_of(cast.amina)
    page = one.get("/account").page
    # This device stands where one is in, and among the ways in.
    assert (page.main.count("Cet appareil"), page.main.count("Un autre appareil")) == (2, 1)
    closing = next(form for form in page.forms() if form.action.endswith("/close"))
    assert one.post(closing.action, data=closing.fields).status_code == 303
    assert [one.get("/account").status_code, two.get("/account").status_code] == [200, 303]


def test_another_person_s_session_is_not_found(app: Flask, cast: Cast, client_of: Any) -> None:
    client_of(cast.bruno)
    with app.app_context():
        theirs = db.session.scalars(db.select(LoginSession.id)).one()
    browser = client_of(cast.amina)
    answers = [browser.send(f"/account/sessions/{each}/close", on="/account") for each in (theirs, "nothing")]
    assert [each.status_code for each in answers] == [404, 404]
    assert answers[0].page.main == answers[1].page.main


@pytest.mark.parametrize("path", ["/sign-out", "/sign-out-everywhere", "/account/tokens", "/account/password"])
def test_nothing_is_done_without_the_csrf_token(cast: Cast, client_of: Any, path: str) -> None:
    browser = client_of(cast.amina)
    assert browser.post(path, data={"password": NEW, "current": PASSWORD, "label": "x"}).status_code == 400
    assert browser.get("/account").status_code == 200


def test_a_password_is_chosen(app: Flask, visitor: PageClient, ask: Callable[..., str]) -> None:
    visitor.submit("/sign-in/code", {"code": ask(visitor, "zoe@exemple.fr")})
    assert "Aucun. Ce n’est pas obligatoire." in visitor.get("/account").page.main
    answer = visitor.submit("/account/password", {"password": NEW}, action="/account/password")
    assert (answer.status_code, answer.location) == (303, "/account")
    other = PageClient(app, app.response_class, use_cookies=True)
    assert other.send("/sign-in", {"email": "zoe@exemple.fr", "password": NEW}).status_code == 303


def test_a_new_password_ends_the_other_sessions(app: Flask, cast: Cast, client_of: Any) -> None:
    one, two = client_of(cast.amina), client_of(cast.amina)
    fields = {"current": PASSWORD, "password": NEW}
    assert one.submit("/account/password", fields, action="/account/password").status_code == 303
    assert [one.get("/account").status_code, two.get("/account").status_code] == [200, 303]
    assert verify_password(account_of(app, cast.amina).password_hash, NEW)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"current": "not the right one", "password": NEW}, "Ce n’est pas votre mot de passe actuel."),
        ({"current": "", "password": NEW}, "Ce n’est pas votre mot de passe actuel."),
        ({"current": PASSWORD, "password": ""}, "Écrivez le nouveau mot de passe."),
        ({"current": PASSWORD, "password": "court"}, "Choisissez au moins 10 signes."),
        ({"current": PASSWORD, "password": "x" * 201}, "Choisissez au plus 200 signes."),
        ({"current": PASSWORD, "password": "1234567890"}, "Ce mot de passe est trop connu. Choisissez-en un autre."),
        (
            {"current": PASSWORD, "password": "Amina pour toujours"},
            "Votre adresse est dans ce mot de passe. Choisissez-en un autre.",
        ),
    ],
)
def test_a_password_is_refused(app: Flask, cast: Cast, client_of: Any, fields: dict[str, str], said: str) -> None:
    answer = client_of(cast.amina).submit("/account/password", fields, action="/account/password")
    assert answer.status_code == 422
    assert said in answer.page.main
    assert verify_password(account_of(app, cast.amina).password_hash, PASSWORD)


def test_the_password_is_given_up(app: Flask, cast: Cast, client_of: Any) -> None:
    browser = client_of(cast.amina)
    wrong = browser.submit("/account/password", {"current": "no"}, action="/account/password/remove")
    assert (wrong.status_code, account_of(app, cast.amina).password_hash is None) == (422, False)
    answer = browser.submit("/account/password", {"current": PASSWORD}, action="/account/password/remove")
    assert (answer.status_code, account_of(app, cast.amina).password_hash) == (303, None)
    assert visitor(app).send("/sign-in", {"email": cast.amina.email, "password": PASSWORD}).status_code == 401


def test_the_present_password_is_not_guessed_here(cast: Cast, client_of: Any) -> None:
    browser = client_of(cast.amina)
    fields = {"current": "not the right one", "password": NEW}
    statuses = [browser.submit("/account/password", fields, action="/account/password").status_code for _ in range(6)]
    assert statuses == [422] * 5 + [429]


@pytest.fixture
def move(run_jobs: Any, mailbox: Mailbox) -> Callable[..., str]:
    """Ask to change the address; gives the code that was sent to the new one."""

    def ask_move(browser: PageClient, email: str) -> str:
        answer = browser.submit("/account/address", {"email": email, "current": PASSWORD})
        assert (answer.status_code, answer.location) == (303, "/account/address/code")
        run_jobs()
        return mailbox.code_for(email)

    return ask_move


def test_the_address_changes(
    app: Flask, cast: Cast, client_of: Any, move: Any, mailbox: Mailbox, run_jobs: Any
) -> None:
    browser = client_of(cast.amina)
    code = move(browser, "zoe@exemple.fr")
    assert browser.submit("/account/address/code", {"code": code}).location == "/account"
    assert "z•••@exemple.fr" in browser.get("/account").page.main
    run_jobs()
    assert [mail["Subject"] for mail in mailbox.to(cast.amina.email)] == ["Votre adresse a changé"]
    assert visitor(app).send("/sign-in", {"email": "zoe@exemple.fr", "password": PASSWORD}).status_code == 303
    assert visitor(app).send("/sign-in", {"email": cast.amina.email, "password": PASSWORD}).status_code == 401


def test_the_old_address_works_until_the_code_is_entered(app: Flask, cast: Cast, client_of: Any, move: Any) -> None:
    browser = client_of(cast.amina)
    code = move(browser, "zoe@exemple.fr")
    wrong = browser.submit("/account/address/code", {"code": other_than(code)})
    assert (wrong.status_code, "Il reste 4 essais." in wrong.page.main) == (422, True)
    assert visitor(app).send("/sign-in", {"email": cast.amina.email, "password": PASSWORD}).status_code == 303


def test_an_address_needs_the_password(cast: Cast, client_of: Any, mailbox: Mailbox, run_jobs: Any) -> None:
    answer = client_of(cast.amina).submit("/account/address", {"email": "zoe@exemple.fr", "current": "no"})
    run_jobs()
    assert (answer.status_code, mailbox.mails()) == (422, [])


@pytest.mark.parametrize("typed", ["", "zoe@"])
def test_an_address_that_is_none(cast: Cast, client_of: Any, typed: str) -> None:
    answer = client_of(cast.amina).submit("/account/address", {"email": typed, "current": PASSWORD})
    assert answer.status_code == 422


def test_an_address_of_another_account(cast: Cast, client_of: Any, move: Any) -> None:
    browser = client_of(cast.amina)
    answer = browser.submit("/account/address/code", {"code": move(browser, cast.bruno.email)})
    assert answer.status_code == 409
    assert "Un autre compte a déjà cette adresse." in answer.page.main


def test_a_code_for_one_thing_does_not_do_another(
    app: Flask, cast: Cast, client_of: Any, move: Any, ask: Callable[..., str]
) -> None:
    browser, other = client_of(cast.amina), visitor(app)
    code = move(browser, "zoe@exemple.fr")
    with browser.session_transaction() as session:
        mark = session["moving"]
    ask(other, "leo@exemple.fr")
    with other.session_transaction() as session:
        session["asked"] = session["asked"] | {"mark": mark}
    answer = other.send("/sign-in/code", {"code": code}, on="/sign-in")
    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_the_code_page_without_a_code(cast: Cast, client_of: Any) -> None:
    browser = client_of(cast.amina)
    assert browser.get("/account/address/code").location == "/account/address"
    answer = browser.send("/account/address/code", {"code": "123456"}, on="/account")
    assert (answer.status_code, answer.location) == (303, "/account/address")


def test_a_key_is_shown_once_and_ends(app: Flask, cast: Cast, client_of: Any) -> None:
    browser = client_of(cast.amina)
    made = browser.submit("/account", {"label": "  Mon   script "}, action="/account/tokens")
    assert (made.status_code, made.location) == (303, "/account#keys")
    page = browser.get("/account").page
    secret = page.by_id("new-key").get("value")
    assert "Mon script" in page.main
    program = ApiClient(app, app.response_class, use_cookies=False)
    program.secret = secret
    assert program.get("/me").status_code == 200
    again = browser.get("/account")
    assert (again.page.by_id("new-key"), secret in again.get_data(as_text=True)) == (None, False)
    ending = next(form for form in again.page.forms() if form.action.endswith("/delete"))
    assert browser.post(ending.action, data=ending.fields).status_code == 303
    assert program.get("/me").status_code == 401


@pytest.mark.parametrize("who", ["amina", "denis"])
def test_a_key_asks_for_a_fresh_proof(app: Flask, cast: Cast, client_of: Any, who: str) -> None:
    """Whoever sits down at an open session takes no key away that goes on when the session has ended."""
    browser = client_of(getattr(cast, who))
    with app.app_context(), transaction():
        db.session.execute(db.update(LoginSession).values(proved_at=now() - timedelta(minutes=11)))
    asked = browser.send("/account/tokens", {"label": "essai"}, on="/account")
    assert (asked.status_code, asked.location) == (303, "/account/prove")
    page = browser.get("/account").page
    assert [form for form in page.forms() if form.action == "/account/tokens"] == []
    assert page.html.count('href="/account/prove?next=/account"') == 1
    with app.app_context():
        assert db.session.scalars(db.select(Token)).all() == []
    proved = browser.submit("/account/prove?next=/account", {"password": PASSWORD}, "/account/prove")
    assert proved.location == "/account"
    assert browser.submit("/account", {"label": "essai"}, action="/account/tokens").location == "/account#keys"


@pytest.mark.parametrize("label", ["", "   ", "x" * 61])
def test_a_key_needs_a_name(app: Flask, cast: Cast, client_of: Any, label: str) -> None:
    answer = client_of(cast.amina).submit("/account", {"label": label}, action="/account/tokens")
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.scalars(db.select(Token)).all() == []


def test_another_person_s_key_is_not_found(app: Flask, cast: Cast, client_of: Any, api_of: Any) -> None:
    theirs = api_of(cast.bruno)
    with app.app_context():
        token_id = db.session.scalars(db.select(Token.id)).one()
    assert client_of(cast.amina).send(f"/account/tokens/{token_id}/delete", on="/account").status_code == 404
    assert theirs.get("/me").status_code == 200


def test_a_key_opens_no_page(app: Flask, cast: Cast, api_of: Any) -> None:
    program = visitor(app)
    said = {"Authorization": f"Bearer {api_of(cast.amina).secret}"}
    assert program.get("/account", headers=said).status_code == 303
    token = program.token("/sign-in")
    # Only a form whose address is a page of its own has one to come back to.
    for path, then in {
        "/account/tokens": "",
        "/account/password": "?next=/account/password",
        "/account/password/remove": "",
        "/sign-out-everywhere": "",
    }.items():
        fields = {"csrf_token": token, "label": "x", "password": NEW, "current": PASSWORD}
        assert program.post(path, data=fields, headers=said).location == f"/sign-in{then}"
    with app.app_context():
        assert len(db.session.scalars(db.select(Token)).all()) == 1
    assert verify_password(account_of(app, cast.amina).password_hash, PASSWORD)


def test_a_page_hears_the_cookie_whatever_the_key(app: Flask, cast: Cast, client_of: Any, api_of: Any) -> None:
    said = {"Authorization": f"Bearer {api_of(cast.bruno).secret}"}
    page = client_of(cast.amina).get("/account", headers=said).page
    assert "a•••@demo.example" in page.main


def test_keys_have_an_end(app: Flask, cast: Cast, client_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.accounts.actions.MAX_KEYS", 2)
    browser = client_of(cast.amina)
    for _ in range(2):
        assert browser.submit("/account", {"label": "x"}, action="/account/tokens").status_code == 303
    answer = browser.submit("/account", {"label": "un autre"}, action="/account/tokens")
    assert answer.status_code == 409
    assert "Effacez celles qui ne servent plus." in answer.page.main
    body = {"email": cast.amina.email, "password": PASSWORD, "label": "x"}
    refused = visitor(app).post("/api/v1/tokens", json=body)
    assert (refused.status_code, refused.json["code"]) == (409, "too_many_keys")
    assert visitor(app).post("/api/v1/tokens", json=body | {"email": cast.bruno.email}).status_code == 201


def test_a_new_password_says_that_keys_go_on(cast: Cast, client_of: Any, api_of: Any) -> None:
    fields = {"current": PASSWORD, "password": NEW}
    browser = client_of(cast.amina)
    assert "/account#keys" not in browser.get("/account/password").page.links
    program = api_of(cast.amina)
    assert "/account#keys" in browser.get("/account/password").page.links
    browser.submit("/account/password", fields, action="/account/password")
    assert "Vos clés marchent encore" in browser.get("/account").page.text
    assert program.get("/me").status_code == 200
    browser = client_of(cast.bruno)
    browser.submit("/account/password", fields, action="/account/password")
    assert "Vos clés marchent encore" not in browser.get("/account").page.text


@pytest.mark.parametrize(
    "target", ["/leave", "/leave?x=1", "/leave/", "/%6Ceave", "/./leave", "/x/%2e%2e/leave", "/sign-out"]
)
def test_next_ends_no_session(visitor: PageClient, cast: Cast, target: str) -> None:
    fields = {"email": cast.amina.email, "password": PASSWORD, "next": target}
    assert visitor.send("/sign-in", fields).location == "/"
    assert visitor.get("/reading", query_string={"language": "fr", "next": target}).location == "/"


def test_a_session_that_has_expired_is_revoked_when_its_row_goes(app: Flask, visitor: PageClient, cast: Cast) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        visitor.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD, "shared": "y"})
        with app.app_context():
            old = db.session.scalars(db.select(LoginSession.id)).one()
        clock.shift(13 * 3600)
        visitor.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD}, on="")
        with app.app_context():
            assert f"session:{old}" in db.session.scalars(db.select(Revocation.grant)).all()
            assert db.session.get(LoginSession, old) is None


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_words_of_the_house_are_its_own_and_every_plant(app: Flask, cast: Cast, client_of: Any) -> None:
    """Every plant that there is, so that a refusal does not tell that a club bears its name."""
    with app.app_context():
        words = words_of_the_house()
        house = db.session.scalars(db.select(House).where(House.slug == "canal")).one()
        plants = set(db.session.scalars(db.select(Club.plant)))
    assert {"canal", "romarin", "tilleul", "abricotier", "vinette"} <= words
    assert {word for word in house.name.casefold().split() if len(word) >= 4} <= words
    assert len(words) > 20 * len(plants)
    browser = client_of(cast.amina)
    for password in ("Abricotier2026", "maison-du-canal"):
        fields = {"current": PASSWORD, "password": password}
        answer = browser.submit("/account/password", fields, action="/account/password")
        assert (answer.status_code, "ressemble trop" in answer.page.main) == (422, True)
