"""A manager locks an account by typing its address or the number of its card, and learns nothing by it."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.cards.numbers import new_number
from app.accounts.models import Account, LoginSession, Token
from app.core.clock import now
from app.core.db import db, transaction
from app.core.models import Job, Revocation
from app.houses.journal import about, all_entries
from tests.support import factories as make
from tests.support.cast import Cast
from tests.support.clients import PageClient, api_of, client_of, visitor
from tests.support.mailbox import Mailbox
from tests.support.page import Page

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SAID = "C’est fait. S’il y a un compte, il est bloqué."


def set_lock(manager: PageClient, account: str, way: str = "lock") -> Any:
    return manager.send("/desk/lock", {"account": account, "way": way}, on="/desk/lock")


def locked(app: Flask, account_id: str) -> bool:
    with app.app_context():
        return db.session.get_one(Account, account_id).locked_at is not None


def test_everything_that_was_open_ends_at_once(app: Flask, cast: Cast) -> None:
    phone, program, manager = client_of(app, cast.amina), api_of(app, cast.amina), client_of(app, cast.elise)
    assert (phone.get("/account").status_code, program.get("/me").status_code) == (200, 200)
    answer = set_lock(manager, " Amina@Demo.example ")
    assert (answer.status_code, answer.location) == (303, "/desk/lock")
    assert SAID in manager.get("/desk/lock").page.main
    assert (phone.get("/account").status_code, program.get("/me").status_code) == (303, 401)
    with app.app_context():
        ended = set(db.session.scalars(db.select(Revocation.grant)))
        held = [db.session.scalars(db.select(table.account_id)).all() for table in (LoginSession, Token)]
    assert f"account:{cast.amina.account_id}" in ended
    assert cast.amina.account_id not in [*held[0], *held[1]]


def test_every_way_in_answers_as_wrong_or_unknown(
    app: Flask, cast: Cast, mailbox: Mailbox, run_jobs: Callable[[], int]
) -> None:
    """A code still leaves: asking for one looks at no account. It opens nothing, as a wrong one."""
    with app.app_context(), transaction():
        card = make.make_card(cast.amina.account_id)
    set_lock(client_of(app, cast.elise), cast.amina.email)
    told = {"email": cast.amina.email, "password": make.PASSWORD, "way": "password"}
    answers = [visitor(app).submit("/sign-in", told | {"email": each}) for each in (told["email"], "no@exemple.fr")]
    assert [answer.status_code for answer in answers] == [401, 401]
    by_card = visitor(app).submit("/sign-in/card", {"card": card.number, "words": " ".join(card.words)})
    key = {"email": cast.amina.email, "password": make.PASSWORD, "label": "x"}
    assert (by_card.status_code, visitor(app).post("/api/v1/tokens", json=key).status_code) == (401, 401)
    browser = visitor(app)
    browser.submit("/sign-in", {"email": cast.amina.email, "way": "code"})
    run_jobs()
    assert [mail["To"] for mail in mailbox.mails()] == [cast.amina.email]
    by_code = browser.submit("/sign-in/code", {"code": mailbox.code_for(cast.amina.email)})
    assert (by_code.status_code, "Ce n’est pas le bon code. Il reste 4 essais." in by_code.page.main) == (422, True)


def test_unlocking_goes_the_same_way(app: Flask, cast: Cast) -> None:
    manager = client_of(app, cast.elise)
    with app.app_context(), transaction():
        card = make.make_card(cast.amina.account_id)
    set_lock(manager, cast.amina.email)
    assert locked(app, cast.amina.account_id)
    set_lock(manager, card.number, "unlock")
    assert not locked(app, cast.amina.account_id)
    told = {"email": cast.amina.email, "password": make.PASSWORD, "way": "password"}
    assert visitor(app).submit("/sign-in", told).status_code == 303


def test_the_answer_is_the_same_when_there_is_none(app: Flask, cast: Cast, queries: Callable[[], Any]) -> None:
    """For addresses and for numbers: same bytes, headers, statements, and lines of the journal."""
    with app.app_context(), transaction():
        card = make.make_card(cast.amina.account_id)
    manager = client_of(app, cast.elise)
    token = manager.get("/desk/lock").page.csrf_token
    for known, unknown in ((cast.bruno.email, "nobody@exemple.fr"), (card.number, new_number())):
        seen = []
        with time_machine.travel(now(), tick=False):
            for account in (known, unknown):
                with queries() as asked:
                    answer = manager.post("/desk/lock", data={"csrf_token": token, "account": account, "way": "lock"})
                page = manager.get("/desk/lock").text
                headers = [(name, value) for name, value in answer.headers if name not in ("Set-Cookie", "Date")]
                with app.app_context():
                    entry = all_entries(limit=1)[0]
                    line = (entry.act, entry.by_id, entry.house_id, entry.subject_id, len(entry.about_key), entry.facts)
                seen.append(
                    (
                        answer.status_code,
                        answer.data,
                        headers,
                        list(asked),
                        page.replace(Page(page).csrf_token, ""),
                        line,
                    )
                )
        assert seen[0] == seen[1]


def test_the_journal_holds_no_address_and_the_person_finds_it(app: Flask, cast: Cast) -> None:
    manager = client_of(app, cast.elise)
    set_lock(manager, cast.amina.email)
    set_lock(manager, cast.amina.email, "unlock")
    with app.app_context():
        entries = [entry for entry in all_entries() if entry.act.startswith("account:")]
        assert [entry.about_key for entry in entries] == [about(cast.amina.account_id)] * 2
        assert "amina" not in str([vars(entry) for entry in entries])
    assert "Un compte est bloqué, s’il existe" in client_of(app, cast.amina).get("/account/journal").page.main


def test_the_team_is_not_locked_out_by_it(app: Flask, cast: Cast) -> None:
    """Nobody locks themself, or the last manager of a house: the page of the team does that, and knows."""
    manager = client_of(app, cast.elise)
    for person in (cast.elise, cast.denis):
        assert set_lock(manager, person.email).status_code == 303
    assert (locked(app, cast.elise.account_id), locked(app, cast.denis.account_id)) == (False, False)
    assert manager.get("/desk/lock").status_code == 200


def test_what_is_neither_an_address_nor_a_number(app: Flask, cast: Cast) -> None:
    manager = client_of(app, cast.elise)
    for typed, said in (("1234", "Le numéro a 8 chiffres."), ("amina@", "Écrivez une adresse comme")):
        answer = set_lock(manager, typed)
        assert (answer.status_code, said in answer.page.main) == (422, True)


def test_it_asks_for_a_fresh_proof(app: Flask, cast: Cast) -> None:
    with time_machine.travel(now(), tick=False) as clock:
        manager = client_of(app, cast.elise)
        clock.shift(601)
        assert manager.get("/desk/lock").location == "/account/prove?next=/desk/lock"


def test_clubs_see_nothing_of_it(app: Flask, cast: Cast) -> None:
    bruno = client_of(app, cast.bruno)
    before = [
        bruno.get(path).page.main for path in ("/clubs/tilleul", "/clubs/tilleul/members", "/clubs/tilleul/journal")
    ]
    set_lock(client_of(app, cast.elise), cast.amina.email)
    after = [
        bruno.get(path).page.main for path in ("/clubs/tilleul", "/clubs/tilleul/members", "/clubs/tilleul/journal")
    ]
    with app.app_context():
        mails = db.session.scalars(db.select(Job).where(Job.kind == "mail:send")).all()
    assert (after, mails) == (before, [])
