"""The pages of presence: a claim's own page to say that one is there, the kiosk's, and the tap of the desk."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from app.accounts.budgets import place_budget
from app.accounts.entrance import asker
from app.core.errors import Gone, Invalid, NotFound, Taken
from app.houses.devices.here import kiosk_here
from app.rooms.presence import actions
from app.rooms.presence import desk as _desk  # noqa: F401 tells the desk who is waited for
from app.rooms.presence import hall as _hall  # noqa: F401 puts a door on the kiosk
from app.rooms.presence.forms import CodeForm, WordForm
from app.rooms.presence.queries import standing_at
from app.web.guard import actor, actor_or_none, public

bp = Blueprint("presence", __name__)


@bp.route("/claims/<claim_id>/here", methods=["GET", "POST"])
@public
def check_in(claim_id: str) -> Any:
    """Say that one is there: a member by a tap, anybody at the door by its code; what is no claim looks the same."""
    found = standing_at(actor_or_none(), claim_id)
    member = found is not None and found.me is not None
    form = CodeForm()
    if not form.is_submitted():
        return _check_in_page(form, member)
    if not member and not form.validate():
        return _check_in_page(form, member, 422)
    try:
        actions.check_in(actor_or_none(), claim_id, form.code.data or "", place=place_budget(asker())[1])
    except (Invalid, Gone) as error:
        if member:
            flash(str(error.detail), "warning")
            return redirect(url_for("rooms.show_claim", claim_id=claim_id), 303)
        form.refuse("code", error.detail)
        return _check_in_page(form, member, error.status)
    if member:
        flash(_("C’est noté : vous êtes là. Bonne rencontre."), "done")
        return redirect(url_for("rooms.show_claim", claim_id=claim_id), 303)
    return render_template("presence/noted.html")


def _check_in_page(form: CodeForm, member: bool, status: int = 200) -> Any:
    return render_template("presence/check_in.html", form=form, member=member, has_errors=status != 200), status


@bp.route("/kiosk/here", methods=["GET", "POST"])
@public
def say_word() -> Any:
    """At a kiosk: type the word of the meeting."""
    here = kiosk_here()
    if here is None:
        raise NotFound()
    form = WordForm()
    if not form.is_submitted() or not form.validate():
        return _word_page(form, 422 if form.is_submitted() else 200)
    try:
        actions.say_word(here.house, form.word.data or "", place=place_budget(asker())[1])
    except (Invalid, Gone) as error:
        form.refuse("word", error.detail)
        return _word_page(form, error.status)
    flash(_("C’est noté : vous êtes là. Bonne rencontre."), "done")
    return redirect(url_for("devices.show_kiosk"), 303)


def _word_page(form: WordForm, status: int) -> Any:
    return render_template("presence/say_word.html", form=form, has_errors=status != 200), status


@bp.post("/desk/claims/<claim_id>/here")
def they_are_here(claim_id: str) -> Any:
    """One of the team sees them."""
    try:
        undone = actions.they_are_here(actor(), claim_id)
    except (Taken, Gone) as error:
        flash(str(error.detail), "warning")
    else:
        flash(_("La salle est de nouveau au club.") if undone else _("C’est noté : ils sont là."), "done")
    return redirect(url_for("desk.show_desk"), 303)
