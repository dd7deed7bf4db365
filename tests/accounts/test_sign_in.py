"""Coming in: by code and by password, for new and known alike."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts import passwords
from app.accounts.actions import WrongPassword, prove_password, set_password, take_account
from app.accounts.budgets import Asker
from app.accounts.models import Account, LoginSession, SignInCode
from app.core.clock import now
from app.core.db import db, transaction
from tests.accounts.conftest import other_than, signed_in
from tests.support.cast import Cast
from tests.support.clients import PageClient, visitor
from tests.support.factories import PASSWORD
from tests.support.mailbox import Mailbox, words_of

Ask = Callable[..., str]


def count(app: Flask, table: type[Any]) -> int:
    with app.app_context():
        return int(db.session.scalar(db.select(db.func.count()).select_from(table)) or 0)


def test_sign_up_leads_to_the_same_page(visitor: PageClient) -> None:
    answer = visitor.get("/sign-up?next=/clubs")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/clubs")


def test_a_page_for_members_asks_to_come_in_and_comes_back(visitor: PageClient, cast: Cast) -> None:
    asked = visitor.get("/account")
    assert (asked.status_code, asked.location) == (303, "/sign-in?next=/account")
    fields = {"email": cast.amina.email, "password": PASSWORD, "way": "password"}
    answer = visitor.submit(asked.location, fields)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert signed_in(visitor)


def test_the_device_is_taken_to_be_shared(visitor: PageClient) -> None:
    assert visitor.get("/sign-in").page.form("/sign-in").fields["shared"] == "y"


def test_a_code_makes_the_account_and_asks_nothing_else(app: Flask, visitor: PageClient, ask: Ask) -> None:
    code = ask(visitor, "Zoe@exemple.fr")
    assert count(app, Account) == 0
    answer = visitor.submit("/sign-in/code", {"code": code})
    assert (answer.status_code, answer.location) == (303, "/")
    assert signed_in(visitor)
    with app.app_context():
        account = db.session.scalars(db.select(Account)).one()
        assert (account.role, account.password_hash, account.demo) == ("member", None, False)
    assert count(app, SignInCode) == 0


def test_a_code_finds_the_account_that_exists(app: Flask, visitor: PageClient, cast: Cast, ask: Ask) -> None:
    before = count(app, Account)
    visitor.submit("/sign-in/code", {"code": ask(visitor, "amina@demo.example")})
    assert signed_in(visitor)
    assert count(app, Account) == before


@pytest.mark.parametrize(
    "shape", ["{0}{1}", " {0} {1}\t", "{0}\u00a0{1}", "{0}-{1}", "\u200f{0}{1}", "\u2068{0} {1}\u2069"]
)
def test_a_pasted_code(visitor: PageClient, ask: Ask, shape: str) -> None:
    code = ask(visitor, "zoe@exemple.fr")
    assert visitor.submit("/sign-in/code", {"code": shape.format(code[:3], code[3:])}).status_code == 303


def test_a_code_in_arabic_digits(visitor: PageClient, ask: Ask) -> None:
    code = ask(visitor, "zoe@exemple.fr")
    assert (
        visitor.submit("/sign-in/code", {"code": code.translate({48 + n: 0x660 + n for n in range(10)})}).status_code
        == 303
    )


def test_the_mail_says_the_house_and_no_club(visitor: PageClient, cast: Cast, ask: Ask, mailbox: Mailbox) -> None:
    code = ask(visitor, "zoe@exemple.fr")
    (mail,) = mailbox.mails()
    assert (mail["Subject"], mail["To"], mail["Auto-Submitted"]) == ("Votre code", "zoe@exemple.fr", "auto-generated")
    assert mail["From"].addresses[0].display_name == "Maison du Canal"
    lines = words_of(mail).splitlines()
    assert lines[0] == f"Votre code : {code[:3]} {code[3:]}"
    assert lines[-1] == "Maison du Canal"


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_password_does_not_run_out(visitor: PageClient, cast: Cast) -> None:
    with time_machine.travel(now() + timedelta(days=3 * 365)):
        answer = visitor.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD, "way": "password"})
        assert (answer.status_code, answer.location) == (303, "/")
        assert signed_in(visitor)


def test_get_never_signs_in(visitor: PageClient, cast: Cast, ask: Ask) -> None:
    code = ask(visitor, "zoe@exemple.fr")
    visitor.get(f"/sign-in/code?code={code}")
    visitor.get(f"/sign-in?email={cast.amina.email}&password={PASSWORD}&way=password")
    assert not signed_in(visitor)


def test_a_code_belongs_to_the_browser_that_asked(app: Flask, visitor: PageClient, ask: Ask) -> None:
    code = ask(visitor, "zoe@exemple.fr")
    other = PageClient(app, app.response_class, use_cookies=True)
    answer = other.send("/sign-in/code", {"code": code}, on="/sign-in")
    assert (answer.status_code, answer.location) == (303, "/sign-in")
    ask(other, "leo@exemple.fr")
    assert other.submit("/sign-in/code", {"code": code}).status_code == 422
    assert not signed_in(other)


def test_without_a_code_the_page_leads_back(visitor: PageClient) -> None:
    answer = visitor.get("/sign-in/code", follow_redirects=True)
    assert answer.page.h1 == "Entrer"
    assert "Demandez d’abord un code, sur cet appareil." in answer.page.main


def test_a_wrong_code_says_how_many_tries_are_left(visitor: PageClient, ask: Ask) -> None:
    code = ask(visitor, "zoe@exemple.fr")
    answer = visitor.submit("/sign-in/code", {"code": other_than(code)})
    assert answer.status_code == 422
    assert "Ce n’est pas le bon code. Il reste 4 essais." in answer.page.main
    assert answer.page.by_id("code").get("value") == other_than(code)


def test_five_tries_then_another_code(
    app: Flask, visitor: PageClient, ask: Ask, mailbox: Mailbox, run_jobs: Any
) -> None:
    code = ask(visitor, "zoe@exemple.fr")
    statuses = [visitor.submit("/sign-in/code", {"code": other_than(code)}).status_code for _ in range(5)]
    assert statuses == [422, 422, 422, 422, 410]
    assert visitor.submit("/sign-in/code", {"code": code}).status_code == 410
    assert visitor.submit("/sign-in/code", {"again": "1"}).location == "/sign-in/code"
    run_jobs()
    assert len(mailbox.mails()) == 2
    assert visitor.submit("/sign-in/code", {"code": mailbox.code_for("zoe@exemple.fr")}).status_code == 303
    assert signed_in(visitor)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "12345²", "½½½½½½"])
def test_what_is_no_code_costs_no_try(app: Flask, visitor: PageClient, ask: Ask, typed: str) -> None:
    ask(visitor, "zoe@exemple.fr")
    assert visitor.submit("/sign-in/code", {"code": typed}).status_code == 422
    with app.app_context():
        assert db.session.scalars(db.select(SignInCode.tries_left)).one() == 5


def test_a_code_ends_after_ten_minutes(visitor: PageClient, ask: Ask) -> None:
    begun = now()
    with time_machine.travel(begun, tick=False) as clock:
        code = ask(visitor, "zoe@exemple.fr")
        clock.shift(601)
        answer = visitor.submit("/sign-in/code", {"code": code})
        assert answer.status_code == 410
        assert "Ce code ne marche plus. Demandez-en un autre." in answer.page.main
    assert not signed_in(visitor)


def test_a_code_is_used_once(app: Flask, visitor: PageClient, ask: Ask) -> None:
    code = ask(visitor, "zoe@exemple.fr")
    with visitor.session_transaction() as session:
        kept = dict(session)
    visitor.submit("/sign-in/code", {"code": code})
    again = PageClient(app, app.response_class, use_cookies=True)
    with again.session_transaction() as session:
        session.update(kept)
    assert again.send("/sign-in/code", {"code": code}, on="/sign-in").location == "/sign-in"
    assert not signed_in(again)


def test_another_code_ends_the_one_before(visitor: PageClient, ask: Ask, mailbox: Mailbox, run_jobs: Any) -> None:
    first = ask(visitor, "zoe@exemple.fr")
    visitor.submit("/sign-in/code", {"again": "1"})
    run_jobs()
    assert "Celui d’avant ne marche plus" in visitor.get("/sign-in/code").page.main
    second = mailbox.code_for("zoe@exemple.fr")
    if first != second:
        assert visitor.submit("/sign-in/code", {"code": first}).status_code == 422
    assert visitor.submit("/sign-in/code", {"code": second}).status_code == 303


def test_asking_is_the_same_for_known_and_unknown(
    app: Flask, cast: Cast, queries: Any, mailbox: Mailbox, run_jobs: Any, hashes: list[str]
) -> None:
    seen = []
    for email in (cast.amina.email, "zoeee@demo.example"):
        browser = visitor(app)
        token = browser.token("/sign-in")
        with queries() as asked:
            answer = browser.post("/sign-in", data={"csrf_token": token, "email": email, "way": "code"})
        run_jobs()
        page = browser.get("/sign-in/code")
        body = page.get_data(as_text=True).replace(page.page.csrf_token, "").replace(email[0] + "•••", "x•••")
        headers = sorted(name for name, _value in answer.headers)
        mails = [len(words_of(mail)) for mail in mailbox.to(email)]
        seen.append((answer.status_code, answer.get_data(), headers, list(asked), body, mails))
    assert seen[0] == seen[1]
    assert hashes == []


def test_a_password_signs_in(app: Flask, visitor: PageClient, cast: Cast) -> None:
    answer = visitor.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD})
    assert (answer.status_code, answer.location) == (303, "/")
    assert signed_in(visitor)


def test_the_enter_key_tries_the_password_that_was_typed(visitor: PageClient, cast: Cast) -> None:
    first = visitor.get("/sign-in").page.all(".//main//form//button")[0]
    assert (first.get("name"), first.get("value")) == ("way", "enter")
    fields = {"email": cast.amina.email, "way": "enter"}
    assert visitor.submit("/sign-in", fields).location == "/sign-in/code"
    assert visitor.submit("/sign-in", fields | {"password": PASSWORD}).location == "/"


def test_wrong_password_and_unknown_address_are_answered_alike(
    app: Flask, cast: Cast, queries: Any, hashes: list[str]
) -> None:
    seen = []
    for email in (cast.amina.email, "zoeee@demo.example"):
        browser = visitor(app)
        token = browser.token("/sign-in")
        fields = {"csrf_token": token, "email": email, "password": "not the right one", "way": "password"}
        hashes.clear()
        with queries() as asked:
            answer = browser.post("/sign-in", data=fields)
        body = answer.get_data(as_text=True).replace(answer.page.csrf_token, "").replace(email, "")
        headers = sorted(name for name, _value in answer.headers)
        seen.append((answer.status_code, body, headers, list(asked), list(hashes)))
    assert seen[0] == seen[1]
    assert seen[0][0] == 401
    assert seen[0][4] == ["verify"]


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What argon2 was asked to do; it does it all the same."""
    done: list[str] = []
    hasher = passwords._hasher

    class Counting:
        def verify(self, *given: str) -> bool:
            done.append("verify")
            return bool(hasher.verify(*given))

        def hash(self, given: str) -> str:
            done.append("hash")
            return str(hasher.hash(given))

    monkeypatch.setattr(passwords, "_hasher", Counting())
    return done


