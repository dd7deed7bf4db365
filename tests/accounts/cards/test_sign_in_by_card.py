"""Coming in with a card: five tries for a card, forty an hour for the house, and nothing that tells which was wrong."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts import passwords
from app.accounts.actions import end_everything
from app.accounts.budgets import Asker
from app.accounts.budgets import try_card as try_card_budget
from app.accounts.cards.actions import WrongCard, block_card, draw_card, prove_card, renew_card, take_card
from app.accounts.cards.models import Card
from app.accounts.cards.numbers import new_number
from app.accounts.models import Account, LoginSession
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import db, transaction
from app.core.errors import TooMany
from app.core.privacy import holdings
from tests.accounts.cards.conftest import Carded
from tests.accounts.conftest import signed_in
from tests.support import factories as make
from tests.support.cast import Cast
from tests.support.clients import PageClient
from tests.support.clients import visitor as new_visitor
from tests.support.page import Page

one_engine = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
WRONG = "un deux trois"
SAID = "Ce numéro et ces mots ne vont pas ensemble."


def tries_left(app: Flask, carded: Carded) -> int:
    with app.app_context():
        return db.session.get_one(Card, carded.account_id, populate_existing=True).tries_left


def lock(app: Flask, carded: Carded) -> None:
    with app.app_context(), transaction():
        db.session.get_one(Account, carded.account_id).locked_at = now()
        end_everything(carded.account_id)


def test_the_page_of_signing_in_leads_there_and_comes_back(visitor: PageClient, carded: Carded) -> None:
    assert "/sign-in/card?next=/clubs" in visitor.get("/sign-in?next=/clubs").page.links
    answer = visitor.submit("/sign-in/card?next=/clubs", carded.typed)
    assert (answer.status_code, answer.location) == (303, "/clubs")
    assert signed_in(visitor)


@one_engine
def test_a_card_typed_as_it_is_printed(visitor: PageClient, carded: Carded) -> None:
    typed = {"card": f"{carded.number[:4]} {carded.number[4:]}", "words": "-".join(carded.words).upper()}
    assert visitor.submit("/sign-in/card", typed).status_code == 303
    assert signed_in(visitor)


@one_engine
def test_a_device_is_taken_to_be_shared_and_a_personal_one_lasts(
    app: Flask, carded: Carded, try_card: Callable[..., Any]
) -> None:
    browser = new_visitor(app)
    form = browser.get("/sign-in/card").page.form("/sign-in/card")
    assert form.fields["shared"] == "y"
    browser.submit("/sign-in/card", carded.typed)
    personal = {key: value for key, value in form.fields.items() if key != "shared"}
    new_visitor(app).post("/sign-in/card", data={**personal, **carded.typed}, follow_redirects=False)
    with app.app_context():
        assert [row.shared for row in db.session.scalars(db.select(LoginSession))] == [True]


def test_five_wrong_tries_lock_the_card_until_the_desk_prints_it_again(
    app: Flask, carded: Carded, try_card: Callable[..., Any]
) -> None:
    answers = [try_card(carded.number, WRONG) for _ in range(6)]
    assert {answer.status_code for answer in answers} == {401}
    assert {SAID in answer.page.main for answer in answers} == {True}
    right = try_card(**carded.typed)
    assert (right.status_code, SAID in right.page.main, tries_left(app, carded)) == (401, True, 0)
    with app.app_context():
        again = draw_card(carded.number)
        with transaction():
            assert renew_card(again) == carded.account_id
    assert try_card(**carded.typed).status_code == 401
    assert try_card(carded.number, " ".join(again.words)).status_code == 303


def test_a_right_try_gives_back_the_wrong_ones(app: Flask, carded: Carded, try_card: Callable[..., Any]) -> None:
    for _ in range(4):
        try_card(carded.number, WRONG)
    assert (tries_left(app, carded), try_card(**carded.typed).status_code, tries_left(app, carded)) == (1, 303, 5)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How much work was done on passwords and words: one number for each."""
    done: list[int] = []
    verify = passwords._hasher.verify

    class Counting:
        hash = passwords._hasher.hash

        def verify(self, stored: str, given: str) -> bool:
            done.append(len(stored.split("$")))
            return bool(verify(stored, given))

    monkeypatch.setattr(passwords, "_hasher", Counting())
    return done


