"""The pages of managers: who works in the house, and what the house says of itself."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from app.accounts.proofs.fresh import needs_fresh_proof
from app.core.errors import DomainError, Invalid, Taken
from app.houses.cards.routes import card_to_print
from app.houses.models import House
from app.houses.queries import house_of_staff
from app.houses.team import actions
from app.houses.team.forms import ColleagueForm, HouseForm, InviteForm, house_said
from app.houses.team.policy import can_change_house, can_change_team
from app.houses.team.queries import colleague_in, colleagues_in
from app.web.filters import use_zone
from app.web.forms import Form
from app.web.guard import actor

bp = Blueprint("team", __name__)
ROLE_NAMES = {"facilitator": _l("Facilitation"), "manager": _l("Gestion")}


def _led_house(slug: str) -> House:
    house = house_of_staff(actor(), slug)
    if not can_change_team(actor()):
        raise actions.not_a_manager()
    use_zone(house.timezone)
    return house


def _page(template: str, house: House, status: int = 200, **values: Any) -> Any:
    back = url_for("team.list_team", slug=house.slug)
    page = render_template(
        f"team/{template}.html", place=house, back=back, roles=ROLE_NAMES, nav_current="home", **values
    )
    return page, status


def _back(house: House, said: str) -> Response:
    flash(said, "done")
    return redirect(url_for("team.list_team", slug=house.slug), 303)


def _refused(form: Form, error: DomainError, instead: str) -> int:
    form.refuse(error.field if error.field and error.field in form else instead, str(error.detail))
    return error.status


@bp.get("/houses/<slug>/team")
def list_team(slug: str) -> Any:
    """Who works here."""
    house = _led_house(slug)
    return _page("list_team", house, colleagues=colleagues_in(house), me=actor().account_id)


@bp.route("/houses/<slug>/team/invite", methods=["GET", "POST"])
def invite(slug: str) -> Any:
    """Somebody new; they are told by mail and come in with a code."""
    house, form = _led_house(slug), InviteForm(data={"role": "facilitator"})
    if request.method == "GET" or not form.validate():
        return _page("invite", house, 422 if form.is_submitted() else 200, form=form)
    try:
        first_card = actions.invite(actor(), slug, form.email.data or "", form.name.data or "", form.role.data)
    except (Invalid, Taken) as error:
        return _page("invite", house, _refused(form, error, "email"), form=form)
    if first_card is not None:
        return card_to_print(first_card, once=True)
    return _back(house, _("L’invitation part tout de suite, ou à 8 h s’il fait nuit."))


@bp.route("/houses/<slug>/team/<account_id>/edit", methods=["GET", "POST"])
def change(slug: str, account_id: str) -> Any:
    """A colleague's name and role."""
    house = _led_house(slug)
    account, post = colleague_in(house, account_id)
    form = ColleagueForm(data={"name": post.name, "role": account.role})
    shown = {"one": account, "called": post.name}
    if request.method == "GET" or not form.validate():
        return _page("change", house, 422 if form.is_submitted() else 200, form=form, **shown)
    try:
        actions.change(actor(), slug, account_id, form.name.data or "", form.role.data)
    except DomainError as error:
        if error.status not in (409, 422):
            raise
        return _page("change", house, _refused(form, error, "role"), form=form, **shown)
    if account_id == actor().account_id and form.role.data != "manager":
        # Who manages no more does not read this list any more.
        return redirect(url_for("pages.home"), 303)
    return _back(house, _("C’est enregistré."))


@bp.route("/houses/<slug>/team/<account_id>/remove", methods=["GET", "POST"])
def remove(slug: str, account_id: str) -> Any:
    """End somebody's work here, after a page that says what ends."""
    house = _led_house(slug)
    account, post = colleague_in(house, account_id)
    if request.method == "POST":
        try:
            actions.remove(actor(), slug, account_id)
        except DomainError as error:
            if error.code != "last_manager":
                raise
            flash(str(error.detail), "warning")
            return redirect(url_for("team.list_team", slug=house.slug), 303)
        if account_id == actor().account_id:
            return redirect(url_for("pages.home"), 303)
        return _back(house, _("Cette personne n’est plus de l’équipe."))
    return _page("remove", house, one=account, called=post.name)


@bp.route("/houses/<slug>/team/<account_id>/proofs", methods=["GET", "POST"])
@needs_fresh_proof()
def reset_proofs(slug: str, account_id: str) -> Any:
    """Let a colleague choose their second step anew, after a page that says what ends."""
    house = _led_house(slug)
    account, post = colleague_in(house, account_id)
    if request.method == "GET":
        return _page("reset_proofs", house, one=account, called=post.name)
    try:
        actions.reset_proofs(actor(), slug, account_id)
    except Taken as error:
        flash(str(error.detail), "warning")
        return redirect(url_for("team.list_team", slug=house.slug), 303)
    return _back(house, _("Cette personne règle une nouvelle étape la prochaine fois qu’elle entre."))


@bp.route("/houses/<slug>/edit", methods=["GET", "POST"])
def change_house(slug: str) -> Any:
    """What the house says of itself."""
    house = house_of_staff(actor(), slug)
    if not can_change_house(actor()):
        raise actions.not_a_manager()
    form = HouseForm(data=house_said(house))
    if request.method == "GET" or not form.validate():
        return _page("change_house", house, 422 if form.is_submitted() else 200, form=form)
    actions.change_house(actor(), slug, form.said)
    flash(_("C’est enregistré."), "done")
    return redirect(url_for("team.change_house", slug=slug), 303)
