"""A house that works with cards only: nothing is written to anybody, and everything that it has works."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from app.accounts.digests import send_digests
from app.accounts.notices import notify
from app.core.db import db, transaction
from app.core.models import Job
from app.houses.setup.actions import print_code
from tests.accounts.cards.conftest import Carded
from tests.accounts.conftest import signed_in
from tests.houses.test_setup import YOU, walk
from tests.support import factories as make
from tests.support.cast import Cast
from tests.support.clients import PageClient, client_of, visitor
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
CHOSEN = "quatre mots sans lien"
# Nobody else of the team comes in without a second proof: see the tests of proofs.
DEMO_YOU = {**YOU, "email": "lou@demo.example"}


@pytest.fixture
def quiet(app: Flask) -> Iterator[Flask]:
    """The same house, with MAIL=off."""
    before = app.extensions["settings"]
    app.extensions["settings"] = replace(before, mail_off=True)
    yield app
    app.extensions["settings"] = before


def mails(app: Flask) -> int:
    with app.app_context():
        return int(db.session.scalar(db.select(db.func.count()).where(Job.kind == "mail:send")) or 0)


def test_the_way_in_asks_for_the_card_and_sends_no_code(quiet: Flask, carded: Carded) -> None:
    page = visitor(quiet).get("/sign-in").page
    assert [form.action for form in page.forms() if form.action.startswith("/sign-in")] == ["/sign-in/card", "/sign-in"]
    assert "code" not in page.main
    answer = visitor(quiet).send("/sign-in", {"email": "zoe@exemple.fr", "way": "code"}, on="/sign-in")
    assert (answer.status_code, mails(quiet)) == (422, 0)
    browser = visitor(quiet)
    browser.send("/sign-in/card", carded.typed, on="/sign-in")
    assert signed_in(browser)


def test_a_password_with_an_address_stays_for_the_team(quiet: Flask, cast: Cast) -> None:
    browser = visitor(quiet)
    told = {"email": cast.denis.email, "password": make.PASSWORD, "way": "password"}
    wrong = browser.submit("/sign-in", told | {"password": "faux"}, action="/sign-in")
    assert (wrong.status_code, wrong.page.title.startswith("Erreur :")) == (401, True)
    assert browser.submit("/sign-in", told, action="/sign-in").status_code == 303
    assert browser.get("/desk").status_code == 200


def test_signing_up_leads_to_the_desk(quiet: Flask, cast: Cast) -> None:
    assert visitor(quiet).get("/sign-up").page.h1 == "Venez à l’accueil"


def test_the_account_speaks_of_no_mail(quiet: Flask, carded: Carded) -> None:
    browser = visitor(quiet)
    browser.submit("/sign-in/card", carded.typed)
    account = browser.get("/account").page
    assert [each for each in ("Un code par e-mail", "Me prévenir", "Choisir mes mails") if each in account.main] == []
    assert [browser.get(path).status_code for path in ("/account/mails", "/account/address")] == [404, 404]
    assert browser.send("/account/address", {"email": "a@exemple.fr"}, on="/account").status_code == 404


def test_nothing_is_written_to_anybody(quiet: Flask, cast: Cast, run_jobs: Callable[[], int], mailbox: Any) -> None:
    """What writes elsewhere writes nothing here, nor does what waited when mail was switched off."""

    def write() -> bool:
        with quiet.test_request_context(), transaction():
            return notify(cast.amina.account_id, "decision", "Sujet", "decision", path="/decisions")

    quiet_settings = quiet.extensions["settings"]
    quiet.extensions["settings"] = replace(quiet_settings, mail_off=False)
    assert (write(), mails(quiet)) == (True, 1)
    quiet.extensions["settings"] = quiet_settings
    assert (write(), mails(quiet)) == (False, 1)
    with quiet.app_context():
        assert send_digests() == 0
    run_jobs()
    assert (mails(quiet), mailbox.mails()) == (0, [])


def test_who_joins_the_team_gets_a_card_that_serves_once(quiet: Flask, cast: Cast) -> None:
    manager = client_of(quiet, cast.elise)
    told = {"email": "lea@demo.example", "name": "Léa", "role": "facilitator"}
    answer = manager.submit("/houses/canal/team/invite", told, follow_redirects=True)
    number, words = (text_of(line) for line in answer.page.all(".//section[@class='paper-card']//b"))
    browser, typed = visitor(quiet), {"card": number, "words": words}
    assert browser.submit("/sign-in/card", typed).location == "/account/password"
    assert browser.submit("/account/password", {"password": CHOSEN}, action="/account/password").status_code == 303
    assert visitor(quiet).submit("/sign-in/card", typed).status_code == 401
    again = {"email": "lea@demo.example", "password": CHOSEN, "way": "password"}
    assert visitor(quiet).submit("/sign-in", again, action="/sign-in").status_code == 303
    assert mails(quiet) == 0


def test_an_empty_house_opens_with_a_password(quiet: Flask) -> None:
    with quiet.app_context():
        code = print_code()
    assert code is not None
    browser: PageClient = visitor(quiet)
    walk(browser, code, until=3)
    short = browser.send("/setup/you", {**YOU, "password": "court"})
    assert (short.status_code, "Choisissez au moins 10 signes." in short.page.main) == (422, True)
    assert browser.send("/setup/you", {**DEMO_YOU, "password": CHOSEN}).location == "/sign-in"
    told = {"email": DEMO_YOU["email"], "password": CHOSEN, "way": "password"}
    assert browser.submit("/sign-in", told, action="/sign-in").status_code == 303
    assert (browser.get("/api/v1/me").json["role"], mails(quiet)) == ("manager", 0)


def test_the_command_line_prints_the_card_of_a_colleague(quiet: Flask, cast: Cast) -> None:
    told = ["staff", "create", "max@maison.example", "--house", "canal", "--role", "manager"]
    said = quiet.test_cli_runner().invoke(args=told).output
    number, words = said.strip().rpartition("the card ")[2].split(", ")
    assert visitor(quiet).submit("/sign-in/card", {"card": number, "words": words}).location == "/account/password"


def test_the_words_prove_again_who_it_is(quiet: Flask, carded: Carded) -> None:
    browser = visitor(quiet)
    browser.submit("/sign-in/card", carded.typed)
    with quiet.app_context(), transaction():
        db.session.execute(db.text("UPDATE login_session SET proved_at = NULL"))
    assert browser.submit("/account/prove", {"words": "un deux trois"}, action="/account/prove").status_code == 422
    answer = browser.submit("/account/prove?next=/agenda", {"words": " ".join(carded.words)}, action="/account/prove")
    assert (answer.status_code, answer.location) == (303, "/agenda")
