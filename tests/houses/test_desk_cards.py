"""Cards that the desk prints: shown once, for an account of which the team learns nothing."""

from typing import Any

import pytest
import time_machine
from flask import Flask

from app.accounts.cards.models import Card
from app.accounts.cards.numbers import in_groups, new_number
from app.accounts.models import Account
from app.core.clock import now
from app.core.db import db
from app.houses.journal import about, all_entries
from tests.support.cast import Cast
from tests.support.clients import client_of, visitor
from tests.support.page import text_of

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


def on_paper(answer: Any) -> tuple[str, list[str]]:
    """Number and words, as the page shows them to be printed."""
    number, words = (text_of(line) for line in answer.page.all(".//section[@class='paper-card']//b"))
    return number, words.split()


def test_a_card_is_made_and_opens_its_account(app: Flask, cast: Cast) -> None:
    desk = client_of(app, cast.denis)
    answer = desk.submit("/desk/cards", action="/desk/cards", follow_redirects=True)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    number, words = on_paper(answer)
    (paper,) = answer.page.all(".//section[@class='paper-card']")
    said = text_of(paper)
    foot = "Gardez cette carte pour vous. Ne montrez pas les mots."
    assert said == f"Numéro{number} Trois mots{' '.join(words)} {foot}"
    person = visitor(app)
    assert person.submit("/sign-in/card", {"card": number, "words": " ".join(words)}).status_code == 303
    me = person.get("/api/v1/me").json
    assert (me["role"], me["has_password"], me["memberships"]) == ("member", False, [])


def test_it_is_printed_again_by_its_number(app: Flask, cast: Cast) -> None:
    desk = client_of(app, cast.denis)
    number, words = on_paper(desk.submit("/desk/cards", action="/desk/cards", follow_redirects=True))
    again = desk.submit("/desk/cards", {"card": number}, action="/desk/cards/reprint", follow_redirects=True)
    same, others = on_paper(again)
    assert (same, others == words, in_groups(number.replace(" ", ""))) == (number, False, number)
    tried = [
        visitor(app).submit("/sign-in/card", {"card": number, "words": " ".join(each)}).status_code
        for each in (words, others)
    ]
    assert tried == [401, 303]


def accounts(app: Flask) -> int:
    with app.app_context():
        return int(db.session.scalar(db.select(db.func.count()).select_from(Account)) or 0)


def test_a_card_that_is_shown_again_is_the_same_one(app: Flask, cast: Cast) -> None:
    """Until it is given, or for ten minutes; its words are in no address and in no cookie that can be read."""
    desk = client_of(app, cast.denis)
    made = desk.submit("/desk/cards", action="/desk/cards")
    before = accounts(app)
    assert (made.status_code, made.location) == (303, "/desk/cards/made")
    number, words = on_paper(desk.get(made.location))
    assert on_paper(desk.get(made.location)) == (number, words)
    with desk.session_transaction() as session:
        kept = str(dict(session))
    assert [word for word in (number, number.replace(" ", ""), *words) if word in kept] == []
    with desk.session_transaction() as session:
        card = session["card"]
    elsewhere = client_of(app, cast.elise)
    with elsewhere.session_transaction() as session:
        session["card"] = card
    assert elsewhere.get(made.location).location == "/desk/cards"
    assert desk.submit(made.location, action="/desk/cards/given").location == "/desk"
    assert (desk.get(made.location).location, accounts(app)) == ("/desk/cards", before)


def test_a_card_is_not_shown_for_longer_than_ten_minutes(app: Flask, cast: Cast) -> None:
    desk = client_of(app, cast.denis)
    with time_machine.travel(now(), tick=False) as clock:
        made = desk.submit("/desk/cards", action="/desk/cards")
        clock.shift(9 * 60)
        assert desk.get(made.location).status_code == 200
        clock.shift(2 * 60)
        assert desk.get(made.location).location == "/desk/cards"


def test_a_number_that_no_card_has(app: Flask, cast: Cast) -> None:
    desk = client_of(app, cast.denis)
    answer = desk.submit("/desk/cards", {"card": new_number()}, action="/desk/cards/reprint")
    assert (answer.status_code, "Aucune carte n’a ce numéro." in answer.page.main) == (422, True)


def test_the_journal_has_no_number_and_the_person_finds_it_there(app: Flask, cast: Cast) -> None:
    desk = client_of(app, cast.denis)
    number, words = on_paper(desk.submit("/desk/cards", action="/desk/cards", follow_redirects=True))
    with app.app_context():
        (entry,) = [each for each in all_entries() if each.act == "card:printed"]
        card = db.session.scalars(db.select(Card)).one()
        assert (entry.about_key, entry.subject_id, entry.facts) == (about(card.account_id), None, {})
        assert (card.words_hash.startswith("$argon2id$"), number.replace(" ", "") in card.number_hash) == (True, False)
    person = visitor(app)
    person.submit("/sign-in/card", {"card": number, "words": " ".join(words)})
    assert "Une carte est imprimée à l’accueil." in person.get("/account/journal").page.main


def test_the_desk_lists_no_account(app: Flask, cast: Cast) -> None:
    """Whatever is in the house, its pages about cards are the same."""
    desk = client_of(app, cast.denis)
    before = [desk.get(path).page.main for path in ("/desk/cards", "/desk/assisted")]
    for _ in range(3):
        desk.submit("/desk/cards", action="/desk/cards")
    assert [desk.get(path).page.main for path in ("/desk/cards", "/desk/assisted")] == before
    assert accounts(app) == 9
