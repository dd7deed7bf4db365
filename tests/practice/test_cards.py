"""The cards: eight to twelve questions a trade, with their source, one by one, and all of them on paper."""

import re
import tomllib
from typing import Any

import pytest

from app.houses.trades import TRADES
from app.practice.cards.deck import FILE, deck_of

sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
FORBIDDEN = re.compile(r"enfant|marié|enceinte|religion|origine|nationalité|syndicat|malad|handicap|âge", re.I)


def test_every_trade_has_its_questions_and_says_from_where() -> None:
    told = tomllib.loads(FILE.read_text())["trade"]
    assert list(told) == list(TRADES)
    for trade in TRADES:
        deck = deck_of(trade)
        assert 8 <= len(deck.questions) == len(set(deck.questions)) <= 12
        assert re.search(r"\d{4}", deck.source)
        assert [each for each in deck.questions if FORBIDDEN.search(each) or len(each) > 90] == []


@sqlite
@pytest.mark.usefixtures("cast")
def test_cards_come_one_by_one(visitor: Any) -> None:
    first = visitor.get("/rehearsals/cards/vente").page
    questions = deck_of("vente").questions
    heading = first.all(".//h2[@id='question']")[0].text.replace("\u00a0", " ")
    assert heading == questions[0]
    assert "/rehearsals/cards/vente?n=2#question" in first.links
    last = visitor.get(f"/rehearsals/cards/vente?n={len(questions)}").page
    assert "/rehearsals" in last.links
    for odd in ("?n=0", "?n=99", "?n=x"):
        assert visitor.get(f"/rehearsals/cards/vente{odd}").page.main == first.main
    assert visitor.get("/rehearsals/cards/pirate").status_code == 404


@sqlite
def test_one_may_hear_oneself_on_a_device_of_ones_own_alone(client_of: Any, cast: Any, visitor: Any) -> None:
    own, shared = client_of(cast.amina), client_of(cast.amina, shared=True)
    for client, may in ((own, True), (shared, False), (visitor, False)):
        answer = client.get("/rehearsals/cards/vente")
        assert ("data-recorder" in answer.text) is may
        assert ("media-src blob:" in answer.headers["Content-Security-Policy"]) is may
        assert ("microphone=(self)" in answer.headers["Permissions-Policy"]) is may
        assert "microphone=()" in client.get("/rehearsals").headers["Permissions-Policy"]