def test_what_was_typed_comes_back(visitor: PageClient, cast: Cast) -> None:
    fields = {"email": cast.amina.email, "password": "not the right one", "way": "password"}
    answer = visitor.submit("/sign-in?next=/clubs", fields)
    form = answer.page.form("/sign-in").fields
    assert (form["email"], form["password"], form["next"], form["shared"]) == (cast.amina.email, "", "/clubs", "y")
    assert answer.page.title.startswith("Erreur")


def test_an_address_that_is_none(visitor: PageClient) -> None:
    answer = visitor.submit("/sign-in", {"email": "zoe@", "way": "code"})
    assert answer.status_code == 422
    assert answer.page.by_id("email").get("value") == "zoe@"


def test_the_password_button_asks_for_a_password(visitor: PageClient) -> None:
    assert visitor.submit("/sign-in", {"email": "zoe@exemple.fr", "way": "password"}).status_code == 422


def test_five_wrong_passwords_then_wait(visitor: PageClient, cast: Cast) -> None:
    wrong = {"email": cast.amina.email, "password": "not the right one", "way": "password"}
    assert [visitor.submit("/sign-in", wrong).status_code for _ in range(6)] == [401] * 5 + [429]
    answer = visitor.submit("/sign-in", wrong | {"password": PASSWORD})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    assert visitor.submit("/sign-in", wrong | {"email": cast.bruno.email}).status_code == 401


