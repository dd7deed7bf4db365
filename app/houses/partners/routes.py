"""The pages of partners: for everybody, for the managers of a house, for who becomes an adviser."""

from typing import Any

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.accounts.entrance import asker
from app.core.errors import Invalid, NotAllowed, Taken
from app.core.sealed import seal, unseal
from app.houses.models import House
from app.houses.partners import actions, advisers, queries
from app.houses.partners.forms import AdviserForm, PartnerForm
from app.houses.partners.models import Partner
from app.houses.partners.parts import parts_above, parts_below
from app.houses.partners.policy import can_become_adviser
from app.houses.ways import drawn_ways
from app.web.filters import use_zone
from app.web.guard import actor, actor_or_none, public

bp = Blueprint("partners", __name__)


def _page(template: str, status: int = 200, **values: Any) -> Response:
    page = render_template(f"partners/{template}.html", drawn_ways=drawn_ways, nav_current="home", **values)
    answer = make_response(page, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.get("/partners")
@public
def list_partners() -> Response:
    """Who helps here, in plain words."""
    return _page("list_partners", found=queries.shown_partners(), parts=parts_above(actor_or_none()))


@bp.get("/partners/<partner_id>")
@public
def show_partner(partner_id: str) -> Response:
    """One of them, with what the floors above put there."""
    partner, house = queries.shown_partner(partner_id)
    use_zone(house.timezone)
    parts = parts_below(actor_or_none(), partner)
    return _page("show_partner", partner=partner, place=house, parts=parts)


@bp.get("/houses/<slug>/partners")
def keep_partners(slug: str) -> Response:
    """The partners of a house, hidden ones too, and who gives advice for them."""
    house = actions.kept_house(actor(), slug)
    use_zone(house.timezone)
    found = queries.partners_of(house)
    code = (unseal(str(session.pop("adviser_code", ""))) or "").partition(":")
    shown = {"advisers": queries.advisers_of(found), "code": code, "base_url": current_app.config["BASE_URL"]}
    return _page("keep_partners", place=house, found=found, **shown)


@bp.route("/houses/<slug>/partners/new", methods=["GET", "POST"])
def add_partner(slug: str) -> Response:
    """A new one."""
    house, form = actions.kept_house(actor(), slug), PartnerForm()
    if request.method == "GET" or not form.validate():
        return _page("change_partner", 422 if form.is_submitted() else 200, place=house, form=form, partner=None)
    actions.add_partner(actor(), slug, form.said)
    return _back(house, _("C’est enregistré."))


@bp.route("/houses/<slug>/partners/<partner_id>/edit", methods=["GET", "POST"])
def change_partner(slug: str, partner_id: str) -> Response:
    """What is said of one."""
    house = actions.kept_house(actor(), slug)
    partner = queries.partner_in(house, partner_id)
    form = PartnerForm(data=_said_of(partner))
    if request.method == "GET" or not form.validate():
        return _page("change_partner", 422 if form.is_submitted() else 200, place=house, form=form, partner=partner)
    actions.change_partner(actor(), slug, partner_id, form.said)
    return _back(house, _("C’est enregistré."))


def _said_of(partner: Partner) -> dict[str, Any]:
    names = ("name", "sentence", "about", "place", "link", "needs", "ways")
    return {**{name: getattr(partner, name) for name in names}, "lang": partner.languages}


def _back(house: House, said: str = "") -> Response:
    if said:
        flash(said, "done")
    return redirect(url_for("partners.keep_partners", slug=house.slug), 303)


@bp.post("/houses/<slug>/partners/<partner_id>/hide")
def hide_partner(slug: str, partner_id: str) -> Response:
    """Hide it, or show it again (``hidden`` is 1 or 0)."""
    house, hidden = actions.kept_house(actor(), slug), request.form.get("hidden") != "0"
    actions.hide_partner(actor(), slug, partner_id, hidden=hidden)
    return _back(house, _("Ce partenaire n’est plus affiché.") if hidden else _("Ce partenaire est affiché."))


@bp.post("/houses/<slug>/partners/<partner_id>/advisers")
def invite_adviser(slug: str, partner_id: str) -> Response:
    """A code for one adviser, shown once on the next page."""
    house = actions.kept_house(actor(), slug)
    code = advisers.make_code(actor(), slug, partner_id)
    session["adviser_code"] = seal(f"{partner_id}:{code}")
    return _back(house)


@bp.post("/houses/<slug>/partners/<partner_id>/advisers/<adviser_id>/remove")
def remove_adviser(slug: str, partner_id: str, adviser_id: str) -> Response:
    """Somebody gives no more advice."""
    house = actions.kept_house(actor(), slug)
    advisers.remove_adviser(actor(), slug, partner_id, adviser_id)
    return _back(house, _("Cette personne ne voit plus les rendez-vous."))


@bp.route("/advisers", methods=["GET", "POST"])
def become_adviser() -> Response:
    """Who has a code gives advice for a partner from now on."""
    form = AdviserForm()
    if not can_become_adviser(actor()):
        raise NotAllowed()
    if request.method == "GET" or not form.validate():
        return _page("become_adviser", 422 if form.is_submitted() else 200, form=form)
    try:
        partner_id = advisers.become_adviser(actor(), form.code.data, form.name.data, asker())
    except (Invalid, Taken) as error:
        form.refuse(error.field or "code", str(error.detail))
        return _page("become_adviser", error.status, form=form)
    flash(_("C’est fait. Vous pouvez publier des heures de conseil."), "done")
    return redirect(url_for("advice.plan_hours", partner_id=partner_id), 303)
