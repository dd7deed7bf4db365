"""The HTML door of the cards: for everybody."""

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from app.houses.trades import TRADES
from app.practice.cards.deck import deck_of
from app.web.fragments import render_page
from app.web.guard import actor_or_none, public
from app.web.headers import allow_recording

bp = Blueprint("practice_cards", __name__)


@bp.get("/rehearsals/cards")
@public
def choose_cards() -> str:
    """The trades."""
    return render_template("practice/choose_cards.html", trades=TRADES, nav_current="home")


@bp.get("/rehearsals/cards/<trade>")
@public
def show_card(trade: str) -> Response:
    """One question at a time; on paper all of them."""
    deck = deck_of(trade)
    number = request.args.get("n", 1, type=int)
    number = number if 1 <= number <= len(deck.questions) else 1
    who = actor_or_none()
    may_record = who is not None and who.on_own_device
    if may_record:
        allow_recording()
    return render_page(
        "practice/show_card.html",
        deck=deck,
        number=number,
        question=deck.questions[number - 1],
        may_record=may_record,
        nav_current="home",
    )
