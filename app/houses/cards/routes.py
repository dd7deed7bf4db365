"""The desk's pages of cards. What is printed is kept sealed, in the browser that asked, until it is given."""

import json
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, session, url_for
from werkzeug.wrappers import Response

from app.accounts.cards.actions import Secret
from app.accounts.cards.numbers import in_groups
from app.core.clock import now
from app.core.errors import Invalid
from app.core.sealed import seal, unseal
from app.houses.cards import actions
from app.houses.cards.forms import ReprintForm
from app.web.guard import actor

bp = Blueprint("desk_cards", __name__)
SHOWN_FOR = timedelta(minutes=10)


def _page(form: ReprintForm, status: int = 200) -> Response:
    return make_response(render_template("cards/make_card.html", form=form, nav_current="desk"), status)


def card_to_print(secret: Secret, *, again: bool = False, once: bool = False) -> Response:
    """On to the card. A page that is shown again makes no other one."""
    told = {"number": in_groups(secret.number), "words": secret.words, "again": again, "once": once}
    session["card"] = seal(
        json.dumps({"by": actor().account_id, "until": (now() + SHOWN_FOR).isoformat(), "said": told})
    )
    return redirect(url_for("desk_cards.show_card"), 303)


def _card_shown() -> dict[str, Any]:
    """The card that this browser still shows to who asked for it; empty for none."""
    kept = json.loads(unseal(str(session.get("card", ""))) or "{}")
    if not kept or kept["by"] != actor().account_id or datetime.fromisoformat(kept["until"]) <= now():
        session.pop("card", None)
        return {}
    said: dict[str, Any] = kept["said"]
    return said


@bp.get("/desk/cards")
def make_card() -> Response:
    """A new card, or one printed again."""
    actions.open_printing(actor())
    return _page(ReprintForm(formdata=None))


@bp.post("/desk/cards")
def print_card() -> Response:
    """An account with a card, for somebody who stands at the desk."""
    return card_to_print(actions.print_card(actor()))


@bp.get("/desk/cards/made")
def show_card() -> Response:
    """The card, to print: until it is given, and for ten minutes at most."""
    actions.open_printing(actor())
    said = _card_shown()
    if not said:
        return redirect(url_for("desk_cards.make_card"), 303)
    answer = make_response(render_template("cards/show_card.html", **said, nav_current="desk"))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/desk/cards/given")
def give_card() -> Response:
    """It is given: this browser forgets it."""
    actions.open_printing(actor())
    session.pop("card", None)
    return redirect(url_for("desk.show_desk"), 303)


@bp.post("/desk/cards/reprint")
def reprint_card() -> Response:
    """The same number, three new words."""
    form = ReprintForm()
    actions.open_printing(actor())
    if not form.validate():
        return _page(form, 422)
    try:
        return card_to_print(actions.reprint_card(actor(), form.card.data), again=True)
    except Invalid as error:
        form.refuse("card", str(error.detail))
        return _page(form, error.status)