def test_right_passwords_do_not_count(visitor: PageClient, cast: Cast) -> None:
    right = {"email": cast.amina.email, "password": PASSWORD}
    assert [visitor.send("/sign-in", right, on="").status_code for _ in range(7)] == [303] * 7


def test_twenty_tries_from_one_place_then_wait(visitor: PageClient, app: Flask) -> None:
    token = visitor.token("/sign-in")
    statuses = [
        visitor.post("/sign-in", data={"csrf_token": token, "email": f"z{n}@exemple.fr", "way": "code"}).status_code
        for n in range(21)
    ]
    assert statuses == [303] * 20 + [429]


def test_a_house_network_has_twenty_times_as_many(visitor: PageClient, settle: Any) -> None:
    settle(house_networks=("127.0.0.0/8",))
    token = visitor.token("/sign-in")
    fields = [{"csrf_token": token, "email": f"z{n}@exemple.fr", "way": "code"} for n in range(25)]
    statuses = [visitor.post("/sign-in", data=each).status_code for each in fields]
    assert statuses == [303] * 25


def test_nothing_of_the_cookie_before_remains(visitor: PageClient, cast: Cast) -> None:
    token = visitor.token("/sign-in")
    with visitor.session_transaction() as session:
        session["planted"] = "by somebody else"
        before = session["csrf_token"]
    visitor.post("/sign-in", data={"csrf_token": token, "email": cast.amina.email, "password": PASSWORD})
    with visitor.session_transaction() as session:
        assert set(session) == {"_user_id", "_permanent"}
    visitor.get("/account")
    with visitor.session_transaction() as session:
        assert session["csrf_token"] != before


