"""The pages of evenings with a condition: the team sets and lifts it; leads say who is known to the team."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app.core.errors import DomainError
from app.rooms.evenings import actions, holders
from app.rooms.evenings.forms import HolderForm, RuleForm
from app.rooms.evenings.queries import is_known, number_of_clubs, standing_on, undecided_rule_of
from app.rooms.evenings.show import shown_rule
from app.rooms.queries import Booked, claim_for
from app.rooms.staff.pages import back_to_rooms, house_here, page
from app.web.filters import use_zone
from app.web.guard import actor

bp = Blueprint("evenings", __name__)


@bp.route("/houses/<slug>/evenings/new", methods=["GET", "POST"])
def set_rule(slug: str) -> Any:
    """Evenings that open only if enough clubs commit."""
    house, form = house_here(slug), RuleForm()
    if request.method == "GET" or not form.validate():
        return page("evenings/set_rule", house, 422 if form.is_submitted() else 200, form=form)
    try:
        found = actions.set_rule(actor(), slug, form.condition)
    except DomainError as error:
        if not error.field:
            raise
        form.refuse(error.field, str(error.detail))
        return page("evenings/set_rule", house, error.status, form=form)
    said = ngettext("%(num)s soir attend des clubs.", "%(num)s soirs attendent des clubs.", len(found))
    return back_to_rooms(house, str(said))


@bp.route("/houses/<slug>/evenings/<rule_id>/lift", methods=["GET", "POST"])
def lift_rule(slug: str, rule_id: str) -> Any:
    """Let it open whoever comes, after a page that says what happens."""
    house_here(slug)
    house, rule = undecided_rule_of(actor(), slug, rule_id)
    if request.method == "POST":
        actions.lift_rule(actor(), slug, rule_id)
        return back_to_rooms(house, _("Ce soir-là ouvre, sans condition."))
    booked = number_of_clubs(standing_on(house, rule.day))
    return page("evenings/lift_rule", house, rule=shown_rule(rule, house, booked), booked=booked)


@bp.route("/claims/<claim_id>/key", methods=["GET", "POST"])
def say_holder(claim_id: str) -> Any:
    """Who agreed to be known to the team for this evening."""
    booked = claim_for(actor(), claim_id)
    holders.check_may_say(booked)
    form = HolderForm()
    form.ask_holder(evening=True)
    if request.method == "GET" or not form.validate():
        return _holder_page(booked, form)
    holders.say_holder(actor(), claim_id, form.holder_said)
    flash(_("C’est enregistré. L’équipe seule le lit."), "done")
    return _to_claim(claim_id)


def _holder_page(booked: Booked, form: HolderForm) -> Any:
    use_zone(booked.house.timezone)
    known = is_known(booked.claim.id)
    if known and not form.is_submitted():
        # "Later" would erase the name that is there: nobody does that by pressing the button alone.
        form.holder.data = "known"
    page = render_template("evenings/say_holder.html", form=form, booked=booked, claim=booked.claim, known=known)
    return page, 422 if form.is_submitted() else 200


def _to_claim(claim_id: str) -> Response:
    return redirect(url_for("rooms.show_claim", claim_id=claim_id), 303)