def test_known_unknown_locked_and_blocked_take_the_same_path(
    app: Flask, carded: Carded, queries: Callable[[], Any], hashes: list[int]
) -> None:
    """The same statements, one hash, the same bytes and headers."""
    with app.app_context(), transaction():
        others = [make.make_account().id for _ in range(3)]
        spent, blocked, locked = (make.make_card(each).number for each in others)
        db.session.get_one(Card, others[0]).tries_left = 0
        db.session.get_one(Card, others[1]).blocked_at = now()
        db.session.get_one(Account, others[2]).locked_at = now()
    seen = []
    with time_machine.travel(now(), tick=False):
        for number in (new_number(), carded.number, spent, blocked, locked):
            browser = new_visitor(app)
            form = browser.get("/sign-in/card").page.form("/sign-in/card")
            hashes.clear()
            with queries() as asked:
                answer = browser.post("/sign-in/card", data={**form.fields, "card": number, "words": WRONG})
            body = answer.text.replace(number, "NUMBER").replace(Page(answer.text).csrf_token, "TOKEN")
            headers = [(name, said) for name, said in answer.headers if name not in ("Set-Cookie", "Date")]
            seen.append((answer.status_code, body, headers, list(asked), list(hashes)))
    assert [each for each in seen if each != seen[0]] == []
    assert (seen[0][0], seen[0][4]) == (401, [6])


def refused(app: Flask, key: str, *askers: Asker) -> list[bool]:
    """Begin one try for each; which of them are turned away?"""
    found = []
    with app.app_context(), app.test_request_context():
        for asker in askers:
            try:
                attempt = try_card_budget(key, asker)
                found.append(False)
                if asker.mark == "right":
                    attempt.was_right()
            except TooMany:
                found.append(True)
    return found


@one_engine
def test_forty_wrong_tries_an_hour_for_everywhere_else_and_for_the_house(
    app: Flask, cast: Cast, settle: Callable[..., None]
) -> None:
    """Strangers at home use up their own purse, not the one of the people in the house."""
    settle(house_networks=("192.0.2.0/24",))
    away = [Asker(f"198.51.100.{n}") for n in range(41)]
    here = [Asker("192.0.2.1"), Asker("198.51.100.1", device="a" * 26)] * 20
    with time_machine.travel(now(), tick=False) as clock:
        assert refused(app, "x", *away) == [False] * 40 + [True]
        assert refused(app, "x", *here[:39], *[Asker("192.0.2.7", "right")] * 3) == [False] * 42
        assert refused(app, "x", here[0], here[1]) == [False, True]
        clock.shift(3601)
        assert refused(app, "x", away[0], here[1]) == [False, False]


@one_engine
def test_a_browser_that_came_in_with_the_card_is_kept_out_by_no_stranger(app: Flask, carded: Carded) -> None:
    mine = new_visitor(app)
    fields = mine.get("/sign-in/card").page.form("/sign-in/card").fields
    told = {**{key: value for key, value in fields.items() if key != "shared"}, **carded.typed}
    assert mine.post("/sign-in/card", data=told).status_code == 303
    mine.send("/sign-out", on="")
    refused(app, "x", *(Asker(f"198.51.100.{n}") for n in range(40)))
    assert new_visitor(app).submit("/sign-in/card", carded.typed).status_code == 429
    assert mine.submit("/sign-in/card", carded.typed).status_code == 303


@one_engine
def test_the_person_blocks_the_card_and_learns_first_what_ends(
    app: Flask, carded: Carded, try_card: Callable[..., Any]
) -> None:
    mine, other = new_visitor(app), new_visitor(app)
    for browser in (mine, other):
        browser.submit("/sign-in/card", carded.typed)
    row = "Une carte de l’accueilUne carte marche. Perdue ? Bloquez-la ici."
    assert row in mine.get("/account").page.main
    asked = mine.submit("/account", action="/account/card/block")
    assert (asked.status_code, "C’est votre seule façon d’entrer." in asked.page.main) == (200, True)
    assert mine.submit("/account/card/block").location == "/account"
    assert "Bloquée. L’accueil l’imprime de nouveau" in mine.get("/account").page.main
    assert (signed_in(mine), signed_in(other), try_card(**carded.typed).status_code) == (True, False, 401)