def test_signing_in_again_ends_the_session_of_this_browser(app: Flask, visitor: PageClient, cast: Cast) -> None:
    visitor.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD})
    visitor.send("/sign-in", {"email": cast.bruno.email, "password": PASSWORD}, on="/account")
    with app.app_context():
        assert [row.account_id for row in db.session.scalars(db.select(LoginSession))] == [cast.bruno.account_id]


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "evil"],
)
def test_next_never_leads_elsewhere(visitor: PageClient, cast: Cast, target: str) -> None:
    fields = {"email": cast.amina.email, "password": PASSWORD, "next": target}
    assert visitor.send("/sign-in", fields).location == "/"


def test_a_code_leads_back_to_the_page_that_was_asked(visitor: PageClient, ask: Ask) -> None:
    code = ask(visitor, "zoe@exemple.fr", next="/account")
    assert visitor.submit("/sign-in/code", {"code": code}).location == "/account"


def test_a_form_without_its_token_is_refused(visitor: PageClient, cast: Cast) -> None:
    assert visitor.post("/sign-in", data={"email": cast.amina.email, "password": PASSWORD}).status_code == 400
    assert not signed_in(visitor)


def test_demo_accounts_only_work_at_home(far: Flask, cast: Cast, ask: Ask) -> None:
    browser = visitor(far)
    wrong = browser.send("/sign-in", {"email": "nobody@exemple.fr", "password": PASSWORD})
    answer = browser.send("/sign-in", {"email": cast.amina.email, "password": PASSWORD})
    told = [each.page.main for each in (wrong, answer)]
    assert (answer.status_code, told[1]) == (401, told[0])
    code = ask(browser, cast.amina.email)
    assert browser.submit("/sign-in/code", {"code": code}).status_code == 422
    assert not signed_in(browser)


def test_a_demo_session_ends_where_others_can_reach_it(far: Flask, cast: Cast, client_of: Any, api_of: Any) -> None:
    assert client_of(cast.amina).get("/account").status_code == 303
    assert api_of(cast.amina).get("/me").status_code == 401


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_a_password_that_was_changed_while_it_was_looked_at_opens_nothing(app: Flask, cast: Cast) -> None:
    with app.test_request_context():
        proved = prove_password(cast.amina.email, PASSWORD, Asker("192.0.2.7"))
        set_password(cast.amina.actor, "une phrase bien longue", PASSWORD)
        with pytest.raises(WrongPassword), transaction():
            take_account(proved)
