"""The pages of taking away and leaving for good: from the account, three taps."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, send_file, session, url_for
from werkzeug.wrappers import Response

from app.accounts import codes, parts, queries
from app.accounts.addresses import masked, opened
from app.accounts.entrance import asker, forget_mark, wiped
from app.accounts.leaving import actions, archive, hooks, own, policy
from app.accounts.leaving.forms import ChooseLeavingForm, LeaveForGoodForm
from app.accounts.proofs.fresh import ask_fresh_proof, needs_fresh_proof
from app.core.actor import Actor
from app.core.errors import DomainError, Gone, Invalid
from app.web.guard import actor, forget, not_on_a_kiosk, public, shared_device
from app.web.parts import Part

bp = Blueprint("leaving", __name__)
ZIP = "application/zip"


def take_away_card(who: Actor) -> Part:
    """A click away, but on a device that serves several people."""
    return Part("leaving/_take_away.html", {"here": who.on_own_device})


def leave_card(who: Actor) -> Part | None:
    """The way out of everything; who must hand something over first reads what."""
    return Part("leaving/_leave.html", {"first": actions.what_holds(who)}) if policy.acts_alone(who) else None


parts.account_rights += [take_away_card, leave_card]


@bp.post("/account/archive")
@not_on_a_kiosk
@needs_fresh_proof()
def take_away() -> Response:
    """Take away what one wrote, gave and chose."""
    return sent(archive.take_away(actor()))


def sent(found: archive.Archive) -> Response:
    """A zip on its way; nothing on the way keeps a copy."""
    answer = send_file(found.file, ZIP, as_attachment=True, download_name=found.name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(template: str, status: int = 200, **values: Any) -> Response:
    answer = make_response(render_template(f"leaving/{template}.html", **values))
    answer.status_code = status
    return answer


@bp.get("/account/leave")
def choose_leaving() -> Response:
    """Say what happens, and what one may choose."""
    return _choose_page(ChooseLeavingForm())


def _choose_page(form: ChooseLeavingForm, status: int = 200) -> Response:
    actions.check_may_go(actor())
    said = [line for tell in hooks.farewells for line in tell(actor())]
    return _page("choose_leaving", status, form=form, said=said, here=url_for("leaving.choose_leaving"))


@bp.post("/account/leave")
def submit_choice() -> Response:
    """Go on to the proof; who has no password is sent a code."""
    form = ChooseLeavingForm()
    try:
        actions.check_may_go(actor())
        chosen = actions.checked_choice(form.messages.data)
    except Invalid as error:
        form.refuse("messages", error.detail)
        return _choose_page(form, error.status)
    session["leaving"] = {"messages": chosen, "at_once": bool(form.at_once.data), "code": False}
    account = queries.account_for(actor())
    if account.password_hash is None and not actions.types_nothing(account):
        return ask_code()
    return redirect(url_for("leaving.confirm_leaving"), 303)


@bp.post("/account/leave/code")
def ask_code() -> Response:
    """Send a code to one's own address; whoever knows no password goes on with it."""
    if not _chosen():
        return redirect(url_for("leaving.choose_leaving"), 303)
    if actions.types_nothing(queries.account_for(actor())):
        return redirect(url_for("leaving.confirm_leaving"), 303)
    codes.ask_leaving(actor(), asker())
    session["leaving"] = {**_chosen(), "code": True}
    return redirect(url_for("leaving.confirm_leaving"), 303)


def _chosen() -> dict[str, Any]:
    kept = session.get("leaving")
    return kept if isinstance(kept, dict) else {}


@bp.get("/account/leave/confirm")
def confirm_leaving() -> Response:
    """The last page before: what was chosen, and the proof."""
    if not _chosen():
        return redirect(url_for("leaving.choose_leaving"), 303)
    return _confirm_page(LeaveForGoodForm())


def _confirm_page(form: LeaveForGoodForm, status: int = 200) -> Response:
    account, chosen = queries.account_for(actor()), _chosen()
    by_other = actions.types_nothing(account)
    if by_other:
        ask_fresh_proof(actor(), actions.FRESH)
    return _page(
        "confirm_leaving",
        status,
        form=form,
        chosen=chosen,
        by_code=chosen["code"],
        by_password=account.password_hash is not None and not by_other,
        sent_to="" if by_other else masked(opened(account.email_sealed)),
    )


@bp.post("/account/leave/confirm")
def leave_for_good() -> Response:
    """Erase the account; this session ends with it."""
    form, chosen, shared = LeaveForGoodForm(), _chosen(), shared_device()
    if not chosen:
        return redirect(url_for("leaving.choose_leaving"), 303)
    proof = {"code": form.code.data or ""} if chosen["code"] else {"password": form.password.data or ""}
    try:
        actions.leave_for_good(actor(), chosen["messages"], at_once=chosen["at_once"], asker=asker(), **proof)
    except (Invalid, Gone) as error:
        return _confirm_page(form, _beside(form, error, "code" if chosen["code"] else "password"))
    forget()
    return wiped(forget_mark(redirect(url_for("leaving.show_gone"), 303)), shared)


def _beside(form: LeaveForGoodForm, error: DomainError, field: str) -> int:
    form.refuse(field, str(error.detail))
    return error.status


@bp.get("/gone")
@public
def show_gone() -> Response:
    """Nobody is signed in any more: what happens now."""
    return _page("show_gone")


__all__ = ["bp", "own", "sent"]