@one_engine
def test_printing_again_ends_what_the_old_words_opened(app: Flask, carded: Carded) -> None:
    browser = new_visitor(app)
    browser.submit("/sign-in/card", carded.typed)
    assert signed_in(browser)
    with app.app_context():
        again = draw_card(carded.number)
        with transaction():
            renew_card(again)
    assert not signed_in(browser)


@one_engine
def test_who_comes_in_reads_for_a_week_that_the_card_was_printed_again(app: Flask, carded: Carded) -> None:
    """Whoever knows the number can ask the desk for new words, and come in as the person: the person must see it."""
    said = "L’accueil a imprimé votre carte de nouveau le mercredi 4 mars. Ce n’était pas vous ?"
    with time_machine.travel(datetime(2026, 3, 4, 12, tzinfo=UTC), tick=False) as clock:
        with app.app_context(), transaction():
            db.session.get_one(Account, carded.account_id).created_at = now() - timedelta(days=90)
            again = draw_card(carded.number)
            renew_card(again)
        typed, seen = {"card": again.number, "words": " ".join(again.words)}, []
        for days in (0, 6, 2):
            clock.shift(timedelta(days=days))
            browser = new_visitor(app)
            browser.submit("/sign-in/card", typed)
            seen.append(said in browser.get("/account").page.main)
            told = browser.get("/account/kept").page.main
            assert told.count("L’accueil a imprimé votre carte de nouveau : tout est fermé") == 1
    assert seen == [True, True, False]


@one_engine
def test_a_first_card_is_told_to_nobody(app: Flask, carded: Carded) -> None:
    browser = new_visitor(app)
    browser.submit("/sign-in/card", carded.typed)
    assert "de nouveau le" not in browser.get("/account").page.main


@one_engine
def test_words_that_were_right_when_the_card_was_printed_again_open_nothing(app: Flask, carded: Carded) -> None:
    with app.test_request_context():
        proved = prove_card(carded.number, " ".join(carded.words), Asker("192.0.2.7"))
        with transaction():
            renew_card(draw_card(carded.number))
        with pytest.raises(WrongCard), transaction():
            take_card(proved)


@one_engine
def test_a_card_is_taken_away_with_the_rest_and_goes_with_the_account(app: Flask, carded: Carded) -> None:
    (held,) = [each for each in holdings() if each.table == "card"]
    with app.app_context():
        assert held.exports is not None
        block_card(Actor(carded.account_id, "session:x"))
        assert held.exports(carded.account_id) == {"printed_on": now().date().isoformat(), "blocked": True}
        with transaction():
            db.session.delete(db.session.get_one(Account, carded.account_id))
        assert db.session.get(Card, carded.account_id) is None
        assert held.exports(carded.account_id) is None


@one_engine
def test_neither_number_nor_words_are_stored(app: Flask, carded: Carded) -> None:
    with app.app_context():
        row = db.session.execute(db.text("SELECT * FROM card")).mappings().one()
    text = str(dict(row))
    assert (row["words_hash"].startswith("$argon2id$"), carded.number in text) == (True, False)
    assert [word for word in carded.words if len(word) > 4 and word in text] == []


@one_engine
def test_an_account_without_address_works_at_every_door(
    app: Flask, carded: Carded, run_jobs: Any, mailbox: Any
) -> None:
    browser = new_visitor(app)
    browser.submit("/sign-in/card", carded.typed)
    account = browser.get("/account").page
    assert "Un code par e-mailAucune adresse." in account.main
    assert ("rien ne vous est envoyé" in account.main, "/account/mails" in account.links) == (True, False)
    assert browser.submit("/account/mails").location == "/account"
    assert browser.get("/api/v1/me").json["memberships"] == []
    assert browser.get("/account/address").page.h1 == "Ajouter une adresse"
    chosen = {"password": "quatre mots sans lien"}
    assert browser.submit("/account/password", chosen, action="/account/password").location == "/account"
    added = browser.submit("/account/address", {"email": "zoe@exemple.fr", "current": chosen["password"]})
    assert added.location == "/account/address/code"
    run_jobs()
    assert browser.submit("/account/address/code", {"code": mailbox.code_for("zoe@exemple.fr")}).location == "/account"
    assert "z•••@exemple.fr" in browser.get("/account").page.main
    run_jobs()
    assert [mail["To"] for mail in mailbox.mails()] == ["zoe@exemple.fr"]
