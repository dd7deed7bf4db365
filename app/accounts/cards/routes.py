"""The pages of cards: come in with one, block one's own."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts import queries
from app.accounts.cards import actions
from app.accounts.cards.forms import CardForm
from app.accounts.cards.parts import card_row, was_printed_again
from app.accounts.cards.proof import BY_CARD
from app.accounts.cards.queries import card_for
from app.accounts.entrance import asker, let_in, told_first
from app.accounts.parts import account_ways
from app.accounts.proofs.fresh import kinds
from app.core.errors import Invalid, NotFound
from app.web.guard import actor, actor_or_none, public
from app.web.reading import keeps, safe_next

bp = Blueprint("cards", __name__)
account_ways.append(card_row)
kinds.append(BY_CARD)
told_first.append(was_printed_again)


def _page(form: CardForm, target: str, status: int = 200) -> Response:
    answer = make_response(render_template("cards/sign_in_by_card.html", form=form, next=target), status)
    # What was typed opens an account: the next person here must not find it by going back.
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/sign-in/card")
@public
@keeps(next=r"/\S{0,300}")
def show_sign_in_by_card() -> Response:
    """Ask for the number and the words of a card."""
    target = safe_next(request.args.get("next"))
    if actor_or_none() is not None:
        return redirect(target, 303)
    return _page(CardForm(), target)


@bp.post("/sign-in/card")
@public
def sign_in_by_card() -> Response:
    """Come in with a card."""
    form, target = CardForm(), safe_next(request.form.get("next") or request.args.get("next"))
    if not form.validate():
        return _page(form, target, 422)
    try:
        entry, once = actions.sign_in_by_card(
            form.card.data, form.words.data, asker(), shared=bool(form.shared.data), instead_of=actor_or_none()
        )
    except (Invalid, actions.WrongCard) as error:
        form.refuse(error.field or "words", str(error.detail))
        return _page(form, target, error.status)
    let_in(entry)
    if once:
        flash(_("Cette carte a servi. Choisissez un mot de passe pour revenir."), "warning")
        return redirect(url_for("accounts.choose_password"), 303)
    return redirect(target, 303)


@bp.route("/account/card/block", methods=["GET", "POST"])
def block_card() -> Any:
    """Block one's own card, after a page that says what ends when it is the only way in."""
    who = actor()
    if card_for(who) is None:
        raise NotFound()
    account = queries.account_for(who)
    only = account.email_hash is None
    if request.method == "GET" or (only and not request.form.get("sure")):
        return render_template("cards/block_card.html", only=only, nav_current="home")
    actions.block_card(who)
    flash(_("Votre carte est bloquée. Les autres appareils sont déconnectés."), "done")
    return redirect(url_for("accounts.show_account"), 303)
