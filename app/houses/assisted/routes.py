"""The pages of help at the desk. The team's session ends before the person's begins: one browser, one person."""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.cards.actions import WrongCard
from app.accounts.cards.forms import CardForm
from app.accounts.entrance import asker, forget_mark, let_in
from app.core.actor import Actor
from app.core.clock import now
from app.core.db import AWAY, db
from app.core.errors import Invalid, Unavailable
from app.houses.assisted import actions, queries
from app.houses.assisted.words import EVENTS, KINDS, kind_of
from app.web import sockets
from app.web.guard import SAFE_METHODS, actor, actor_or_none, forget, public

bp = Blueprint("assisted", __name__)
OFFER, MARK = "assist_offer", "assisted"


def _page(template: str, status: int = 200, **values: Any) -> Response:
    answer = make_response(render_template(f"assisted/{template}.html", **values), status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.route("/desk/assisted", methods=["GET", "POST"])
def offer_help() -> Response:
    """What will happen; then the team's session ends, and the screen is turned."""
    if request.method == "GET":
        actions.open_offers(actor())
        return _page("offer_help", nav_current="desk")
    kept = actions.offer_help(actor())
    forget()
    session[OFFER] = kept
    return forget_mark(redirect(url_for("assisted.begin"), 303))


@bp.route("/assisted", methods=["GET", "POST"])
@public
def begin() -> Response:
    """The person types what is on their card; nobody of the team is signed in here any more."""
    kept = str(session.get(OFFER, ""))
    actions.read_offer(kept)
    form = CardForm()
    if request.method == "GET" or not form.validate():
        return _page("begin", 422 if form.is_submitted() else 200, form=form)
    try:
        entry, mark = actions.begin_help(kept, form.card.data, form.words.data, asker())
    except (Invalid, WrongCard) as error:
        form.refuse(error.field or "words", str(error.detail))
        return _page("begin", error.status, form=form)
    let_in(entry)
    session[MARK] = mark
    return redirect(url_for("pages.home"), 303)


@bp.post("/assisted/cancel")
@public
def cancel() -> Response:
    """Not now: the team comes in again."""
    session.pop(OFFER, None)
    return redirect(url_for("accounts.sign_in"), 303)


@bp.post("/assisted/end")
def end() -> Response:
    """The person has finished; the receipt is next, and nobody is signed in."""
    mark = str(session.get(MARK, ""))
    actions.end_help(actor())
    forget()
    session[MARK] = mark
    answer = redirect(url_for("assisted.show_receipt"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/assisted/receipt")
@public
def show_receipt() -> Response:
    """What was done, to print: in this browser alone, and for an hour at most."""
    receipt = queries.receipt_for(str(session.get(MARK, "")))
    return _page("show_receipt", receipt=receipt)


@bp.post("/assisted/close")
@public
def close() -> Response:
    """The receipt is printed: nothing of it is kept, here or in the house."""
    mark = str(session.pop(MARK, ""))
    if mark:
        actions.forget_receipt(mark)
    flash(_("Tout est effacé."), "done")
    answer = redirect(url_for("accounts.sign_in"), 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.before_app_request
def lead_to_receipt() -> Response | None:
    """Where thirty minutes have ended by themselves, the receipt comes before anybody else's way in."""
    if request.endpoint != "accounts.sign_in" or request.method != "GET" or MARK not in session:
        return None
    if actor_or_none() is not None or queries.assistance_by_mark(str(session[MARK])) is None:
        return None
    return redirect(url_for("assisted.show_receipt"), 303)


@bp.after_app_request
def note_what_was_done(answer: Response) -> Response:
    """Every write that went well, by whatever page or call."""
    if request.method in SAFE_METHODS or answer.status_code >= 400 or MARK not in session:
        return answer
    who, kind = actor_or_none(), kind_of(request.endpoint or "")
    if who is not None and kind:
        _note(who, kind)
    return answer


def note_event(who: Actor, event: str) -> None:
    """The same by a socket."""
    if event in EVENTS:
        _note(who, KINDS[event])


sockets.heard.append(note_event)


def _note(who: Actor, kind: str) -> None:
    if not who.assisted_by:
        return
    try:
        actions.note_act(who, kind)
    except (Unavailable, *AWAY):  # the act itself is done, and was answered
        db.session.rollback()


@bp.app_context_processor
def minutes_left() -> dict[str, Any]:
    """How long somebody is still helped, for the banner of every page."""
    who = actor_or_none()
    if who is None or not who.assisted_by or who.until is None:
        return {}
    return {"assisted_minutes": max(1, int((who.until - now()).total_seconds() + 59) // 60)}
